import { bool, escapedText, EVERY_RECORD, int64, oneOf, text, type FieldRow, type ValueRule } from './fieldRow';
import { PUBLIC_HOST, PUBLIC_HTTP_PATH, PUBLIC_LABEL, PUBLIC_WORD } from './publicLabel';
import { local } from './recordField';
import type { DriverConfiguration } from '../connection';

const LOG = 'entry.sql_driver_log';
const SYSTEM = `${LOG}.system_configuration`;
const PARAMS = `${LOG}.driver_connection_params`;

const WORDS = /^[\w.+@/ -]+$/;
/** One word, so that neither a path nor an argument of a command line fits. */
const WORD = /^[\w.+@~#-]+$/;
const PORT = int64(1, 65_535);

/** What the local fields are and mean. A receiver that does not name it gets none of them. */
export const LOCAL_VERSION = 1;

type Fact = keyof DriverConfiguration;

/** A field of session records that is known for every connection. */
function always(path: string, rule: ValueRule, name: Fact, description: string): FieldRow {
  return { ...sometimes(path, rule, name, description), required: true };
}

/** A field of session records that some connections have. */
function sometimes(path: string, rule: ValueRule, name: Fact, description: string): FieldRow {
  const source = { from: 'connection', at: `driverConfig.${name}` } as const;
  return { path, rule, scope: 'All', records: ['connection'], source, description };
}

/** A field of session records that also stands on every record without credentials. */
function minimalFact(path: string, rule: ValueRule, name: Fact, description: string): FieldRow {
  return { ...always(path, rule, name, description), unauthenticated: EVERY_RECORD };
}

const OF_EVERY_RECORD: readonly FieldRow[] = [
  {
    path: 'workspace_id',
    rule: { type: 'int64 digits', pattern: /^[1-9]\d*$/, maxLength: 18 },
    scope: 'All',
    records: EVERY_RECORD,
    source: { from: 'connection', at: 'workspaceId' },
    description: 'Workspace, from the HTTP path of the connection; absent when that does not name it.',
  },
  {
    path: 'context.client_context.user_agent',
    rule: escapedText(PUBLIC_LABEL, 512),
    scope: 'All',
    records: EVERY_RECORD,
    source: { from: 'connection', at: 'origin.userAgent' },
    description: 'User agent of the driver.',
  },
];

const SYSTEM_CONFIGURATION: readonly FieldRow[] = [
  minimalFact(`${SYSTEM}.driver_version`, text(WORD, 64), 'driverVersion', 'Version of the driver.'),
  minimalFact(`${SYSTEM}.driver_name`, text(WORDS, 64), 'driverName', 'Name of the driver.'),
  minimalFact(`${SYSTEM}.runtime_name`, text(WORDS, 64), 'runtimeName', 'Name of the JavaScript runtime.'),
  minimalFact(`${SYSTEM}.runtime_version`, text(WORD, 64), 'runtimeVersion', 'Version of the JavaScript runtime.'),
  always(`${SYSTEM}.runtime_vendor`, text(WORDS, 64), 'runtimeVendor', 'Maker of the JavaScript runtime.'),
  minimalFact(`${SYSTEM}.os_name`, text(WORDS, 64), 'osName', 'Name of the operating system.'),
  always(`${SYSTEM}.os_version`, text(WORD, 128), 'osVersion', 'Release of the operating system.'),
  always(`${SYSTEM}.os_arch`, text(WORD, 32), 'osArch', 'Processor architecture.'),
  sometimes(
    `${SYSTEM}.client_app_name`,
    escapedText(PUBLIC_LABEL, 128),
    'clientAppName',
    'What the application calls itself (`userAgentEntry`).',
  ),
  sometimes(`${SYSTEM}.locale_name`, text(WORD, 32), 'localeName', 'Locale of the process.'),
  always(`${SYSTEM}.char_set_encoding`, text(WORD, 32), 'charSetEncoding', 'Character encoding of the process.'),
  sometimes(
    `${SYSTEM}.process_name`,
    text(PUBLIC_WORD, 64),
    'processName',
    'Name of the script file that runs, without its path and extension.',
  ),
];

const CONNECTION_PARAMETERS: readonly FieldRow[] = [
  always(`${LOG}.auth_type`, oneOf('auth_type'), 'authType', 'How the connection authenticates.'),
  always(
    `${PARAMS}.http_path`,
    text(PUBLIC_HTTP_PATH, 256),
    'httpPath',
    'HTTP path of the warehouse or cluster; of its query only the organisation.',
  ),
  always(`${PARAMS}.mode`, oneOf('mode'), 'mode', 'Protocol of the connection; the kernel backend is SEA.'),
  always(`${PARAMS}.host_info.host_url`, text(PUBLIC_HOST, 256), 'hostUrl', 'Host of the workspace.'),
  always(`${PARAMS}.host_info.port`, PORT, 'port', 'Port of the workspace.'),
  always(`${PARAMS}.use_proxy`, bool, 'useProxy', 'Whether the connection uses a proxy.'),
  sometimes(`${PARAMS}.proxy_host_info.host_url`, text(PUBLIC_HOST, 256), 'proxyHost', 'Host of the proxy.'),
  sometimes(`${PARAMS}.proxy_host_info.port`, PORT, 'proxyPort', 'Port of the proxy.'),
  always(`${PARAMS}.auth_mech`, oneOf('auth_mech'), 'authMech', 'Kind of credentials.'),
  sometimes(`${PARAMS}.auth_flow`, oneOf('auth_flow'), 'authFlow', 'How an OAuth token is obtained.'),
  always(`${PARAMS}.enable_arrow`, bool, 'arrowEnabled', 'Whether results may come as Arrow.'),
  always(
    `${PARAMS}.enable_direct_results`,
    bool,
    'directResultsEnabled',
    'Whether a small result may come with the answer to the submission.',
  ),
  {
    ...always(`${PARAMS}.socket_timeout`, int64(), 'socketTimeoutSeconds', 'Socket timeout of the connection.'),
    unit: 's',
  },
  {
    ...always(
      `${PARAMS}.async_poll_interval_millis`,
      int64(),
      'asyncPollIntervalMs',
      'Time between two status requests.',
    ),
    unit: 'ms',
  },
  {
    ...always(
      `${PARAMS}.rows_fetched_per_block`,
      int64(),
      'rowsFetchedPerBlock',
      'Most rows in one page of an inline result.',
    ),
    unit: 'count',
  },
  always(
    `${PARAMS}.enable_metric_view_metadata`,
    bool,
    'metricViewMetadataEnabled',
    'Whether metadata calls tell metric views apart.',
  ),
  always(
    `${PARAMS}.enable_complex_datatype_support`,
    bool,
    'complexTypesEnabled',
    'Whether complex types come as Arrow types.',
  ),
  always(
    `${PARAMS}.allow_self_signed_support`,
    bool,
    'selfSignedAllowed',
    'Whether a certificate that does not verify is accepted.',
  ),
  {
    path: `${PARAMS}.query_tags`,
    rule: text(/^$/, 0),
    scope: 'None',
    records: ['connection'],
    source: { from: 'nowhere' },
    description: 'Never sent: free text of the application.',
  },
];

const LOCAL: readonly FieldRow[] = [
  {
    path: 'version',
    rule: int64(),
    scope: 'Local',
    records: EVERY_RECORD,
    required: true,
    source: { from: 'constant', value: LOCAL_VERSION },
    description: 'Version of the local fields.',
  },
  local({
    ...sometimes(
      'service',
      escapedText(PUBLIC_LABEL, 128),
      'serviceName',
      'What the application calls itself (`telemetryServiceName`), else `userAgentEntry`, else the name of the script.',
    ),
    records: EVERY_RECORD,
  }),
  local(always('processId', text(/^[\da-f-]+$/, 36), 'processId', 'Random id of the process.')),
  local(always('libraryVersion', text(WORD, 64), 'libraryVersion', 'Version of this library.')),
  local(always('cloudFetchEnabled', bool, 'cloudFetchEnabled', 'Whether CloudFetch is on.')),
  local(always('lz4Enabled', bool, 'lz4Enabled', 'Whether results may be compressed with LZ4.')),
  local(always('retryMaxAttempts', int64(), 'retryMaxAttempts', 'Most attempts of one request of the driver.')),
  local(milliseconds('retryTimeout', 'retryTimeoutMs', 'Time after which the driver repeats no request.')),
  local(milliseconds('retryDelayMin', 'retryDelayMinMs', 'Shortest pause before a request is repeated.')),
  local(milliseconds('retryDelayMax', 'retryDelayMaxMs', 'Longest pause before a request is repeated.')),
  local(
    always(
      'cloudFetchConcurrentDownloads',
      int64(),
      'cloudFetchConcurrentDownloads',
      'Most CloudFetch files downloaded at once.',
    ),
  ),
];

function milliseconds(path: string, name: Fact, description: string): FieldRow {
  return { ...always(path, int64(), name, description), unit: 'ms' };
}

/** Fields that describe the connection: constant while it lives. */
export const FIELDS_OF_CONNECTION: readonly FieldRow[] = [
  ...OF_EVERY_RECORD,
  ...SYSTEM_CONFIGURATION,
  ...CONNECTION_PARAMETERS,
  ...LOCAL,
];
