import type { TelemetryRecord } from '../../model/records';

/** The front is cut off when it is this long and most of the array. */
const MIN_CUT = 1024;

/** Records, oldest first. Adding and taking cost the same at any size. */
export class RecordDeque {
  private records: (TelemetryRecord | undefined)[] = [];
  private head = 0;

  get size(): number {
    return this.records.length - this.head;
  }

  get oldest(): TelemetryRecord | undefined {
    return this.records[this.head];
  }

  push(record: TelemetryRecord): void {
    this.records.push(record);
  }

  /** Takes the oldest. */
  shift(): TelemetryRecord | undefined {
    const record = this.records[this.head];
    if (record === undefined) return undefined;
    this.records[this.head] = undefined;
    this.head += 1;
    if (this.head === this.records.length) this.clear();
    else if (this.head >= MIN_CUT && this.head * 2 >= this.records.length) {
      this.records = this.records.slice(this.head);
      this.head = 0;
    }
    return record;
  }

  /** Puts back records that were taken, by the time at which they were queued first. */
  insertByAge(returning: readonly TelemetryRecord[]): void {
    const all = [...returning, ...this.waiting()];
    this.head = 0;
    this.records = all.sort((a, b) => a.queuedAtMs - b.queuedAtMs);
  }

  /** Takes out every record that `shouldRemove` asks for, oldest first. */
  removeWhere(shouldRemove: (record: TelemetryRecord) => boolean): void {
    this.records = this.waiting().filter((record) => !shouldRemove(record));
    this.head = 0;
  }

  clear(): void {
    this.records = [];
    this.head = 0;
  }

  private waiting(): TelemetryRecord[] {
    return this.records.slice(this.head).filter((record) => record !== undefined);
  }
}
