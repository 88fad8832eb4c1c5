import { toHostKey, type ConnectionInfo } from '../../lib/model/connection';
import { FileTotals, Statement } from '../../lib/model/Statement';
import { statementId } from './official';

/** A connection with every fact. */
export const CONNECTION: ConnectionInfo = {
  origin: {
    host: toHostKey('workspace.test'),
    hostname: 'workspace.test',
    port: 443,
    authenticated: true,
    anonymousErrors: false,
    userAgent: 'NodejsDatabricksSqlConnector/2.1.0 (app/1.0; Node.js 20.20.2; Linux 6.18.44)',
    headers: {},
    tls: {},
    authenticate: () => Promise.resolve({ Authorization: 'Bearer t' }),
    getAgent: () => Promise.resolve(undefined),
  },
  workspaceId: '1234567890123456',
  driverConfig: {
    driverVersion: '2.1.0',
    driverName: 'nodejs-sql-driver',
    libraryVersion: '0.1.0',
    runtimeName: 'Node.js',
    runtimeVersion: 'v20.20.2',
    runtimeVendor: 'Node.js Foundation',
    osName: 'linux',
    osVersion: '6.18.44',
    osArch: 'x64',
    localeName: 'en_US',
    charSetEncoding: 'UTF-8',
    processName: 'app',
    serviceName: 'app',
    processId: '5a0ce7f6-3b0e-4d0c-9d5c-0d9a7f6f1c11',
    clientAppName: 'app/1.0',
    authType: 'pat',
    authMech: 'PAT',
    authFlow: 'TOKEN_PASSTHROUGH',
    httpPath: '/sql/1.0/warehouses/abc123',
    mode: 'THRIFT',
    hostUrl: 'workspace.test',
    port: 443,
    useProxy: false,
    proxyHost: undefined,
    proxyPort: undefined,
    arrowEnabled: true,
    directResultsEnabled: true,
    cloudFetchEnabled: true,
    lz4Enabled: true,
    complexTypesEnabled: true,
    metricViewMetadataEnabled: false,
    selfSignedAllowed: false,
    socketTimeoutSeconds: 900,
    asyncPollIntervalMs: 100,
    rowsFetchedPerBlock: 100_000,
    retryMaxAttempts: 5,
    retryTimeoutMs: 900_000,
    retryDelayMinMs: 1000,
    retryDelayMaxMs: 60_000,
    cloudFetchConcurrentDownloads: 10,
  },
};

/** A completed statement with the values of `index`, every field filled. */
export function ourRecord(index: number): Statement {
  const record = new Statement(
    CONNECTION,
    '01f1c2d3-0000-4a00-8000-000000000001',
    'EXECUTE_STATEMENT',
    1_790_000_000_000 + index,
    1000.25 + index,
  );
  record.statementId = statementId(index);
  record.statementType = 'QUERY';
  record.latencyMs = 100.5 + index;
  record.submitLatencyMs = 80.25;
  record.resultReadyLatencyMs = 90.5;
  record.resultConsumptionLatencyMs = 300.5;
  record.pollCount = 2;
  record.pollLatencyMs = 12;
  record.executionResult = 'EXTERNAL_LINKS';
  record.compressed = true;
  const files = { present: 10, iterated: 10, downloaded: 10, unread: 0, firstMs: 12.5, slowestMs: 21.5, sumMs: 170 };
  record.files = Object.assign(new FileTotals(), files);
  record.byteCount = 10_000_000;
  record.rowCount = 1_000_000;
  record.outcome = 'delivered';
  record.endedAtMs = 1500.25 + index;
  return record;
}
