import type { Clock } from '../../util/clock';
import { RecordEncoder } from '../wire/RecordEncoder';
import type { ExportMode } from '../http/endpoints';
import type { IdentityGroup } from '../http/identityGroups';
import type { EncodedLog } from '../http/BatchBuffer';
import { logBatches } from '../http/logBatches';
import type { TelemetryRecord } from '../../model/records';
import type { SpoolTakeover } from './SpoolTakeover';
import type { SpoolCopies } from './SpoolCopies';
import type { SpoolDirectory } from './SpoolDirectory';
import { encodedLogLine, settledLine } from './spoolLines';

export interface WriterLimits {
  readonly segmentBytes: number;
  /** Of all spool files in the directory. */
  readonly maxBytes: number;
  /** Whether copies hold the local fields: the receiver may be given them, and says so when it is asked. */
  readonly keepsLocal: boolean;
}

const MAX_LOGS = 1000;

/** Keeps this process's files in line with what is pending. One method at a time; rejects as the file system does. */
export class SpoolWriter {
  /** Pending records without a copy; one that is being written stays until it is. */
  private readonly unwritten = new Set<TelemetryRecord>();
  /** Pending records whose copy had to give way to the limit of the directory. */
  private readonly crowdedOut = new Set<TelemetryRecord>();
  private readonly encoders: Readonly<Record<ExportMode, RecordEncoder>>;

  constructor(
    private readonly directory: SpoolDirectory,
    private readonly copies: SpoolCopies,
    private readonly takeover: SpoolTakeover,
    private readonly limits: WriterLimits,
    private readonly clock: Clock,
  ) {
    this.encoders = {
      authenticated: new RecordEncoder(limits.keepsLocal ? 'local' : 'authenticated'),
      unauthenticated: new RecordEncoder('unauthenticated'),
    };
  }

  get waiting(): readonly TelemetryRecord[] {
    return [...this.unwritten];
  }

  get crowdedOutCount(): number {
    return this.crowdedOut.size;
  }

  add(record: TelemetryRecord): void {
    this.unwritten.add(record);
  }

  /** The record is pending no more, or will never have a copy. Returns whether a file has to learn of it. */
  settle(record: TelemetryRecord): boolean {
    this.crowdedOut.delete(record);
    return !this.unwritten.delete(record) && this.copies.settle(record);
  }

  /** Writes those of the groups' records that are still pending. */
  async write(groups: readonly IdentityGroup[]): Promise<void> {
    const limits = { maxLogs: MAX_LOGS, maxBytes: this.limits.segmentBytes / 2 };
    await this.directory.create();
    for (const group of groups) {
      const options = { ...limits, encoder: this.encoders[group.mode], omissions: { omitted: 0 }, clock: this.clock };
      const pending = group.records.filter((record) => this.unwritten.has(record));
      const batches = logBatches(pending, options, (record) => this.unwritten.delete(record));
      for await (const logs of batches) {
        await this.append(
          logs.filter(({ record }) => this.unwritten.has(record)),
          group,
        );
      }
    }
  }

  /** Tells the files what has been settled; those with nothing pending are deleted. */
  async sync(): Promise<void> {
    for (const segment of this.copies.segments) {
      if (segment.records.size === 0) {
        await this.directory.remove(segment.name);
        this.copies.forget(segment);
      } else if (segment.settled.length > 0) {
        const ids = [...segment.settled];
        await this.directory.append(segment.name, settledLine(ids));
        segment.settled.splice(0, ids.length);
      }
    }
  }

  private async append(logs: readonly EncodedLog[], { fingerprint, mode }: IdentityGroup): Promise<void> {
    const lineOf = (log: EncodedLog): string =>
      encodedLogLine(
        { id: log.record.eventId ?? '', queuedAtMs: this.queuedAtEpochMs(log.record), identity: fingerprint, mode },
        log.buffer.text(log),
      );
    const text = logs.map(lineOf).join('');
    const bytes = Buffer.byteLength(text);
    if (!(await this.makeRoom(bytes))) {
      for (const { record } of logs) if (this.unwritten.delete(record)) this.crowdedOut.add(record);
      return;
    }
    const segment = this.copies.segmentFor(bytes);
    await this.directory.append(segment.name, text);
    segment.sizeBytes += bytes;
    for (const { record } of logs) {
      if (this.unwritten.delete(record)) this.copies.add(record, segment);
      else if (record.eventId !== undefined) segment.settled.push(record.eventId);
    }
  }

  /** Lets the oldest files give way: first those of ended processes, then this one's. Others' are not touched. */
  private async makeRoom(bytes: number): Promise<boolean> {
    const files = await this.directory.list();
    let totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, bytes);
    for (const file of files) {
      if (totalBytes <= this.limits.maxBytes) return true;
      if (this.directory.isOrphan(file) && (await this.takeover.discard(file))) totalBytes -= file.sizeBytes;
    }
    for (const segment of this.copies.segments) {
      if (totalBytes <= this.limits.maxBytes) return true;
      await this.directory.remove(segment.name);
      totalBytes -= files.find(({ name }) => name === segment.name)?.sizeBytes ?? 0;
      for (const record of segment.records) this.crowdedOut.add(record);
      this.copies.forget(segment);
    }
    return totalBytes <= this.limits.maxBytes;
  }

  private queuedAtEpochMs({ queuedAtMs }: TelemetryRecord): number {
    return Math.round(this.clock.epochMs() - (queuedAtMs === 0 ? 0 : this.clock.now() - queuedAtMs));
  }
}
