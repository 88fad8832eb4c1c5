import type { Receiver } from '../../contracts/Receiver';
import type { TelemetryClientProvider } from '../../telemetry/TelemetryClientProvider';
import type { NamedExporter } from '../exporters/exporterOptions';
import type { TelemetryEventEmitter } from '../../telemetry/TelemetryEventEmitter';
import type { ExporterRegistry } from '../exporters/ExporterRegistry';

/** Who is told what a connection does. */
export interface ConnectionReceivers {
  /** Where Databricks' share goes; undefined where telemetry may make no request. */
  readonly provider: TelemetryClientProvider | undefined;
  /** Where the application listens. */
  readonly events: TelemetryEventEmitter;
  /** The application's exporters, and where their pipelines are. */
  readonly exporters: readonly NamedExporter[];
  readonly registry: ExporterRegistry;
  /** The others, as they are now. Asked again whenever a session is opened. */
  others(): readonly Receiver[];
}
