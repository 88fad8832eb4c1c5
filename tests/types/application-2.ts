// Code as it is written for 2.x of the driver; see application.ts.
import { auth, DBSQLClient, type ITokenProvider } from '@databricks/sql';
import type { ExecuteStatementOptions } from '@databricks/sql/dist/contracts/IDBSQLSession';

const where = { host: 'workspace.test', path: '/sql/1.0/warehouses/abc' };
const client = new DBSQLClient();

class Tokens implements ITokenProvider {
  async getToken() {
    return new auth.Token('token');
  }

  getName(): string {
    return 'own';
  }
}

export async function connectEveryNewWay(): Promise<void> {
  await client.connect({ ...where, authType: 'token-provider', tokenProvider: new Tokens() });
  await client.connect({ ...where, authType: 'external-token', getToken: async () => 'token' });
  await client.connect({ ...where, authType: 'static-token', staticToken: 'token', enableTokenFederation: true });
  await client.connect({
    ...where,
    token: 'token',
    customCaCert: Buffer.from('PEM'),
    clientCert: 'PEM',
    clientKey: 'PEM',
    checkServerCertificate: true,
    customHeaders: { 'x-a': 'b' },
    retryMaxAttempts: 3,
    retriesTimeout: 1000,
    retryDelayMin: 1,
    retryDelayMax: 2,
    preserveBigNumericPrecision: true,
    enableMetricViewMetadata: true,
    telemetryEnabled: true,
    telemetryBatchSize: 10,
    telemetryAuthenticatedExport: false,
    telemetryMaxPendingMetrics: 100,
  });
}

export async function statements(): Promise<number> {
  const session = await client.openSession({ queryTags: { team: 'a', flag: null } });
  const options: ExecuteStatementOptions = { queryTags: { team: 'b' }, rowLimit: 10, statementConf: { a: 'b' } };
  const operation = await session.executeStatement('SELECT 1', options);
  return (await operation.getResultMetadata()).schema?.columns.length ?? 0;
}

export function isHealthy(): boolean {
  const stats = client.getTelemetryStats();
  if (stats === undefined) return true;
  const waiting: number = stats.pendingMetricsCount + stats.inFlightStatements;
  return waiting < 100 && stats.droppedMetrics + stats.evictedStatements === 0 && stats.circuitBreakerState !== 'OPEN';
}
