import { metrics, type Meter, type MeterProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import type { StatementTracingOptions } from './options';
import { safely, type Stop } from './subscribe';
import { traceStatements } from './traceStatements';
import { SCOPE_NAME, SCOPE_VERSION } from './version';

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
  readonly instrumentationName = SCOPE_NAME;
  readonly instrumentationVersion = SCOPE_VERSION;
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

  /** Idempotent. Statements on their way have no span then. */
  disable(): void {
    this.stop?.();
    this.stop = undefined;
  }

  /** Takes its tracer from `tracerProvider`, in place of the registered one. */
  setTracerProvider(tracerProvider: TracerProvider): void {
    this.tracer = safely(() => tracerProvider.getTracer(SCOPE_NAME, SCOPE_VERSION));
    this.restart();
  }

  /** The same for metrics. */
  setMeterProvider(meterProvider: MeterProvider): void {
    // The registered one is followed: `registerInstrumentations` passes it on before there is one, too.
    const isRegistered = meterProvider === metrics.getMeterProvider();
    this.meter = isRegistered ? undefined : safely(() => meterProvider.getMeter(SCOPE_NAME, SCOPE_VERSION));
    this.restart();
  }

  /** Replaces all options; those left out have their defaults. */
  setConfig(config: DatabricksSqlInstrumentationConfig): void {
    this.config = { enabled: true, ...config };
    this.restart();
  }

  /** The options in effect. */
  getConfig(): DatabricksSqlInstrumentationConfig {
    return this.config;
  }

  private restart(): void {
    if (this.stop === undefined) return;
    this.disable();
    this.enable();
  }
}
