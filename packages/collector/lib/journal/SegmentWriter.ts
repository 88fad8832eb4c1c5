import { open, unlink, type FileHandle } from 'node:fs/promises';
import { SEGMENT_HEADER_BYTES, segmentHeader } from './format';
import { segmentFile } from './segments';

/** One open segment. What it has not synchronised is not committed; after a failure it is never written again. */
export class SegmentWriter {
  private committedBytes = SEGMENT_HEADER_BYTES;

  private constructor(
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
    return new SegmentWriter(segment, file);
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
