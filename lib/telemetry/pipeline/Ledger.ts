import type { BatchResult } from '../../contracts/IBatchExporter';
import { DROP_REASONS, type DropReason } from '../../model/enums';
import type { TelemetryRecord } from '../../model/records';

export type DropCounts = Record<DropReason, number>;

/**
 * What became of the records. Collected = delivered + rejected + dropped + sampled + pending, always: a record is counted once
 * when it is created, and once where it ends.
 */
export class Ledger {
  collected = 0;
  delivered = 0;
  rejected = 0;
  /** Left out on purpose: others are sent for them. */
  sampled = 0;
  private readonly dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as DropCounts;

  drop(reason: DropReason, count: number): void {
    this.dropped[reason] += count;
  }

  /** One record is given up. */
  giveUp(reason: DropReason | 'sampled'): void {
    if (reason === 'sampled') this.sampled += 1;
    else this.drop(reason, 1);
  }

  get drops(): DropCounts {
    return { ...this.dropped };
  }

  /** Books the end of `count` pending records; returns how many of them are left on disk, and so still pending. */
  writeOff(count: number, { kept, crowdedOut }: { readonly kept: number; readonly crowdedOut: number }): number {
    const left = Math.min(kept, count);
    const full = Math.min(crowdedOut, count - left);
    this.drop('queue_full', full);
    this.drop('close_timeout', count - left - full);
    return left;
  }

  /**
   * Books the result of an export of `batch` and returns the records to keep. An exporter that returns nothing has
   * delivered everything. A result whose counts do not add up is brought to the size of the batch: what is missing
   * counts as `invalid`.
   */
  settle(batch: readonly TelemetryRecord[], result: BatchResult<TelemetryRecord> | void): ReadonlySet<TelemetryRecord> {
    const kept = new Set<TelemetryRecord>();
    if (result === undefined || result === null) {
      this.delivered += batch.length;
      return kept;
    }
    // An exporter is somebody else's code: what it returns may lack what the type promises.
    if (Array.isArray(result.retained) && result.retained.length > 0) {
      const retained = new Set(result.retained);
      for (const record of batch) if (retained.has(record)) kept.add(record);
    }
    let open = batch.length - kept.size;
    const claim = (count: number | undefined): number => {
      const granted = Math.min(open, Math.max(0, Math.trunc(count ?? 0) || 0));
      open -= granted;
      return granted;
    };
    this.delivered += claim(result.delivered);
    this.rejected += claim(result.rejected);
    for (const reason of DROP_REASONS) this.drop(reason, claim(result.dropped?.[reason]));
    this.drop('invalid', open);
    return kept;
  }
}
