import { RecordDeque } from './RecordDeque';
import { estimateBytes } from './recordSize';
import type { ConnectionInfo } from '../../model/connection';
import type { DropReason } from '../../model/enums';
import type { TelemetryConfiguration } from '../../model/options';
import type { TelemetryRecord } from '../../model/records';
import type { Clock } from '../../util/clock';

/** Bounds of what is kept. */
export type QueueLimits = Pick<TelemetryConfiguration, 'maxPendingMetrics' | 'maxPendingBytes' | 'maxRecordAgeMs'>;

/** Why a record is given up; `sampled` is no loss. */
export type QueueDropReason = Extract<DropReason, 'queue_full' | 'too_large' | 'expired' | 'flag_off'> | 'sampled';

/** Told of each record that the queue gives up. */
export type OnDrop = (record: TelemetryRecord, reason: QueueDropReason) => void;

/** The records of one priority. */
interface Lane {
  readonly waiting: RecordDeque;
  exporting: number;
  /** What is in an export and cannot give way to a record of this priority: of this one, and of those before it. */
  keptCount: number;
  keptBytes: number;
}

/** The most important first. */
type Priority = 0 | 1 | 2;
const PRIORITY = { error: 0, statement: 1, spooled: 1, connection: 2 } as const satisfies Record<
  TelemetryRecord['kind'],
  Priority
>;

/**
 * Records that wait for export, bounded by count and bytes. When it is full, the oldest record of the lowest priority
 * gives way: connections before statements before errors. What is in an export cannot give way until it is back, so a
 * more important record does not count it. Adding costs the same at any size.
 */
export class RecordQueue {
  private readonly lanes: readonly [Lane, Lane, Lane] = [emptyLane(), emptyLane(), emptyLane()];
  /** Records that wait. */
  waiting = 0;
  private sizeBytes = 0;

  constructor(
    private readonly limits: QueueLimits,
    private readonly clock: Clock,
    private readonly onDrop: OnDrop,
  ) {}

  /** Records that wait or are in an export. */
  get pending(): number {
    const [errors, statements, connections] = this.lanes;
    return this.waiting + errors.exporting + statements.exporting + connections.exporting;
  }

  /** Queues a record at `nowMs` on the monotonic clock; it is younger than all others. */
  add(record: TelemetryRecord, nowMs: number): void {
    const bytes = estimateBytes(record);
    if (bytes > this.limits.maxPendingBytes) {
      this.onDrop(record, 'too_large');
      return;
    }
    const priority = PRIORITY[record.kind];
    const lane = this.lanes[priority];
    while (this.isFull(lane, 1, bytes)) {
      if (this.dropLowest(priority)) continue;
      this.onDrop(record, 'queue_full');
      return;
    }
    if (record.queuedAtMs === 0) record.queuedAtMs = toQueueTime(nowMs);
    lane.waiting.push(record);
    this.waiting += 1;
    this.sizeBytes += bytes;
  }

  /** Whether a record waits that was queued by `untilMs` on the monotonic clock, to the millisecond. */
  hasOneOf(untilMs: number): boolean {
    const until = toQueueTime(untilMs);
    return this.lanes.some(({ waiting }) => (waiting.oldest?.queuedAtMs ?? Infinity) <= until);
  }

  /** Takes up to `max` records for an export: oldest errors first. */
  take(max: number): TelemetryRecord[] {
    return this.batchOf((lane, batch) => {
      while (batch.length < max) {
        const record = lane.waiting.shift();
        if (record === undefined) return;
        batch.push(record);
      }
    });
  }

  /** The same of the records of `connection` alone that were queued by `untilMs`. */
  takeOf(connection: ConnectionInfo, untilMs: number, max: number): TelemetryRecord[] {
    const until = toQueueTime(untilMs);
    return this.batchOf((lane, batch) =>
      lane.waiting.removeWhere((record) => {
        if (record.connection !== connection || batch.length >= max) return false;
        if (record.queuedAtMs > until) return false;
        batch.push(record);
        return true;
      }),
    );
  }

  /** Ends the export of records that do not come back. */
  release(records: readonly TelemetryRecord[]): void {
    this.keep(records, -1);
  }

  /** Ends the export of records that wait again, in front of the younger ones, as far as there is room for them. */
  putBack(records: readonly TelemetryRecord[]): void {
    this.release(records);
    this.insert(records);
  }

  /** Queues records by the time at which they were queued first, as far as there is room for them. */
  insert(records: readonly TelemetryRecord[]): void {
    for (const record of records) {
      this.waiting += 1;
      this.sizeBytes += estimateBytes(record);
    }
    for (const lane of this.lanes) {
      const returning = records.filter((record) => this.lanes[PRIORITY[record.kind]] === lane);
      if (returning.length > 0) lane.waiting.insertByAge(returning);
    }
    while (this.isFull(this.lanes[PRIORITY.error], 0, 0) && this.dropLowest(PRIORITY.error));
  }

  /** Gives up every record that waits and that `isUnwanted`. */
  drop(isUnwanted: (record: TelemetryRecord) => boolean, reason: QueueDropReason): void {
    for (const { waiting } of this.lanes) {
      waiting.removeWhere((record) => {
        if (!isUnwanted(record)) return false;
        this.forget(estimateBytes(record));
        this.onDrop(record, reason);
        return true;
      });
    }
  }

  /** Forgets every record that waits; returns how many. */
  clear(): number {
    const cleared = this.waiting;
    for (const lane of this.lanes) lane.waiting.clear();
    this.waiting = 0;
    this.sizeBytes = 0;
    return cleared;
  }

  /** Forgets every record, also those in an export; returns how many. */
  abandon(): number {
    const abandoned = this.pending;
    this.clear();
    for (const lane of this.lanes) {
      lane.exporting = 0;
      lane.keptCount = 0;
      lane.keptBytes = 0;
    }
    return abandoned;
  }

  /** Whether there is no room for `count` more records of `bytes`, beside what cannot give way to those of `lane`. */
  private isFull({ keptCount, keptBytes }: Lane, count: number, bytes: number): boolean {
    const { maxPendingMetrics, maxPendingBytes } = this.limits;
    return this.waiting + count + keptCount > maxPendingMetrics || this.sizeBytes + bytes + keptBytes > maxPendingBytes;
  }

  /** `records` come to an export (`sign` 1) or leave it (-1). Returns their bytes, with the sign. */
  private keep(records: readonly TelemetryRecord[], sign: 1 | -1): number {
    const counts = [0, 0, 0];
    const bytes = [0, 0, 0];
    for (const record of records) {
      const priority = PRIORITY[record.kind];
      counts[priority] = (counts[priority] ?? 0) + sign;
      bytes[priority] = (bytes[priority] ?? 0) + sign * estimateBytes(record);
    }
    let [keptCount, keptBytes] = [0, 0];
    this.lanes.forEach((lane, priority) => {
      lane.exporting += counts[priority] ?? 0;
      keptCount += counts[priority] ?? 0;
      keptBytes += bytes[priority] ?? 0;
      lane.keptCount += keptCount;
      lane.keptBytes += keptBytes;
    });
    return keptBytes;
  }

  /** Lets the oldest record of the lowest priority give way; returns false when all that wait are more important. */
  private dropLowest(priority: number): boolean {
    for (const lane of this.lanes.slice(priority).reverse()) {
      const dropped = this.removeOldest(lane);
      if (dropped === undefined) continue;
      this.onDrop(dropped, 'queue_full');
      return true;
    }
    return false;
  }

  private removeOldest(lane: Lane): TelemetryRecord | undefined {
    const record = lane.waiting.shift();
    if (record !== undefined) this.forget(estimateBytes(record));
    return record;
  }

  private forget(bytes: number): void {
    this.waiting -= 1;
    this.sizeBytes -= bytes;
  }

  private expire(): void {
    const oldestAllowedMs = this.clock.now() - this.limits.maxRecordAgeMs;
    for (const lane of this.lanes) {
      while ((lane.waiting.oldest?.queuedAtMs ?? Infinity) < oldestAllowedMs) {
        const expired = this.removeOldest(lane);
        if (expired !== undefined) this.onDrop(expired, 'expired');
      }
    }
  }

  private batchOf(take: (lane: Lane, batch: TelemetryRecord[]) => void): TelemetryRecord[] {
    this.expire();
    const batch: TelemetryRecord[] = [];
    for (const lane of this.lanes) take(lane, batch);
    this.waiting -= batch.length;
    this.sizeBytes -= this.keep(batch, 1);
    return batch;
  }
}

/** Whole milliseconds; a clock that stands at 0 gives 1, since 0 is the time of what was never queued. */
function toQueueTime(nowMs: number): number {
  return Math.max(1, Math.floor(nowMs));
}

function emptyLane(): Lane {
  return { waiting: new RecordDeque(), exporting: 0, keptCount: 0, keptBytes: 0 };
}
