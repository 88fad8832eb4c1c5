/* observe/exporters/: the exporters of the application's: what they get, when, and what became of it. */
import type { BatchResult, IBatchExporter } from '../../contracts/IBatchExporter';
import type { ExportResult, ITelemetryExporter } from '../../contracts/ITelemetryExporter';
import type { ExportedRecord } from '../../model/exportedRecord';
import { toExportedRecord, type ExportedFields } from '../../model/toExportedRecord';
import type { TelemetryConfiguration } from '../../model/options';
import type { TelemetryRecord } from '../../model/records';
import type { Clock } from '../../util/clock';
import { debugLog, type LoggerOwner } from '../../util/debugLog';
import { describeThrown } from '../../util/thrown';

/** What an exporter failed with, without its text. */
export interface ExporterError {
  readonly name: string;
}

const NOTHING: BatchResult<TelemetryRecord> = { delivered: 0, rejected: 0, dropped: {}, retained: [] };

/**
 * Gives an exporter of the application's what it may have of each record, and takes its word for what became of it. Knows
 * how often the exporter failed at a record. A call that takes too long is asked to stop; the next one waits for it.
 */
export class ApplicationExporter implements IBatchExporter<TelemetryRecord> {
  lastError: ExporterError | undefined;
  private readonly failures = new WeakMap<TelemetryRecord, number>();
  /** Shares of records that come for others; a record is also other receivers', with shares of their own. */
  private readonly shares = new WeakMap<TelemetryRecord, number>();

  constructor(
    private readonly inner: ITelemetryExporter,
    private readonly title: string,
    private readonly fields: ExportedFields,
    private readonly config: Pick<TelemetryConfiguration, 'maxRetries' | 'exportTimeoutMs'>,
    private readonly owner: LoggerOwner,
    private readonly clock: Clock,
  ) {}

  async export(batch: readonly TelemetryRecord[], signal?: AbortSignal): Promise<BatchResult<TelemetryRecord>> {
    const recordOf = new Map<ExportedRecord, TelemetryRecord>();
    for (const record of batch) {
      const exported = toExportedRecord(record, this.fields, this.shares.get(record));
      if (exported !== undefined) recordOf.set(exported, record);
    }
    try {
      const result = await this.call([...recordOf.keys()], signal);
      if (result === undefined || result === null) return { ...NOTHING, delivered: recordOf.size };
      return { ...result, retained: retainedOf(result, recordOf) };
    } catch (thrown) {
      this.noteFailure(thrown);
      return this.failed([...recordOf.values()], signal?.aborted === true);
    }
  }

  async close(): Promise<void> {
    await this.inner.close?.();
  }

  /** `record` comes for others: it is of a `share` of them. */
  noteShare(record: TelemetryRecord, share: number): void {
    this.shares.set(record, share);
  }

  noteFailure(thrown: unknown): void {
    this.lastError = { name: describeThrown(thrown) };
    debugLog(this.owner, `exporter ${this.title} swallowed ${describeThrown(thrown)}`);
  }

  /** Aborts when the caller does, and after the longest time that an export may take. */
  private async call(items: readonly ExportedRecord[], signal?: AbortSignal): Promise<ExportResult | void> {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
    const timer = this.clock.setTimeout(abort, this.config.exportTimeoutMs);
    try {
      return await this.inner.export(items, controller.signal);
    } finally {
      this.clock.clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Keeps the records at which the exporter has not failed too often. A call that was aborted is no failure of it. */
  private failed(records: readonly TelemetryRecord[], isAborted: boolean): BatchResult<TelemetryRecord> {
    const retained = records.filter((record) => {
      const count = (this.failures.get(record) ?? 0) + (isAborted ? 0 : 1);
      this.failures.set(record, count);
      return count <= this.config.maxRetries;
    });
    const dropped = { retries_exhausted: records.length - retained.length };
    return { ...NOTHING, dropped, retained, retryAfterMs: 0 };
  }
}

function retainedOf(
  { retained }: ExportResult,
  recordOf: ReadonlyMap<ExportedRecord, TelemetryRecord>,
): readonly TelemetryRecord[] {
  if (!Array.isArray(retained)) return [];
  return (retained as readonly ExportedRecord[]).flatMap((exported) => recordOf.get(exported) ?? []);
}
