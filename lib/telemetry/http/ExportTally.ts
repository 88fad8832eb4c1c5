import type { BatchResult } from '../../contracts/IBatchExporter';
import type { DropReason } from '../../model/enums';
import type { TelemetryRecord } from '../../model/records';

/**
 * Keeps the books of one batch: a record settles once, and what never settles is retained. As long as everything settles
 * at once, as it nearly always does, no record is looked at.
 */
export class ExportTally {
  /** Records that have not settled; undefined while none has. */
  private open: Set<TelemetryRecord> | undefined;
  private readonly dropped: Partial<Record<DropReason, number>> = {};
  private delivered = 0;
  private rejected = 0;
  private retryAfterMs: number | undefined;

  constructor(private readonly batch: readonly TelemetryRecord[]) {}

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
    const { open } = this;
    if (open === undefined) return [...records];
    return open.size === 0 ? [] : records.filter((record) => open.has(record));
  }

  /** What is left over need not be tried again before `ms` from now. */
  wait(ms: number): void {
    this.retryAfterMs = Math.max(this.retryAfterMs ?? 0, ms);
  }

  result(): BatchResult<TelemetryRecord> {
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
    if (records.length === 0) return 0;
    if (this.open === undefined && isSame(records, this.batch)) {
      this.open = new Set();
      return records.length;
    }
    const open = (this.open ??= new Set(this.batch));
    let settled = 0;
    for (const record of records) if (open.delete(record)) settled += 1;
    return settled;
  }
}

function isSame(some: readonly TelemetryRecord[], all: readonly TelemetryRecord[]): boolean {
  if (some.length !== all.length) return false;
  for (let i = 0; i < all.length; i += 1) if (some[i] !== all[i]) return false;
  return true;
}
