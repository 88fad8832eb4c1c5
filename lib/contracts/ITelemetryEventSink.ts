import type { TelemetryEvent } from '../model/events';

/** Takes telemetry events as they happen. Implemented by the metrics aggregator. */
export interface ITelemetryEventSink {
  /** Must not throw. */
  processEvent(event: TelemetryEvent): void;
}
