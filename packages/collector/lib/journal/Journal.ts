import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { checkSegmentHeader, ENTRY_HEADER_BYTES, entryHeader, type JournalPosition } from './format';
import { headerOf, listSegments, segmentFile } from './segments';
import { SegmentWriter } from './SegmentWriter';

export interface JournalOptions {
  readonly folder: string;
  /** Bytes on disk that wait for the store; beyond it nothing more is taken. */
  readonly maxBytes: number;
  /** Bytes in memory that wait for their commit. */
  readonly maxPendingBytes: number;
  readonly segmentBytes: number;
  /** Told after every commit, in order. */
  readonly onCommit: (position: JournalPosition) => void;
}

export type AppendResult =
  { readonly kind: 'committed' } | { readonly kind: 'full' } | { readonly kind: 'failed'; readonly code: string };

interface Waiting {
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly settle: (result: AppendResult) => void;
}

/**
 * What was accepted and is not yet in the store: append-only segments, one `fdatasync` for all that arrived while the
 * previous one ran. One writer, this object; the loader reads up to the last committed position.
 */
export class Journal {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private committing: Promise<void> | undefined;
  private writer: SegmentWriter | undefined;
  private nextSegment: number;
  private readonly sizes = new Map<number, number>();
  private lastFailure: string | undefined;
  private loaded: JournalPosition = { segment: 0, offset: 0 };

  private constructor(
    private readonly options: JournalOptions,
    firstSegment: number,
  ) {
    this.nextSegment = firstSegment;
  }

  /**
   * Opens the journal behind `loaded`: what an earlier process left is announced as committed, older segments go.
   * Throws a NewerVersionError.
   */
  static open(options: JournalOptions, loaded: JournalPosition): Journal {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const segments = listSegments(options.folder);
    const journal = new Journal(options, Math.max(loaded.segment, ...segments, 0) + 1);
    for (const segment of segments) {
      const file = segmentFile(options.folder, segment);
      checkSegmentHeader(headerOf(file));
      journal.sizes.set(segment, statSync(file).size);
    }
    journal.release(loaded);
    const last = Math.max(...segments, 0);
    if (last > 0) options.onCommit({ segment: last, offset: journal.sizes.get(last) ?? 0 });
    return journal;
  }

  /** Bytes on disk and in memory that the store does not hold yet. */
  get bytes(): number {
    let sum = this.waitingBytes;
    for (const size of this.sizes.values()) sum += size;
    return this.sizes.has(this.loaded.segment) ? sum - this.loaded.offset : sum;
  }

  /** Code of the last failed commit; undefined while the journal works. */
  get failure(): string | undefined {
    return this.lastFailure;
  }

  /** Settles when `payload` is on disk, or says why it is not. Never rejects. */
  append(payload: Buffer): Promise<AppendResult> {
    const bytes = payload.length + ENTRY_HEADER_BYTES;
    if (this.waitingBytes + bytes > this.options.maxPendingBytes || this.bytes + bytes > this.options.maxBytes) {
      return Promise.resolve({ kind: 'full' });
    }
    this.waitingBytes += bytes;
    return new Promise((settle) => {
      this.waiting.push({ header: entryHeader(payload), payload, settle });
      this.committing ??= this.commitAll();
    });
  }

  /** Deletes the segments before `loaded`. */
  release(loaded: JournalPosition): void {
    this.loaded = loaded;
    for (const segment of this.sizes.keys()) {
      if (segment >= loaded.segment) continue;
      try {
        rmSync(segmentFile(this.options.folder, segment), { force: true });
      } catch {
        // A folder that cannot be written: the next release tries again.
        continue;
      }
      this.sizes.delete(segment);
    }
  }

  /** Commits what waits and closes. Nothing may be appended afterwards. */
  async close(): Promise<void> {
    await this.committing;
    await this.writer?.close();
    this.writer = undefined;
  }

  private async commitAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      const parts = group.flatMap(({ header, payload }) => [header, payload]);
      const bytes = parts.reduce((sum, part) => sum + part.length, 0);
      const result = await this.commitGroup(parts, bytes);
      this.waitingBytes -= bytes;
      for (const { settle } of group) settle(result);
    }
    this.committing = undefined;
  }

  private async commitGroup(parts: readonly Buffer[], bytes: number): Promise<AppendResult> {
    try {
      const writer = (this.writer ??= await this.newSegment());
      await writer.commit(parts, bytes);
      this.lastFailure = undefined;
      this.sizes.set(writer.segment, writer.committed);
      this.options.onCommit({ segment: writer.segment, offset: writer.committed });
      if (writer.committed >= this.options.segmentBytes) await this.closeSegment();
      return { kind: 'committed' };
    } catch (error) {
      this.lastFailure = codeOf(error);
      await this.giveUpSegment();
      return { kind: 'failed', code: this.lastFailure };
    }
  }

  private async newSegment(): Promise<SegmentWriter> {
    const segment = this.nextSegment;
    this.nextSegment += 1;
    const writer = await SegmentWriter.create(this.options.folder, segment);
    this.sizes.set(segment, writer.committed);
    return writer;
  }

  private async closeSegment(): Promise<void> {
    const writer = this.writer;
    this.writer = undefined;
    await writer?.close().catch(() => undefined);
  }

  /** After a failed synchronisation nobody knows what a file holds: the next commit begins a new one. */
  private async giveUpSegment(): Promise<void> {
    const writer = this.writer;
    this.writer = undefined;
    if (writer === undefined) return;
    await writer.giveUp();
    if (!existsSync(segmentFile(this.options.folder, writer.segment))) this.sizes.delete(writer.segment);
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
