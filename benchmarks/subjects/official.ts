import DatabricksTelemetryExporter from '@databricks/sql/dist/telemetry/DatabricksTelemetryExporter';
import { CircuitBreakerRegistry } from '@databricks/sql/dist/telemetry/CircuitBreaker';
import ExceptionClassifier from '@databricks/sql/dist/telemetry/ExceptionClassifier';
import MetricsAggregator from '@databricks/sql/dist/telemetry/MetricsAggregator';
import TelemetryEventEmitter from '@databricks/sql/dist/telemetry/TelemetryEventEmitter';
import { mapOperationTypeToTelemetryType } from '@databricks/sql/dist/telemetry/telemetryTypeMappers';
import { safeEmit } from '@databricks/sql/dist/telemetry/telemetryUtils';
import { TelemetryEventType, type TelemetryMetric } from '@databricks/sql/dist/telemetry/types';
import type IClientContext from '@databricks/sql/dist/contracts/IClientContext';

type Exporter = Pick<DatabricksTelemetryExporter, 'export'>;

const EXECUTE_STATEMENT = 0;

/**
 * The official driver's own telemetry classes, put together as its client does, with its call sites in `DBSQLOperation`
 * and `CloudFetchResultHandler` written out: same closures, same order, same arguments.
 */
export class OfficialPipeline {
  readonly aggregator: MetricsAggregator;
  private readonly emitter: TelemetryEventEmitter;
  private readonly context: IClientContext;

  constructor(options: { readonly exporter?: Exporter; readonly config?: Record<string, unknown> } = {}) {
    const config = { telemetryEnabled: true, ...options.config };
    const logger = { log: () => undefined };
    this.context = {
      getConfig: () => config,
      getLogger: () => logger,
      getTelemetryEmitter: () => this.emitter,
      getTelemetryAggregator: () => this.aggregator,
    } as unknown as IClientContext;
    this.emitter = new TelemetryEventEmitter(this.context);
    const exporter = options.exporter ?? { export: async () => undefined };
    this.aggregator = new MetricsAggregator(this.context, exporter as DatabricksTelemetryExporter);
    for (const eventType of Object.values(TelemetryEventType)) {
      this.emitter.on(eventType, (event) => {
        this.aggregator.processEvent(event);
      });
    }
  }

  start(statementId: string, sessionId: string): number {
    const startTime = Date.now();
    safeEmit(this.context, (emitter) => {
      emitter.emitStatementStart({
        statementId,
        sessionId,
        operationType: mapOperationTypeToTelemetryType(EXECUTE_STATEMENT),
      });
    });
    return startTime;
  }

  chunk(statementId: string, chunkIndex: number, latencyMs: number, bytes: number): void {
    safeEmit(this.context, (emitter) => {
      emitter.emitCloudFetchChunk({ statementId, chunkIndex, latencyMs, bytes, compressed: true });
    });
  }

  fail(statementId: string, sessionId: string, error: Error): void {
    safeEmit(this.context, (emitter) => {
      emitter.emitError({
        statementId,
        sessionId,
        errorName: error.name || 'Error',
        errorMessage: error.message || 'Unknown error',
        ...(error.stack === undefined ? {} : { errorStack: error.stack }),
        isTerminal: ExceptionClassifier.isTerminal(error),
      });
    });
  }

  complete(statementId: string, sessionId: string, startTime: number, pollCount: number): void {
    safeEmit(this.context, (emitter) => {
      const { aggregator } = this;
      const resultFormat = 'INLINE_ARROW';
      const latencyMs = Date.now() - startTime;
      emitter.emitStatementComplete({ statementId, sessionId, latencyMs, resultFormat, pollCount });
      aggregator.completeStatement(statementId);
    });
  }
}

/** The official exporter with the request itself left out; `lastBody` is what it would have sent. */
export class OfficialExport extends DatabricksTelemetryExporter {
  lastBody = '';

  constructor() {
    const config = { telemetryEnabled: true, telemetryAuthenticatedExport: true };
    const logger = { log: () => undefined };
    const context = { getConfig: () => config, getLogger: () => logger } as unknown as IClientContext;
    const authProvider = { authenticate: async () => ({ Authorization: 'Bearer t' }) };
    super(context, 'workspace.test', new CircuitBreakerRegistry(context), authProvider);
    (this as unknown as { sendRequest: unknown }).sendRequest = async (_url: string, init: { body: string }) => {
      this.lastBody = init.body;
      return { ok: true, status: 200, text: async () => '' };
    };
  }
}

/** A statement metric with the values of `index`, every field that the official classes can fill. */
export function officialMetric(index: number): TelemetryMetric {
  return {
    metricType: 'statement',
    timestamp: 1_790_000_000_000 + index,
    sessionId: '01f1c2d3-0000-4a00-8000-000000000001',
    statementId: statementId(index),
    workspaceId: '1234567890123456',
    operationType: 'EXECUTE_STATEMENT',
    latencyMs: 100 + index,
    resultFormat: 'EXTERNAL_LINKS',
    chunkCount: 10,
    chunkInitialLatencyMs: 12,
    chunkSlowestLatencyMs: 40,
    chunkSumLatencyMs: 220,
    bytesDownloaded: 10_000_000,
    pollCount: 2,
    compressed: true,
  } as TelemetryMetric;
}

/** A statement id like the server's. */
export function statementId(index: number): string {
  return `01f1c2d3-4e5f-1a2b-9c3d-${index.toString(16).padStart(12, '0')}`;
}
