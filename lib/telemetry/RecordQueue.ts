import { RecordRing } from './RecordRing';
import { estimateBytes } from './recordSize';
import type { ConnectionInfo, DropReason, TelemetryRecord } from './types';

export interface QueueLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Told of each record that the queue gives up. */
export type OnDrop = (reason: Extract<DropReason, 'queue_full' | 'too_large' | 'expired'>, count: number) => void;

/**
 * Records that wait for export, bounded by count and bytes; what is in an export counts until it is settled. When it is
 * full, the oldest record of the lowest priority gives way: connections before statements before errors. Adding costs
 * the same at any size.
 */
export class RecordQueue {
  private readonly errors = new RecordRing();
  private readonly statements = new RecordRing();
  private readonly connections = new RecordRing();
  /** Highest priority first. */
  private readonly rings = [this.errors, this.statements, this.connections] as const;
  private count = 0;
  private sizeBytes = 0;
  private exportingCount = 0;
  private exportingBytes = 0;

  constructor(
    private readonly limits: QueueLimits,
    private readonly onDrop: OnDrop,
  ) {}

  /** Records that wait. */
  get waiting(): number {
    return this.count;
  }

  /** Records that wait or are in an export. */
  get pending(): number {
    return this.count + this.exportingCount;
  }

  /** Queues a record at `nowMs` on the monotonic clock; it is younger than all others. */
  add(record: TelemetryRecord, nowMs: number): void {
    const bytes = estimateBytes(record);
    if (bytes > this.limits.maxBytes) {
      this.onDrop('too_large', 1);
      return;
    }
    const ring = this.ringOf(record);
    while (this.isFullFor(bytes)) {
      const victims = this.lowestFilled();
      if (victims === undefined || this.rings.indexOf(victims) < this.rings.indexOf(ring)) {
        this.onDrop('queue_full', 1);
        return;
      }
      this.removeOldest(victims);
      this.onDrop('queue_full', 1);
    }
    record.queuedAtMs ??= nowMs;
    ring.push(record);
    this.count += 1;
    this.sizeBytes += bytes;
  }

  /** Takes up to `max` records for an export, those of `connection` only when it is given: oldest errors first. */
  take(max: number, connection?: ConnectionInfo): TelemetryRecord[] {
    this.expire();
    const batch: TelemetryRecord[] = [];
    for (const ring of this.rings) {
      if (connection === undefined) this.takeOldest(ring, max, batch);
      else this.takeOf(connection, ring, max, batch);
    }
    return batch;
  }

  /** Ends the export of records that do not come back. */
  release(records: readonly TelemetryRecord[]): void {
    for (const record of records) {
      this.exportingCount -= 1;
      this.exportingBytes -= estimateBytes(record);
    }
  }

  /** Ends the export of records that wait again, in front of the younger ones. */
  putBack(records: readonly TelemetryRecord[]): void {
    this.release(records);
    for (const ring of this.rings) {
      const returning = records.filter((record) => this.ringOf(record) === ring);
      for (const record of returning) {
        this.count += 1;
        this.sizeBytes += estimateBytes(record);
      }
      if (returning.length > 0) ring.insertByAge(returning);
    }
  }

  /** Forgets every record that waits; returns how many. */
  clear(): number {
    const cleared = this.count;
    for (const ring of this.rings) ring.clear();
    this.count = 0;
    this.sizeBytes = 0;
    return cleared;
  }

  /** Forgets every record, also those in an export; returns how many. */
  abandon(): number {
    const abandoned = this.clear() + this.exportingCount;
    this.exportingCount = 0;
    this.exportingBytes = 0;
    return abandoned;
  }

  private isFullFor(bytes: number): boolean {
    return (
      this.pending >= this.limits.maxRecords || this.sizeBytes + this.exportingBytes + bytes > this.limits.maxBytes
    );
  }

  private lowestFilled(): RecordRing | undefined {
    if (this.connections.size > 0) return this.connections;
    if (this.statements.size > 0) return this.statements;
    return this.errors.size > 0 ? this.errors : undefined;
  }

  private ringOf(record: TelemetryRecord): RecordRing {
    switch (record.kind) {
      case 'error':
        return this.errors;
      case 'statement':
        return this.statements;
      case 'connection':
        return this.connections;
    }
  }

  private removeOldest(ring: RecordRing): TelemetryRecord | undefined {
    const record = ring.shift();
    if (record !== undefined) this.forget(record);
    return record;
  }

  private forget(record: TelemetryRecord): void {
    this.count -= 1;
    this.sizeBytes -= estimateBytes(record);
  }

  private expire(): void {
    const oldestAllowedMs = performance.now() - this.limits.maxAgeMs;
    let expired = 0;
    for (const ring of this.rings) {
      while ((ring.oldest?.queuedAtMs ?? Infinity) < oldestAllowedMs) {
        this.removeOldest(ring);
        expired += 1;
      }
    }
    if (expired > 0) this.onDrop('expired', expired);
  }

  private takeOldest(ring: RecordRing, max: number, batch: TelemetryRecord[]): void {
    while (batch.length < max) {
      const record = this.removeOldest(ring);
      if (record === undefined) return;
      this.beginExport(record, batch);
    }
  }

  private takeOf(connection: ConnectionInfo, ring: RecordRing, max: number, batch: TelemetryRecord[]): void {
    const isWanted = (record: TelemetryRecord): boolean => record.connection === connection && batch.length < max;
    ring.removeWhere((record) => {
      if (!isWanted(record)) return false;
      this.forget(record);
      this.beginExport(record, batch);
      return true;
    });
  }

  private beginExport(record: TelemetryRecord, batch: TelemetryRecord[]): void {
    this.exportingCount += 1;
    this.exportingBytes += estimateBytes(record);
    batch.push(record);
  }
}
