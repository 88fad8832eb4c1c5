import { toHostKey, type ConnectionInfo, type DriverConfiguration } from '../../../lib/model/connection';
import type { ErrorFacts } from '../../../lib/model/errorFacts';
import type { ConnectionRecord, ErrorRecord } from '../../../lib/model/records';
import { Statement } from '../../../lib/model/Statement';

export const DRIVER_CONFIGURATION: DriverConfiguration = {
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
  serviceName: 'checkout',
  processId: '5a0ce7f6-3b0e-4d0c-9d5c-0d9a7f6f1c11',
  clientAppName: 'app/1.0',
  authType: 'pat',
  authMech: 'PAT',
  authFlow: 'TOKEN_PASSTHROUGH',
  httpPath: '/sql/1.0/warehouses/abc123?o=1234567890123456',
  mode: 'THRIFT',
  hostUrl: 'workspace.test',
  port: 443,
  useProxy: true,
  proxyHost: 'proxy.test',
  proxyPort: 3128,
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
};

export function connectionInfo(
  driverConfig: Partial<DriverConfiguration> = {},
  workspaceId: string | undefined = '1234567890123456',
): ConnectionInfo {
  return {
    origin: {
      host: toHostKey('workspace.test'),
      hostname: 'workspace.test',
      port: 443,
      authenticated: true,
      anonymousErrors: false,
      userAgent: 'NodejsDatabricksSqlConnector/2.1.0 (app/1.0; Node.js 20.20.2; Linux 6.18.44)',
      headers: {},
      tls: {},
      authenticate: () => Promise.resolve({ Authorization: 'Bearer test' }),
      getAgent: () => Promise.resolve(undefined),
    },
    workspaceId,
    driverConfig: { ...DRIVER_CONFIGURATION, ...driverConfig },
  };
}

export function connectionRecord(overrides: Partial<ConnectionRecord> = {}): ConnectionRecord {
  return {
    kind: 'connection',
    connection: connectionInfo(),
    timestampMs: 1_700_000_000_000,
    sessionId: 'session-1',
    level: 'INFO',
    operation: 'CREATE_SESSION',
    latencyMs: 12.4,
    eventId: undefined,
    queuedAtMs: 0,
    ...overrides,
  };
}

/** A statement that was delivered, with some other facts. */
export function statementRecord(
  facts: Partial<Statement> = {},
  connection: ConnectionInfo | undefined = connectionInfo(),
): Statement {
  const statement = new Statement(connection, 'session-1', 'EXECUTE_STATEMENT', 1_700_000_000_000, 0);
  return Object.assign(statement, { statementId: 'statement-1', outcome: 'delivered' }, facts);
}

export function errorFacts(overrides: Partial<ErrorFacts> = {}): ErrorFacts {
  return {
    name: 'StatusError',
    code: undefined,
    sqlState: undefined,
    errorClass: undefined,
    httpStatus: undefined,
    chunkId: undefined,
    ...overrides,
  };
}

export function errorRecord(overrides: Partial<ErrorRecord> = {}): ErrorRecord {
  return {
    kind: 'error',
    connection: connectionInfo(),
    timestampMs: 1_700_000_000_000,
    sessionId: 'session-1',
    level: 'ERROR',
    statementId: 'statement-1',
    stage: 'execute',
    error: errorFacts(),
    thrown: undefined,
    isTerminal: true,
    eventId: undefined,
    queuedAtMs: 0,
    ...overrides,
  };
}
