#!/usr/bin/env node
/*
 * npx databricks-sql-telemetry doctor | preview
 *
 * The command line of the library: what is wrong with telemetry, and what it would send. Loads the library as an
 * application does.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { examine, render } from './explain/doctor/doctor';
import { settingsOf, type Settings } from './explain/doctor/settings';
import type { DoctorClient } from './explain/doctor/workspace';
import { renderPreview } from './explain/preview';
import { DBSQLClient, type ClientOptions, type ConnectionOptions } from './index';
import { driverVersion, libraryVersion } from './observe/connection/driverPackage';
import { environmentRefusals } from './observe/connection/refusals';
import { runtime } from './observe/connection/runtime';

const USAGE = `Usage: databricks-sql-telemetry <verb> [options]

  doctor    looks at everything between this process and the workspace, and at what telemetry needs: one query, one batch
            of telemetry about it. Exit status 1 when something is broken.
  preview   shows what telemetry would send of two queries, and sends nothing of it.

Options (in their place: environment variables):
  --host <name>       DATABRICKS_SERVER_HOSTNAME or DATABRICKS_HOST
  --path <path>       DATABRICKS_HTTP_PATH
  --token <token>     DATABRICKS_TOKEN, which is better: a command line can be read by everybody on this machine
  --port <number>     DATABRICKS_PORT (default: 443)
  --endpoint <url>    a collector of your own: DATABRICKS_TELEMETRY_ENDPOINT
  --endpoint-token <token>
                      its token: DATABRICKS_TELEMETRY_ENDPOINT_TOKEN
  --proxy <url>       a proxy on the way to the workspace: HTTPS_PROXY, ALL_PROXY, HTTP_PROXY; NO_PROXY
  --json              findings as JSON (doctor)
  --help, --version`;

const OPTIONS = {
  host: { type: 'string' },
  path: { type: 'string' },
  token: { type: 'string' },
  port: { type: 'string' },
  endpoint: { type: 'string' },
  'endpoint-token': { type: 'string' },
  proxy: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** A client that says nothing on its own. */
function quietClient(options: ClientOptions = {}): DBSQLClient {
  return new DBSQLClient({ ...options, logger: { log: () => undefined } });
}

function connectionOptions({ host, port, path, token, endpoint, endpointToken, proxy }: Settings): ConnectionOptions {
  return {
    ...(proxy === undefined ? {} : { proxy }),
    host,
    port,
    path,
    token,
    telemetryEnabled: true,
    ...(endpoint === undefined ? {} : { telemetryEndpoint: endpoint }),
    ...(endpointToken === undefined ? {} : { telemetryEndpointToken: endpointToken }),
  };
}

async function run(client: DBSQLClient, sql: string): Promise<void> {
  const session = await client.openSession();
  try {
    const operation = await session.executeStatement(sql);
    await operation.fetchAll();
    await operation.close();
  } finally {
    await session.close();
  }
}

/** One attempt of each request: whoever waits for a finding does not want to wait for a recovery. */
function doctorClient(settings: Settings): DoctorClient {
  const client = quietClient({ telemetryMaxRetries: 0 });
  return {
    connect: () => client.connect(connectionOptions(settings)),
    query: () => run(client, 'SELECT 1'),
    flush: () => client.flushTelemetry({ deadlineMs: 15_000 }),
    close: () => client.close(),
    explain: () => client.explainTelemetry(),
  };
}

async function doctor(values: Values): Promise<number> {
  const findings = await examine(values, {
    env: process.env,
    runtime: runtime(),
    driverVersion,
    optOuts: environmentRefusals(process.env),
    clientOf: doctorClient,
  });
  const isBroken = findings.some(({ state }) => state === 'broken');
  const text = values.json ? JSON.stringify({ ok: !isBroken, findings }, undefined, 2) : render(findings);
  print(text);
  return isBroken ? 1 : 0;
}

/** A query that succeeds, and one that fails. */
async function preview(values: Values): Promise<number> {
  const { settings, finding } = settingsOf(values, process.env);
  if (settings === undefined) {
    process.stderr.write(`${finding.says} ${finding.advice ?? ''}\n`);
    return 1;
  }
  const client = quietClient({ telemetryDryRun: (request) => print(renderPreview(request)) });
  await client.connect(connectionOptions(settings));
  await run(client, 'SELECT id, id * 2 AS twice FROM range(1000) AS t(id)');
  await run(client, 'SELECT * FROM no_such_table').catch(() => undefined);
  await client.close();
  return 0;
}

/** `text` as it may be printed: no token is in it, whether the command line or the environment gave it. */
function withoutTokens(text: string): string {
  const { values } = parseArgs({ options: OPTIONS, allowPositionals: true, strict: false });
  const { DATABRICKS_TOKEN, DATABRICKS_TELEMETRY_ENDPOINT_TOKEN } = process.env;
  const tokens = [values.token, values['endpoint-token'], DATABRICKS_TOKEN, DATABRICKS_TELEMETRY_ENDPOINT_TOKEN];
  return tokens.reduce<string>(
    (rest, token) => (typeof token === 'string' && token !== '' ? rest.replaceAll(token, '<token>') : rest),
    text,
  );
}

function print(text: string): void {
  process.stdout.write(`${withoutTokens(text)}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [verb, ...surplus] = positionals;
  if (values.version) {
    process.stdout.write(`${libraryVersion}\n`);
    return 0;
  }
  if (verb === 'doctor' && surplus.length === 0 && !values.help) return doctor(values);
  if (verb === 'preview' && surplus.length === 0 && !values.help) return preview(values);
  const isAsked = values.help === true;
  (isAsked ? process.stdout : process.stderr).write(`${USAGE}\n`);
  return isAsked ? 0 : 1;
}

// Only the program itself runs; whoever loads the file gets nothing.
if (require.main === module) {
  main().then(
    // A query that hangs would keep the process alive.
    (status) => process.exit(status),
    (thrown: unknown) => {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      process.stderr.write(`${withoutTokens(message)}\n`);
      process.exit(1);
    },
  );
}
