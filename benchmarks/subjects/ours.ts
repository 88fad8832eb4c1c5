import type { ITelemetryExporter } from '../../lib/contracts/ITelemetryExporter';
import type { IClientContext } from '../../lib/contracts/IClientContext';
import { ConnectionObserver, type CallNames } from '../../lib/observe/connection/ConnectionObserver';
import type { StatementObservation } from '../../lib/observe/statement/StatementObservation';
import { CircuitBreakerRegistry } from '../../lib/telemetry/CircuitBreaker';
import { DatabricksTelemetryExporter } from '../../lib/telemetry/DatabricksTelemetryExporter';
import { toHostKey } from '../../lib/model/host';
import { HostRegistry } from '../../lib/telemetry/hosts/HostRegistry';
import { MetricsAggregator } from '../../lib/telemetry/MetricsAggregator';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from '../../lib/model/options';
import { StatementAggregate } from '../../lib/model/StatementAggregate';
import { TelemetryEventEmitter } from '../../lib/telemetry/TelemetryEventEmitter';
import type { ConnectionInfo } from '../../lib/telemetry/types';
import { statementId } from './official';

const EXECUTE: CallNames = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined };

/** What the library keeps for a statement in flight. */
export type Statement = StatementObservation;

/** What the library keeps for a chunk that was offered and has not come yet. */
export interface ChunkOwner {
  observation: Statement;
  index: number;
  sizeBytes: number;
}

export const CONNECTION: ConnectionInfo = {
  origin: {
    host: toHostKey('workspace.test'),
    hostname: 'workspace.test',
    port: 443,
    authenticated: true,
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

/** A client's context that has nothing but a configuration. */
export function contextWith(config: TelemetryOptions = {}): IClientContext {
  const all = { telemetryEnabled: true, ...config };
  const logger = { log: () => undefined };
  return {
    getConfig: () => all,
    getLogger: () => logger,
    getAuthProvider: () => undefined,
    getConnectionProvider: () => Promise.reject(new Error('not connected')),
  } as unknown as IClientContext;
}

/** What makes an exporter compress its bodies; undefined where the library cannot. */
export const COMPRESSED: TelemetryOptions | undefined =
  'telemetryCompression' in TELEMETRY_OPTIONS
    ? ({ telemetryEndpoint: 'https://collector.test/logs', telemetryCompression: 'gzip' } as TelemetryOptions)
    : undefined;

/** The exporter of a process that shares nothing with others. */
export function ourExporter(config: TelemetryOptions = {}): DatabricksTelemetryExporter {
  const context = contextWith(config);
  return new DatabricksTelemetryExporter(
    context,
    'workspace.test',
    new CircuitBreakerRegistry(context, new HostRegistry()),
  );
}

/** This library's pipeline as a connection has it, from the seams' observer to an exporter that takes everything. */
export class OurPipeline {
  readonly aggregator: MetricsAggregator;
  readonly observer: ConnectionObserver;

  constructor(
    options: {
      readonly exporter?: ITelemetryExporter;
      readonly aggregator?: MetricsAggregator;
      readonly config?: TelemetryOptions;
    } = {},
  ) {
    const context = contextWith(options.config);
    const exporter = options.exporter ?? { export: async () => undefined, close: async () => undefined };
    this.aggregator = options.aggregator ?? new MetricsAggregator(context, exporter);
    const emitter = new TelemetryEventEmitter(context, new TelemetryEventEmitter(context));
    emitter.attach(this.aggregator);
    this.observer = new ConnectionObserver(CONNECTION, emitter, context);
  }

  /** As the API seam begins a statement and the wire seam names it. */
  start(id: string, sessionId: string): Statement {
    const observation = this.observer.statementStarted(sessionId, EXECUTE);
    observation.aggregate.statementId = id;
    return observation;
  }

  /** A trouble that the statement survives, as the seams report it. */
  fail(statement: Statement, error: unknown): void {
    this.observer.statementTroubled(statement, error, 'fetch');
  }

  /** The failure that ends a statement. */
  end(statement: Statement, error: unknown): void {
    this.observer.statementFailed(statement, error, 'fetch');
  }

  /** A chunk has come: `owner` is what the wire seam made when the link was offered. */
  chunk(owner: ChunkOwner, latencyMs: number, sizeBytes: number): void {
    this.observer.chunkDownloaded(owner, latencyMs, sizeBytes, 1);
  }

  complete(observation: Statement, pollCount: number): void {
    const { aggregate } = observation;
    aggregate.executionResult = 'INLINE_ARROW';
    for (let i = 0; i < pollCount; i += 1) aggregate.addPoll(10);
    this.observer.statementEnded(observation, 'delivered');
  }
}

/** A completed statement with the values of `index`, every field filled. */
export function ourRecord(index: number): StatementAggregate {
  const record = new StatementAggregate(
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
  record.addPoll(5.5);
  record.addPoll(6.5);
  record.executionResult = 'EXTERNAL_LINKS';
  record.compressed = true;
  for (let chunk = 0; chunk < 10; chunk += 1) record.addChunk(12.5 + chunk, 1_000_000);
  record.chunksPresent = 10;
  record.rowCount = 1_000_000;
  record.complete('delivered');
  return record;
}
