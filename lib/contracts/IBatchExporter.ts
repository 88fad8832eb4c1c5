import type { DropReason } from '../model/enums';

/** What became of one batch. Every record of the batch is in exactly one of the four places. */
export interface BatchResult<Item> {
  /** Records the receiver accepted. */
  readonly delivered: number;
  /** Records the receiver refused for good (a terminal status or a rejected log). */
  readonly rejected: number;
  /** Records that will never be sent, by reason. */
  readonly dropped: Partial<Record<DropReason, number>>;
  /** Records to keep and offer again (breaker open, network down), oldest first. */
  readonly retained: readonly Item[];
  /**
   * Earliest useful time for the next attempt, in milliseconds from now: nothing more is offered before it. Without it,
   * other records are offered right away and the retained ones later.
   */
  readonly retryAfterMs?: number;
}

/** Where a pipeline sends what is pending. */
export interface IBatchExporter<Item> {
  /**
   * Sends `batch`; one call at a time. Stops at once when `signal` aborts (after `telemetryExportTimeoutMs`, or at the end of
   * `close()`) and returns what is undecided as `retained`. Returns nothing when everything was delivered. A batch at which
   * it throws or rejects is offered again, `telemetryMaxRetries` times.
   */
  export(batch: readonly Item[], signal?: AbortSignal): Promise<BatchResult<Item> | void>;
  /** Releases what the exporter holds. Idempotent. */
  close(): Promise<void>;
}
