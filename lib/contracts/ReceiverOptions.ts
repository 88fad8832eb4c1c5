import type { ITelemetryExporter } from './ITelemetryExporter';

/** What an application plugs in to see its own statements, in the constructor or in `connect()`. Nothing of it makes telemetry send. */
export interface ReceiverOptions {
  /** Exporters of the application's. Those of the constructor and of `connect()` add up; each is told once. */
  telemetryExporters?: readonly ITelemetryExporter[] | undefined;
}
