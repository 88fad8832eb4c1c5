import { metrics, type Meter, type MeterProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import type { StatementTracingOptions } from './options';
import { safely, type Stop } from './subscribe';
import { traceStatements } from './traceStatements';
import { NAME, VERSION } from './version';

/** Options of the instrumentation. */
export interface DatabricksSqlInstrumentationConfig extends StatementTracingOptions {
  /** Default: true. */
  enabled?: boolean;
}

/**
 * Spans and metrics of Databricks SQL statements, for `registerInstrumentations`. It subscribes to this library's channels
 * and patches nothing, so the order in which modules are loaded does not matter, nor whether they are ES modules.
 */
export class DatabricksSqlInstrumentation {
  readonly instrumentationName = NAME;
  readonly instrumentationVersion = VERSION;
  private config: DatabricksSqlInstrumentationConfig;
  private tracer: Tracer | undefined;
  private meter: Meter | undefined;
  private stop: Stop | undefined;

  /** Like other instrumentations it is enabled from the start, unless `enabled` is false. */
  constructor(config: DatabricksSqlInstrumentationConfig = {}) {
    this.config = { enabled: true, ...config };
    if (this.config.enabled === true) this.enable();
  }

  /** Idempotent. Connections that are open already are not observed. */
  enable(): void {
    const { config, tracer, meter } = this;
    this.stop ??= traceStatements({ ...config, tracer, meter });
  }

  disable(): void {
    this.stop?.();
    this.stop = undefined;
  }

  setTracerProvider(tracerProvider: TracerProvider): void {
    this.tracer = safely(() => tracerProvider.getTracer(NAME, VERSION));
    this.restart();
  }

  setMeterProvider(meterProvider: MeterProvider): void {
    // The registered one is followed: `registerInstrumentations` passes it on before there is one, too.
    const isRegistered = meterProvider === metrics.getMeterProvider();
    this.meter = isRegistered ? undefined : safely(() => meterProvider.getMeter(NAME, VERSION));
    this.restart();
  }

  setConfig(config: DatabricksSqlInstrumentationConfig): void {
    this.config = { enabled: true, ...config };
    this.restart();
  }

  getConfig(): DatabricksSqlInstrumentationConfig {
    return this.config;
  }

  private restart(): void {
    if (this.stop === undefined) return;
    this.disable();
    this.enable();
  }
}
