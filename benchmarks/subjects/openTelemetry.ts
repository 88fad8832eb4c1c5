import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';

/** A yardstick: one span and one histogram value for each statement, through the SDK's own batch processor. */
export class OpenTelemetryPipeline {
  private readonly tracer: Tracer;
  private readonly histogram;

  constructor() {
    const exporter: SpanExporter = {
      export: (_spans, done) => done({ code: 0 }),
      shutdown: () => Promise.resolve(),
    };
    const provider = new BasicTracerProvider({
      spanProcessors: [new BatchSpanProcessor(exporter, { maxExportBatchSize: 100, maxQueueSize: 2000 })],
    });
    this.tracer = provider.getTracer('benchmark');
    const reader = new PeriodicExportingMetricReader({
      exporter: new InMemoryMetricExporter(AggregationTemporality.DELTA),
      exportIntervalMillis: 60_000,
    });
    const meters = new MeterProvider({ readers: [reader] });
    this.histogram = meters.getMeter('benchmark').createHistogram('db.client.operation.duration', { unit: 's' });
  }

  statement(statementId: string, sessionId: string): void {
    const startedAtMs = performance.now();
    const span = this.tracer.startSpan('SELECT', {
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'databricks',
        'db.operation.name': 'EXECUTE_STATEMENT',
        'db.databricks.statement_id': statementId,
        'db.databricks.session_id': sessionId,
      },
    });
    span.setAttribute('db.databricks.result_format', 'INLINE_ARROW');
    span.setAttribute('db.databricks.poll_count', 2);
    span.setStatus({ code: SpanStatusCode.OK });
    span.end();
    this.histogram.record((performance.now() - startedAtMs) / 1000, { 'db.operation.name': 'EXECUTE_STATEMENT' });
  }
}
