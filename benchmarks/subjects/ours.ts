import type { TelemetryRecord } from '../../lib/model/records';
import type { IBatchExporter } from '../../lib/contracts/IBatchExporter';
import type { IClientContext } from '../../lib/contracts/IClientContext';
import { ConnectionObserver, type CallNames } from '../../lib/observe/connection/ConnectionObserver';
import type { Statement } from '../../lib/model/Statement';
import { FileTotals } from '../../lib/model/Statement';
import { pollAnswered } from '../../lib/observe/statement/progress';
import { CircuitBreakerRegistry } from '../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../lib/telemetry/DatabricksTelemetryExporter';
import { HostRegistry } from '../../lib/telemetry/hosts/HostRegistry';
import { MetricsAggregator } from '../../lib/telemetry/MetricsAggregator';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from '../../lib/model/options';
import { TelemetryEventEmitter } from '../../lib/telemetry/TelemetryEventEmitter';
import { systemClock } from '../../lib/util/clock';
import { CONNECTION } from './ourRecords';

const EXECUTE: CallNames = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined };

export type { Statement };

const ONCE = { count: 1, causes: undefined };

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
      readonly exporter?: IBatchExporter<TelemetryRecord>;
      readonly aggregator?: MetricsAggregator;
      readonly config?: TelemetryOptions;
    } = {},
  ) {
    const context = contextWith(options.config);
    const exporter = options.exporter ?? { export: async () => undefined, close: async () => undefined };
    this.aggregator = options.aggregator ?? new MetricsAggregator(context, exporter);
    const emitter = new TelemetryEventEmitter(context, new TelemetryEventEmitter(context));
    emitter.attach(this.aggregator);
    this.observer = new ConnectionObserver(CONNECTION, emitter, systemClock, context);
  }

  /** As the API seam begins a statement and the wire seam names it. */
  start(id: string, sessionId: string): Statement {
    const statement = this.observer.statementStarted(sessionId, EXECUTE);
    statement.statementId = id;
    return statement;
  }

  /** A trouble that the statement survives, as the seams report it. */
  fail(statement: Statement, error: unknown): void {
    this.observer.callFailed(statement, error, 'fetch');
  }

  /** The failure that ends a statement. */
  end(statement: Statement, error: unknown): void {
    this.observer.statementFailed(statement, error, 'fetch', systemClock.now());
  }

  /** File `index` of the manifest has come. */
  chunk(statement: Statement, index: number, latencyMs: number, sizeBytes: number): void {
    statement.files ??= new FileTotals();
    this.observer.files.downloaded({ statement, index }, latencyMs, sizeBytes, ONCE);
  }

  /** A statement that has its outcome. */
  ended(statement: Statement): void {
    this.observer.emitter.emitStatementComplete(statement);
  }

  complete(statement: Statement, pollCount: number): void {
    statement.executionResult = 'INLINE_ARROW';
    for (let i = 0; i < pollCount; i += 1) pollAnswered(statement, 10);
    this.observer.statementEnded(statement, 'delivered', systemClock.now());
  }
}
