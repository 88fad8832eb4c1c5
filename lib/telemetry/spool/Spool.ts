/* telemetry/spool/: copies of pending records in files, off by default, so that the next process can send them. */
import { setMaxListeners } from 'node:events';
import { detached, type Clock, type TimerHandle } from '../../util/clock';
import { describeThrown } from '../../util/thrown';
import type { IdentityGroup, IdentityGrouper } from '../http/identityGroups';
import type { ConnectionInfo } from '../../model/connection';
import type { TelemetryRecord } from '../../model/records';
import { SpoolTakeover } from './SpoolTakeover';
import { SpoolCopies } from './SpoolCopies';
import type { SpoolDirectory } from './SpoolDirectory';
import type { RecordSpool, SpoolOwner } from '../pipeline/RecordSpool';
import { SpoolWriter } from './SpoolWriter';

export interface SpoolLimits {
  /** Of all spool files in the directory. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Whether copies hold the local fields. */
  readonly keepsLocal: boolean;
}

/** From when a record is queued until it is written; what is lost when the process dies before is never noticed. */
const WRITE_DELAY_MS = 50;

/** A file is deleted when all of its records are settled: small files go sooner. */
const MAX_SEGMENT_BYTES = 256 * 1024;
const SEGMENTS = 8;

const CREDENTIALS_TIMEOUT_MS = 1000;
/** Between two looks for what ended processes left for one identity. */
const TAKEOVER_INTERVAL_MS = 30_000;
/** Well below the lease. */
const TOUCH_INTERVAL_MS = 30_000;
/** After the disk has failed; until then it is as if there were no spool. */
const FAILURE_PAUSE_MS = 60_000;

const NONE: ReadonlySet<string> = new Set();

/**
 * Copies of pending records in files, so that the next process can send what this one could not. All disk work is
 * asynchronous, one step after the other; when it fails there is one line about it and no other consequence.
 */
export class Spool implements RecordSpool {
  private readonly copies: SpoolCopies;
  private readonly takeover: SpoolTakeover;
  private readonly writer: SpoolWriter;
  private readonly unaborted = new AbortController().signal;
  /** One record of each connection that has produced any recently, also where it is settled: to know the identities. */
  private readonly samples = new Map<ConnectionInfo | undefined, TelemetryRecord>();
  /** By identity, monotonic. */
  private readonly lookedAtMs = new Map<string, number>();
  private last: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private writeTimer: TimerHandle;
  private touchTimer: TimerHandle;
  private touchedAtMs: number;
  private pausedUntilMs = 0;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly directory: SpoolDirectory,
    private readonly grouper: IdentityGrouper,
    limits: SpoolLimits,
    owner: SpoolOwner,
    private readonly log: (message: string) => void,
    private readonly clock: Clock,
  ) {
    this.touchedAtMs = clock.now();
    // One listener for each connection is no leak.
    setMaxListeners(0, this.unaborted);
    const segmentBytes = Math.min(MAX_SEGMENT_BYTES, limits.maxBytes / SEGMENTS);
    this.copies = new SpoolCopies(segmentBytes, () => directory.newName());
    this.takeover = new SpoolTakeover(directory, this.copies, limits.maxAgeMs, owner, clock);
    this.writer = new SpoolWriter(
      directory,
      this.copies,
      this.takeover,
      { segmentBytes, maxBytes: limits.maxBytes, keepsLocal: limits.keepsLocal },
      clock,
    );
  }

  /** Pending records that have a copy on disk. */
  get kept(): number {
    return this.copies.size;
  }

  /** Pending records that have none because the directory is full. */
  get crowdedOut(): number {
    return this.writer.crowdedOutCount;
  }

  /** A record waits for export: it will soon be on disk. */
  add(record: TelemetryRecord): void {
    if (this.closing !== undefined) return;
    this.writer.add(record);
    this.samples.set(record.connection, record);
    this.writeTimer ??= this.clock.setTimeout(() => void this.flush(), WRITE_DELAY_MS);
  }

  /** Records are pending no more. */
  settle(records: Iterable<TelemetryRecord>): void {
    if (this.closing !== undefined) return;
    let isNews = false;
    for (const record of records) if (this.writer.settle(record)) isNews = true;
    if (isNews) void this.flush();
  }

  /** No record is pending any more. */
  settleAll(): void {
    this.settle([...this.writer.waiting, ...this.copies.records]);
  }

  /** Brings the files in line with what is pending. Never rejects. */
  flush(): Promise<void> {
    this.clock.clearTimeout(this.writeTimer);
    this.writeTimer = undefined;
    if (this.next === undefined) {
      // It is kept, and belongs to no call of the application that may have asked for it.
      const afterLast = detached(() =>
        this.last.then(() => {
          this.next = undefined;
          return this.work();
        }),
      );
      this.next = afterLast;
      this.last = afterLast;
    }
    return this.next;
  }

  /** Brings the files in line a last time and leaves them to whoever comes. Never rejects; memoised. */
  close(): Promise<void> {
    this.closing ??= this.flush().then(() => this.leave());
    return this.closing;
  }

  private async work(): Promise<void> {
    if (this.clock.now() < this.pausedUntilMs) return;
    try {
      await this.writer.sync();
      const records = new Set([...this.writer.waiting, ...this.samples.values()]);
      this.samples.clear();
      if (records.size > 0) await this.write([...records]);
      // What was settled meanwhile.
      await this.writer.sync();
      await this.keepTouched();
    } catch (thrown) {
      this.pausedUntilMs = this.clock.now() + FAILURE_PAUSE_MS;
      this.log(`spool: disk failed with ${describeThrown(thrown)}`);
    }
  }

  private async write(records: readonly TelemetryRecord[]): Promise<void> {
    const grouping = await this.grouper.group(records, NONE, CREDENTIALS_TIMEOUT_MS, this.unaborted);
    for (const record of grouping.withoutCredentials) this.writer.settle(record);
    await this.writer.write(grouping.groups);
    const due = grouping.groups.filter((group) => this.isTakeoverDue(group));
    if (due.length > 0 && this.closing === undefined) await this.takeover.takeOver(due);
  }

  private isTakeoverDue({ fingerprint }: IdentityGroup): boolean {
    const now = this.clock.now();
    if (now - (this.lookedAtMs.get(fingerprint) ?? -Infinity) < TAKEOVER_INTERVAL_MS) return false;
    for (const [identity, atMs] of this.lookedAtMs) {
      if (now - atMs >= TAKEOVER_INTERVAL_MS) this.lookedAtMs.delete(identity);
    }
    this.lookedAtMs.set(fingerprint, now);
    return true;
  }

  /** Shows other processes that this one is alive, for as long as it has files. */
  private async keepTouched(): Promise<void> {
    const { segments } = this.copies;
    if (segments.length === 0) return;
    this.touchTimer ??= this.clock.setTimeout(() => {
      this.touchTimer = undefined;
      void this.flush();
    }, TOUCH_INTERVAL_MS);
    if (this.clock.now() - this.touchedAtMs < TOUCH_INTERVAL_MS) return;
    this.touchedAtMs = this.clock.now();
    for (const { name } of segments) await this.directory.touch(name);
  }

  private async leave(): Promise<void> {
    this.clock.clearTimeout(this.writeTimer);
    this.clock.clearTimeout(this.touchTimer);
    for (const segment of this.copies.segments) {
      // A file that is not there any more keeps nothing.
      if (!(await this.directory.release(segment.name))) this.copies.forget(segment);
    }
  }
}
