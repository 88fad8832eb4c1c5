// Type-checked by tools/check-package.mjs against the packed library and each supported driver.
import { DBSQLClient, type TelemetryStats } from 'databricks-sql-telemetry';

export async function query(host: string, path: string, token: string): Promise<object[]> {
  const client = new DBSQLClient({ telemetryEndpoint: process.env['TELEMETRY_ENDPOINT'], telemetryLogLevel: 'WARN' });
  await client.connect({ host, path, token, telemetryEnabled: true });
  const session = await client.openSession();
  const operation = await session.executeStatement('SELECT 1');
  const rows = await operation.fetchAll();
  await session.close();
  await client.close();
  const stats: TelemetryStats | undefined = client.getTelemetryStats();
  return stats?.lastError === undefined ? rows : [];
}
