// What the library adds to the driver's types, and what it must not accept.
import {
  DBSQLClient,
  TelemetryEventType,
  type ClientConfig,
  type ClientOptions,
  type ConnectionOptions,
  type StatementOutcome,
  type TelemetryStats,
} from 'databricks-sql-telemetry';

const where = { host: 'workspace.test', path: '/sql/1.0/warehouses/abc', token: 'token' };
const defaults: ClientOptions = { telemetryEnabled: true, telemetryBatchSize: 10, telemetryLogLevel: 'WARN' };
const client = new DBSQLClient(defaults);

export async function use(): Promise<TelemetryStats | undefined> {
  const options: ConnectionOptions = { ...where, telemetryEnabled: true, telemetryFlushOnExit: false };
  await client.connect(options);
  const session = await client.openSession({ initialCatalog: 'main', telemetryEnabled: false });
  await session.executeStatement('SELECT 1', { telemetryEnabled: false, maxRows: 1 });
  await session.getTables({ tableName: '%', telemetryEnabled: false });
  await client.flushTelemetry({ deadlineMs: 100 });
  client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, ({ outcome, summary }) => {
    const how: StatementOutcome | undefined = outcome;
    const latencyMs: number | undefined = summary?.latencyMs;
    console.log(how, latencyMs);
  });
  const config: ClientConfig = client.getConfig();
  const batchSize: number | undefined = config.telemetryBatchSize;
  return batchSize === undefined ? undefined : client.getTelemetryStats();
}

export async function misuse(): Promise<void> {
  // @ts-expect-error: an option has a type.
  new DBSQLClient({ telemetryEnabled: 'yes' });
  // @ts-expect-error: a number is not its text.
  await client.connect({ ...where, telemetryBatchSize: '100' });
  // @ts-expect-error: there is no such option.
  await client.connect({ ...where, telemetryBatchSise: 100 });
  // @ts-expect-error: the driver's options are checked as before.
  await client.connect({ host: 'workspace.test', token: 'token' });
  // @ts-expect-error: a session takes only the switch.
  await client.openSession({ telemetryBatchSize: 1 });
  // @ts-expect-error: a deadline is a number of milliseconds.
  await client.flushTelemetry({ deadlineMs: '1s' });
  // @ts-expect-error: there is no such event.
  client.telemetryEvents.on('statement', () => undefined);
  // @ts-expect-error: statistics are read, not written.
  client.getTelemetryStats()!.collected = 0;
}
