import type { TelemetryEvent } from '../model/events';
import type { StatementAggregate } from '../model/StatementAggregate';
import type { StatementOutcome } from '../telemetry/types';

/** Takes telemetry events as they happen. Implemented by the metrics aggregator. */
export interface ITelemetryEventSink {
  processEvent(event: TelemetryEvent): void;
}

/**
 * A sink that takes what is observed of a statement by reference. It gets calls instead of events while nobody listens
 * for those: an object for each event is most of what a statement costs.
 */
export interface IStatementSink extends ITelemetryEventSink {
  statementStarted(statement: StatementAggregate): void;
  /** The statement ended at `nowMs` on the monotonic clock. */
  statementEnded(statement: StatementAggregate, outcome: StatementOutcome, nowMs: number): void;
  /** A CloudFetch file was downloaded in `latencyMs`. */
  chunkDownloaded(statement: StatementAggregate, latencyMs: number, bytes: number): void;
}

export function isStatementSink(sink: ITelemetryEventSink | undefined): sink is IStatementSink {
  return sink !== undefined && 'statementEnded' in sink;
}
