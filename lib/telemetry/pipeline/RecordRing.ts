import { estimateBytes } from './recordSize';
import type { TelemetryRecord } from '../types';

const INITIAL_CAPACITY = 64;

/**
 * Records, oldest first, in a buffer that wraps around: adding and taking at both ends cost the same at any size. Their
 * estimated sizes stand beside them: an old record lies in memory that is in no cache, and is not looked at to be dropped.
 */
export class RecordRing {
  private slots: (TelemetryRecord | undefined)[] = new Array<TelemetryRecord | undefined>(INITIAL_CAPACITY);
  private sizes = new Array<number>(INITIAL_CAPACITY).fill(0);
  private head = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get oldest(): TelemetryRecord | undefined {
    return this.count === 0 ? undefined : this.slots[this.head];
  }

  /** Estimated bytes of the oldest; 0 when there is none. */
  get oldestBytes(): number {
    return this.count === 0 ? 0 : (this.sizes[this.head] ?? 0);
  }

  /** `bytes` is the record's `estimateBytes`, for those who know it. */
  push(record: TelemetryRecord, bytes = estimateBytes(record)): void {
    if (this.count === this.slots.length) this.grow();
    const place = (this.head + this.count) & (this.slots.length - 1);
    this.slots[place] = record;
    this.sizes[place] = bytes;
    this.count += 1;
  }

  /** Takes the oldest. */
  shift(): TelemetryRecord | undefined {
    if (this.count === 0) return undefined;
    const record = this.slots[this.head];
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.count -= 1;
    return record;
  }

  /** Puts a record back in front of the oldest. */
  unshift(record: TelemetryRecord): void {
    if (this.count === this.slots.length) this.grow();
    this.head = (this.head - 1) & (this.slots.length - 1);
    this.slots[this.head] = record;
    this.sizes[this.head] = estimateBytes(record);
    this.count += 1;
  }

  /** Puts back records that were taken, oldest first. Costs their number, or the size when a younger one is in front. */
  insertByAge(returning: readonly TelemetryRecord[]): void {
    if (queuedAt(this.oldest) >= queuedAt(returning.at(-1))) {
      for (let i = returning.length - 1; i >= 0; i -= 1) this.unshift(returning[i] as TelemetryRecord);
      return;
    }
    const all = [...returning, ...this.toArray()].sort((a, b) => queuedAt(a) - queuedAt(b));
    this.clear();
    for (const record of all) this.push(record);
  }

  /** Takes out every record that `shouldRemove` asks for, oldest first. */
  removeWhere(shouldRemove: (record: TelemetryRecord) => boolean): void {
    const all = this.toArray();
    this.clear();
    for (const record of all) if (!shouldRemove(record)) this.push(record);
  }

  clear(): void {
    this.slots = new Array<TelemetryRecord | undefined>(INITIAL_CAPACITY);
    this.sizes = new Array<number>(INITIAL_CAPACITY).fill(0);
    this.head = 0;
    this.count = 0;
  }

  private toArray(): TelemetryRecord[] {
    const all: TelemetryRecord[] = [];
    for (let i = 0; i < this.count; i += 1) {
      all.push(this.slots[(this.head + i) & (this.slots.length - 1)] as TelemetryRecord);
    }
    return all;
  }

  /** The capacity stays a power of two: a position is masked instead of divided. */
  private grow(): void {
    const slots = new Array<TelemetryRecord | undefined>(this.slots.length * 2);
    const sizes = new Array<number>(slots.length).fill(0);
    for (let i = 0; i < this.count; i += 1) {
      const place = (this.head + i) & (this.slots.length - 1);
      slots[i] = this.slots[place];
      sizes[i] = this.sizes[place] ?? 0;
    }
    this.slots = slots;
    this.sizes = sizes;
    this.head = 0;
  }
}

function queuedAt(record: TelemetryRecord | undefined): number {
  return record?.queuedAtMs ?? Infinity;
}
