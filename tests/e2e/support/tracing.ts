import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations, type Instrumentation } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider, type Sampler } from '@opentelemetry/sdk-trace-node';
import { OtlpReceiver, type ReceivedPoint, type ReceivedSpan } from './OtlpReceiver';

/** Kinds of spans in OTLP. */
export const INTERNAL = 1;
export const SERVER = 2;
export const CLIENT = 3;

/** An application's OpenTelemetry: the real SDK, HTTP instrumented, and an OTLP receiver that it exports to. */
export class Tracing {
  private constructor(
    private readonly receiver: OtlpReceiver,
    private readonly tracerProvider: NodeTracerProvider,
    private readonly meterProvider: MeterProvider,
    private readonly unload: () => void,
  ) {}

  static async start(instrumentations: Instrumentation[] = [], sampler?: Sampler): Promise<Tracing> {
    const receiver = await OtlpReceiver.start();
    const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
    const tracerProvider = new NodeTracerProvider({
      spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 100_000, maxExportBatchSize: 10_000 })],
      ...(sampler === undefined ? {} : { sampler }),
    });
    tracerProvider.register();
    const reader = new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: `${receiver.url}/v1/metrics` }),
      exportIntervalMillis: 3_600_000,
    });
    const meterProvider = new MeterProvider({ readers: [reader] });
    metrics.setGlobalMeterProvider(meterProvider);
    const ofHttp = [new HttpInstrumentation(), new UndiciInstrumentation()];
    const unload = registerInstrumentations({
      tracerProvider,
      meterProvider,
      instrumentations: [...ofHttp, ...instrumentations],
    });
    // Modules of Node.js are patched when somebody asks for them.
    for (const name of ['http', 'https']) require(name);
    return new Tracing(receiver, tracerProvider, meterProvider, unload);
  }

  /** Runs `work` in a span of the application's. */
  async inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
    return trace.getTracer('application').startActiveSpan(name, async (span) => {
      try {
        return await work();
      } finally {
        span.end();
      }
    });
  }

  /** All spans so far. */
  async spans(): Promise<readonly ReceivedSpan[]> {
    await this.tracerProvider.forceFlush();
    return this.receiver.spans;
  }

  /** Spans that this library made. */
  async ours(): Promise<readonly ReceivedSpan[]> {
    return (await this.spans()).filter(({ scope }) => scope === 'databricks-sql-telemetry');
  }

  /** Spans of requests that this process made, by path. */
  async requests(): Promise<ReadonlyArray<{ readonly path: string; readonly span: ReceivedSpan }>> {
    const spans = (await this.spans()).filter(
      ({ scope, kind }) => kind === CLIENT && /instrumentation-(http|undici)/.test(scope),
    );
    return spans.map((span) => ({ path: pathOf(span.attributes['url.full'] ?? span.attributes['http.url']), span }));
  }

  async points(metric?: string): Promise<readonly ReceivedPoint[]> {
    await this.meterProvider.forceFlush();
    return this.receiver.points.filter((point) => metric === undefined || point.metric === metric);
  }

  /** All that was exported, as text. */
  async exported(): Promise<string> {
    await this.tracerProvider.forceFlush();
    await this.meterProvider.forceFlush();
    return this.receiver.bodies.join('\n');
  }

  async stop(): Promise<void> {
    this.unload();
    await this.tracerProvider.shutdown();
    await this.meterProvider.shutdown();
    for (const api of [context, metrics, propagation, trace]) api.disable();
    await this.receiver.close();
  }
}

function pathOf(url: unknown): string {
  return typeof url === 'string' ? new URL(url).pathname : '';
}
