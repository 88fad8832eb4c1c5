import type { TelemetryEvent } from '../model/events';

/** Takes telemetry events as they happen. Implemented by the metrics aggregator. */
export interface ITelemetryEventSink {
  processEvent(event: TelemetryEvent): void;
}
