import { open, unlink, type FileHandle } from 'node:fs/promises';
import { SEGMENT_HEADER_BYTES, segmentHeader } from './format';
import { segmentFile } from './segments';

/** One open segment. What it has not synchronised is not committed; after a failure it is never written again. */
export class SegmentWriter {
  private committedBytes = SEGMENT_HEADER_BYTES;

  private constructor(
    private readonly folder: string,
    readonly segment: number,
    private readonly file: FileHandle,
  ) {}

  static async create(folder: string, segment: number): Promise<SegmentWriter> {
    const file = await open(segmentFile(folder, segment), 'wx', 0o600);
    try {
      await file.write(segmentHeader());
      await syncFolder(folder);
    } catch (error) {
      await file.close();
      await unlink(segmentFile(folder, segment)).catch(() => undefined);
      throw error;
    }
    return new SegmentWriter(folder, segment, file);
  }

  get committed(): number {
    return this.committedBytes;
  }

  /** Writes and synchronises `parts`. Rejects with the system's error; then nothing of it counts as committed. */
  async commit(parts: readonly Buffer[], bytes: number): Promise<void> {
    const all = Buffer.concat(parts, bytes);
    let written = 0;
    while (written < bytes) {
      const { bytesWritten } = await this.file.write(all, written, bytes - written, this.committedBytes + written);
      written += bytesWritten;
    }
    await this.file.datasync();
    this.committedBytes += bytes;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Closes after a failed commit: what is not committed goes, and a segment without any commit goes as a whole. */
  async giveUp(): Promise<void> {
    const isEmpty = this.committedBytes === SEGMENT_HEADER_BYTES;
    if (!isEmpty) await this.file.truncate(this.committedBytes).catch(() => undefined);
    await this.file.close().catch(() => undefined);
    if (isEmpty) await unlink(segmentFile(this.folder, this.segment)).catch(() => undefined);
  }
}

/** A new file survives a power failure only when its folder was synchronised. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
