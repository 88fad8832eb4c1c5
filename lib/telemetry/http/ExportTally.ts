import type { ExportResult } from '../../contracts/ITelemetryExporter';
import type { DropReason, TelemetryRecord } from '../types';

/** Keeps the books of one batch: a record settles once, and what never settles is retained. */
export class ExportTally {
  private readonly open: Set<TelemetryRecord>;
  private readonly dropped: Partial<Record<DropReason, number>> = {};
  private delivered = 0;
  private rejected = 0;
  private retryAfterMs: number | undefined;

  constructor(private readonly batch: readonly TelemetryRecord[]) {
    this.open = new Set(batch);
  }

  deliver(records: readonly TelemetryRecord[]): void {
    this.delivered += this.settle(records);
  }

  reject(records: readonly TelemetryRecord[]): void {
    this.rejected += this.settle(records);
  }

  drop(records: readonly TelemetryRecord[], reason: DropReason): void {
    const count = this.settle(records);
    if (count > 0) this.dropped[reason] = (this.dropped[reason] ?? 0) + count;
  }

  /** Those of `records` that have not settled. */
  unsettled(records: readonly TelemetryRecord[]): TelemetryRecord[] {
    return records.filter((record) => this.open.has(record));
  }

  /** What is left over need not be tried again before `ms` from now. */
  wait(ms: number): void {
    this.retryAfterMs = Math.max(this.retryAfterMs ?? 0, ms);
  }

  result(): ExportResult {
    const retained = this.unsettled(this.batch);
    const { delivered, rejected, dropped, retryAfterMs } = this;
    return {
      delivered,
      rejected,
      dropped,
      retained,
      ...(retryAfterMs === undefined || retained.length === 0 ? {} : { retryAfterMs }),
    };
  }

  private settle(records: readonly TelemetryRecord[]): number {
    return records.filter((record) => this.open.delete(record)).length;
  }
}
