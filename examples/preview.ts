/*
 * What does telemetry send about me? This shows the exact requests and makes none of them.
 *
 *   npm run preview
 *
 * Runs against a workspace on this machine, or against yours when DATABRICKS_HOST, DATABRICKS_HTTP_PATH and
 * DATABRICKS_TOKEN are set: then the queries go there, and still nothing of telemetry does.
 */
import { startLocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions, type TelemetryPreview } from 'databricks-sql-telemetry';

/** A query that succeeds, and one that fails. */
async function work(client: DBSQLClient): Promise<void> {
  const session = await client.openSession();
  const operation = await session.executeStatement('SELECT id, id * 2 AS twice FROM range(1000) AS t(id)');
  await operation.fetchAll();
  await operation.close();
  const failing = await session.executeStatement('SELECT * FROM no_such_table');
  await failing.fetchAll().catch(() => undefined);
  await session.close();
}

function render({ method, url, headers, body }: TelemetryPreview): string {
  const { protoLogs, ...envelope } = JSON.parse(body) as { protoLogs: string[] };
  const logs = protoLogs.map((log) => JSON.stringify(JSON.parse(log), undefined, 2));
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...head, '', JSON.stringify(envelope), ...logs, ''].join('\n');
}

async function main(): Promise<void> {
  const { DATABRICKS_HOST: host, DATABRICKS_HTTP_PATH: path, DATABRICKS_TOKEN: token } = process.env;
  const own = host !== undefined && path !== undefined && token !== undefined ? { host, path, token } : undefined;
  const workspace = own === undefined ? await startLocalWorkspace() : undefined;
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  try {
    await client.connect({
      ...(own ?? workspace?.connectionOptions),
      telemetryEnabled: true,
      telemetryDryRun: (preview: TelemetryPreview) => process.stdout.write(`${render(preview)}\n`),
    } as ConnectionOptions);
    await work(client);
    await client.close();
    const made = workspace?.received.requests().filter(({ route }) => route !== 'thrift').length;
    if (made !== undefined) process.stdout.write(`Requests of telemetry that were made: ${made}\n`);
  } finally {
    await workspace?.close();
  }
}

void main();
