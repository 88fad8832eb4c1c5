import type { FieldScope } from '../model/enums';
import type { ExportedRecord } from '../model/exportedRecord';
import type { BatchResult, IBatchExporter } from './IBatchExporter';

/** What became of one batch of an application's exporter. */
export type ExportResult = BatchResult<ExportedRecord>;

/**
 * An exporter of the application's own (`telemetryExporters`). It gets plain, frozen records, as far as its scope reaches.
 * Each exporter has a queue, a schedule and an account of its own: one that hangs, throws or rejects costs the others and
 * the application nothing.
 */
export interface ITelemetryExporter extends IBatchExporter<ExportedRecord> {
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
   * Releases what the exporter holds: the last connection that uses it has closed. Idempotent. A later connection may use
   * an application's exporter again.
   */
  close(): Promise<void>;
}
