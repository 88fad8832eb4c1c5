import type { DropReason, FieldScope } from '../model/enums';
import type { ExportedRecord } from '../model/exportedRecord';

/** What became of one batch. Every record of the batch is in exactly one of the four places. */
export interface ExportResult<Item = ExportedRecord> {
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

/**
 * Where records go. An application's own (`telemetryExporters`) gets plain, frozen `ExportedRecord`s, as far as its scope
 * reaches. Each exporter has a queue, a schedule and an account of its own: one that hangs, throws or rejects costs the
 * others and the application nothing.
 */
export interface ITelemetryExporter<Item = ExportedRecord> {
  /** What statistics and debug lines call it, numbered where another runs under that name; default: the name of its class. */
  readonly name?: string;
  /**
   * The fields that an application's exporter gets: `Local` (the default) all that may be seen in the process, `Databricks`
   * those that Databricks gets too, `All` both, `None` no record at all. Any other value is `None`.
   */
  readonly scope?: FieldScope;
  /**
   * Share of the traces, and of the sessions of what is of no trace, from 0 to 1, whose records an application's exporter
   * gets, each with that rate; default 1. Failures and slow statements come from all of them. What is left out counts as
   * `sampled`. An exporter with any other value gets nothing.
   */
  readonly sampleRate?: number;
  /** An application's exporter gets the redacted text of errors as well; off by default, and without a field at Databricks. */
  readonly includesErrorText?: boolean;
  /**
   * Sends `batch`; one call at a time. Stops at once when `signal` aborts (after `telemetryExportTimeoutMs`, or at the end of
   * `close()`) and returns what is undecided as `retained`. Returns nothing when everything was delivered. A batch at which
   * it throws or rejects is offered again, `telemetryMaxRetries` times.
   */
  export(batch: readonly Item[], signal?: AbortSignal): Promise<ExportResult<Item> | void>;
  /**
   * Releases what the exporter holds: the last connection that uses it has closed. Idempotent. A later connection may use
   * an application's exporter again.
   */
  close(): Promise<void>;
}
