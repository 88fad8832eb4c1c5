import type { ITelemetryExporter } from '../../lib/contracts/ITelemetryExporter';
import type { IClientContext } from '../../lib/contracts/IClientContext';
import { ConnectionObserver, type CallNames } from '../../lib/observe/ConnectionObserver';
import type { StatementObservation } from '../../lib/observe/StatementObservation';
import { CircuitBreakerRegistry } from '../../lib/telemetry/CircuitBreaker';
import { DatabricksTelemetryExporter } from '../../lib/telemetry/DatabricksTelemetryExporter';
import { HostRegistry } from '../../lib/telemetry/hosts/HostRegistry';
import { MetricsAggregator } from '../../lib/telemetry/MetricsAggregator';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from '../../lib/telemetry/options';
import { TelemetryEventEmitter } from '../../lib/telemetry/TelemetryEventEmitter';
import { CONNECTION } from './ourRecords';

const EXECUTE: CallNames = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined };

/** What the library keeps for a statement in flight. */
export type Statement = StatementObservation;

/** What the library keeps for a chunk that was offered and has not come yet. */
export interface ChunkOwner {
  observation: Statement;
  index: number;
  sizeBytes: number;
}

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
