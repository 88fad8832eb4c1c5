import { startLocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions } from 'databricks-sql-telemetry';

export const EXAMPLES = ['session', 'statement', 'error', 'anonymous'] as const;
export type ExampleName = (typeof EXAMPLES)[number];
export type Examples = Readonly<Record<ExampleName, unknown>>;

const ORGANISATION = '1234567890123456';

/** What stands in the documentation for values that differ from machine to machine. */
const TYPICAL: Readonly<Record<string, unknown>> = {
  host_url: 'dbc-a1b2c3d4-e5f6.cloud.databricks.com',
  port: 443,
  http_path: `/sql/1.0/warehouses/1a2b3c4d5e6f7a8b?o=${ORGANISATION}`,
  os_version: '6.8.0-51-generic',
  process_name: 'report',
  locale_name: 'en_US',
};

interface Log {
  readonly entry: { readonly sql_driver_log: Record<string, unknown> };
}

function typical(value: unknown, name?: string): unknown {
  if (name !== undefined && name in TYPICAL) return TYPICAL[name];
  if (name === 'user_agent')
    return String(value).replace(/Linux \S+?(?=[;)])/, `Linux ${String(TYPICAL['os_version'])}`);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typical(inner, key)]));
}

/** One record of each kind, as a workspace received it from a real run. */
export async function captureExamples(): Promise<Examples> {
  const workspace = await startLocalWorkspace({
    orgId: ORGANISATION,
    cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 19 },
  });
  try {
    const run = async (telemetryAuthenticatedExport: boolean): Promise<Log[]> => {
      workspace.received.clear();
      await work({
        ...workspace.connectionOptions,
        userAgentEntry: 'nightly-report',
        telemetryEnabled: true,
        telemetryAuthenticatedExport,
      } as ConnectionOptions);
      return workspace.received.telemetryLogs().map(({ log }) => typical(log) as Log);
    };
    const [authenticated, anonymous] = [await run(true), await run(false)];
    return {
      session: find(authenticated, (log) => 'system_configuration' in log),
      statement: find(authenticated, (log) => JSON.stringify(log).includes('EXTERNAL_LINKS')),
      error: find(authenticated, (log) => 'error_info' in log),
      anonymous: find(anonymous, (log) => JSON.stringify(log).includes('EXECUTE_STATEMENT')),
    };
  } finally {
    await workspace.close();
  }
}

/** A result in several files, and a statement that fails. */
async function work(options: ConnectionOptions): Promise<void> {
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  await client.connect(options);
  const session = await client.openSession();
  const operation = await session.executeStatement('SELECT id, id * 2 AS n FROM range(100000) AS t(id)');
  await operation.fetchAll();
  await operation.close();
  const failing = await session.executeStatement('SELECT * FROM no_such_table');
  await failing.fetchAll().catch(() => undefined);
  await session.close();
  await client.close();
}

function find(logs: readonly Log[], isWanted: (log: Record<string, unknown>) => boolean): Log {
  const found = logs.find((log) => isWanted(log.entry.sql_driver_log));
  if (found === undefined) throw new Error('The run left no such record');
  return found;
}

/** What must not change unnoticed: names, order, types, and all values of a closed set. */
export function shapeOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return /^[A-Z_]+$/.test(value) ? value : 'string';
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]);
}
