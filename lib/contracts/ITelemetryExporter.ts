import type { DropReason } from '../model/enums';
import type { TelemetryRecord } from '../model/records';

/** What became of one batch. Every record of the batch is in exactly one of the four places. */
export interface ExportResult {
  /** Records the receiver accepted. */
  readonly delivered: number;
  /** Records the receiver refused for good (a terminal status or a rejected log). */
  readonly rejected: number;
  /** Records that will never be sent, by reason. */
  readonly dropped: Partial<Record<DropReason, number>>;
  /** Records to keep and offer again (breaker open, network down), oldest first. */
  readonly retained: readonly TelemetryRecord[];
  /**
   * Earliest useful time for the next attempt, in milliseconds from now: nothing more is offered before it. Without it,
   * other records are offered right away and the retained ones later.
   */
  readonly retryAfterMs?: number;
}

/** A sink for finished telemetry records. Implementations must not throw; if one does, the whole batch is retained. */
export interface ITelemetryExporter {
  /**
   * Sends `batch`; one call at a time. Stops at once when `signal` aborts and returns what is undecided as `retained`.
   * Returns nothing when everything was delivered.
   */
  export(batch: readonly TelemetryRecord[], signal?: AbortSignal): Promise<ExportResult | void>;
  /** Releases what the exporter holds. Idempotent. */
  close(): Promise<void>;
}
