import { InvalidArgumentError, Option } from 'commander';

const PREFIX = 'TELEMETRY_COLLECTOR_';
const GATEWAY_PREFIX = 'TELEMETRY_GATEWAY_';

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Not a number.');
  return value;
}

/** `1a2b=serving-s,9c0d=batch-m` */
function namesById(text: string): Record<string, string> {
  const pairs = names(text).map((pair) => pair.split(/=(.*)/s, 2));
  if (pairs.some(([id, name]) => !id || !name)) throw new InvalidArgumentError('Not id=name,id=name.');
  return Object.fromEntries(pairs as [string, string][]);
}

/** Whether the value of `option` is a number. */
export const isNumber = ({ parseArg }: Option): boolean => parseArg === number;

const names = (text: string): string[] => text.split(',').map((name) => name.trim());

/** An option that is also an environment variable: `--retention-days`, `TELEMETRY_COLLECTOR_RETENTION_DAYS`. */
function option(flags: string, description: string, parse?: (text: string) => unknown, prefix = PREFIX): Option {
  const made = new Option(flags, description);
  const name = made.long?.slice(2).toUpperCase().replaceAll('-', '_') ?? '';
  made.env(prefix + name);
  if (parse !== undefined) made.argParser(parse);
  return made;
}

/** The same for the gateway: `--upstream`, `TELEMETRY_GATEWAY_UPSTREAM`. */
const gatewayOption = (flags: string, description: string, parse?: (text: string) => unknown): Option =>
  option(flags, description, parse, GATEWAY_PREFIX);

/** What `serve` takes. A configuration file may hold the same names, in camel case. */
export const SERVE_OPTIONS = (): Option[] => [
  option('--host <address>', 'address to bind (default: 127.0.0.1); others need tokens'),
  option('--port <number>', 'port to listen on (default: 4300; 0: any)', number),
  option('--data <folder>', 'folder of the data (default: ./telemetry-data)'),
  option('--store <engine>', 'duckdb (default), clickhouse or databricks'),
  option('--clickhouse-url <url>', 'address of ClickHouse, e.g. https://clickhouse.example.com:8443'),
  option('--clickhouse-database <name>', 'its database (default: default)'),
  option('--clickhouse-user <name>', 'its user (default: default)'),
  option('--clickhouse-password-file <file>', `file with the password; or ${PREFIX}CLICKHOUSE_PASSWORD`),
  option('--databricks-host <name>', 'workspace of the warehouse that keeps the statements'),
  option('--databricks-port <number>', 'its port (default: 443)', number),
  option('--databricks-path <path>', 'HTTP path of the warehouse'),
  option('--databricks-token-file <file>', `file with the token; or ${PREFIX}DATABRICKS_TOKEN`),
  option('--databricks-ca <file>', 'authorities (PEM) to trust beside the usual ones'),
  option('--databricks-schema <catalog.schema>', 'where the tables are'),
  option('--databricks-volume <path>', 'volume for files on their way (default: telemetry_collector in that schema)'),
  option('--retention-days <days>', 'days that statements are kept (default: 30)', number),
  option('--retention-bytes <bytes>', 'bytes of older days that are kept', number),
  option('--recent-days <days>', 'days before statements become Parquet (default: 2)', number),
  option('--send-token-file <file>', 'tokens for sending, one a line; read again when it changes'),
  option('--read-token-file <file>', 'tokens for reading'),
  option('--admin-token-file <file>', 'tokens for steering'),
  option('--tls-cert <file>', 'certificate (PEM) to serve with; read again when it changes'),
  option('--tls-key <file>', 'its private key (PEM)'),
  option('--allowed-hosts <names>', 'names under which it is reached, separated by commas; *: any', names),
  option('--warehouse-names <id=name,…>', 'what the page calls warehouses, by their ids', namesById),
  option('--max-body-bytes <bytes>', 'largest body as it is sent (default: 4 MiB)', number),
  option('--max-decoded-bytes <bytes>', 'largest body after decompression (default: 4 MiB)', number),
  option('--max-held-bytes <bytes>', 'all bodies that are being read, together (default: 256 MiB)', number),
  option('--journal-max-bytes <bytes>', 'bytes that may wait for the store (default: 1 GiB)', number),
  option('--max-connections <number>', 'connections at a time (default: 2000)', number),
  option('--requests-per-second <number>', 'requests of one address (default: 2000)', number),
  option('--request-timeout-ms <ms>', 'time for a request to arrive (default: 30000)', number),
  option('--question-timeout-ms <ms>', 'time for an answer of the API (default: 60000)', number),
  option('--store-timeout-ms <ms>', 'time for a store elsewhere to do what it is asked (default: 300000)', number),
  option('--memory-mb <megabytes>', 'memory of the database (default: 512)', number),
  option('--threads <number>', 'threads of the database (default: 2)', number),
  option('--history-host <name>', 'workspace whose query history is asked for; needs @databricks/sql'),
  option('--history-path <path>', 'HTTP path of the warehouse that is asked'),
  option('--history-token-file <file>', `file with the token for it; or ${PREFIX}HISTORY_TOKEN`),
  option('--history-table <name>', 'the history, or a view of it (default: system.query.history)'),
  option('--history-interval-minutes <minutes>', 'between two questions (default: 15)', number),
  option('--otlp-endpoint <url>', 'base of an OTLP/HTTP receiver for spans and metrics'),
  option('--otlp-headers-file <file>', `file with headers for it (name=value a line); or ${PREFIX}OTLP_HEADERS`),
  option('--config <file>', 'YAML or JSON with these options'),
];

/** What `gateway` takes. A configuration file may hold the same names, in camel case. */
export const GATEWAY_OPTIONS = (): Option[] => [
  gatewayOption('--upstream <origin>', 'the workspace, e.g. https://example.cloud.databricks.com'),
  gatewayOption('--upstream-ca <file>', 'authorities (PEM) to trust for it, in place of the usual ones'),
  gatewayOption('--telemetry <mode>', 'keep: stays at home (the default); copy: the workspace gets it too'),
  gatewayOption('--host <address>', 'address to bind (default: 127.0.0.1); others need a certificate'),
  gatewayOption('--port <number>', 'port to listen on (default: 4443; 0: any)', number),
  gatewayOption('--tls-cert <file>', 'certificate (PEM) to serve with; drivers expect one'),
  gatewayOption('--tls-key <file>', 'its private key (PEM)'),
  gatewayOption('--collector <origin>', 'a collector that runs already; without it one is started here'),
  gatewayOption('--collector-token-file <file>', `file with its sending token; or ${GATEWAY_PREFIX}COLLECTOR_TOKEN`),
  gatewayOption('--collector-ca <file>', 'authorities (PEM) to trust for it'),
  gatewayOption('--collector-port <number>', 'port of the collector that is started here (default: 4300)', number),
  gatewayOption('--data <folder>', 'folder of its data (default: ./telemetry-data)'),
  gatewayOption('--retention-days <days>', 'days that it keeps statements (default: 30)', number),
  gatewayOption('--max-connections <number>', 'connections of clients at a time (default: 1000)', number),
  gatewayOption('--request-timeout-ms <ms>', 'time for a request to arrive (default: 300000)', number),
  gatewayOption('--connect-timeout-ms <ms>', 'time to connect to the workspace (default: 10000)', number),
  gatewayOption('--idle-timeout-ms <ms>', 'time without a byte in either direction (default: 900000)', number),
  gatewayOption(
    '--max-copy-bytes <bytes>',
    'what copies may hold that wait for the collector (default: 64 MiB)',
    number,
  ),
  gatewayOption('--config <file>', 'YAML or JSON with these options'),
];

/** What the verbs take that ask a running collector. The token comes from a file or from the environment. */
export const CLIENT_OPTIONS = (): Option[] => [
  option('--url <address>', 'address of the collector').default('http://127.0.0.1:4300'),
  option('--token-file <file>', `file with a token; or ${PREFIX}TOKEN`),
];
