import { createWriteStream, type Stats } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { systemClock } from '../util/clock';
import { factsOf } from '../util/foreign';
import { takeLock } from '../util/lockFile';
import { appendPrivately } from '../util/privateFile';

export interface RotationLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly maxFiles: number;
  readonly gzip: boolean;
}

/** Longer than it takes to put a file aside and to compress it. */
const STALE_LOCK_MS = 10 * 60_000;

/** The files that `file` was put aside as: `.1` is the newest, compressed ones end in `.gz`. */
export class RotatedFiles {
  private compressing: Promise<void> = Promise.resolve();
  /** The file as it was first seen here, for file systems that do not say when one was made. */
  private seen = { inode: -1, sinceMs: 0 };

  constructor(
    private readonly file: string,
    private readonly limits: RotationLimits,
  ) {}

  /**
   * Puts the file aside when it is too old, or too large with `bytes` more, unless another process is about to. Rejects as
   * the file system does.
   */
  async makeRoom(bytes: number): Promise<void> {
    if (!(await this.isDue(bytes))) return;
    await this.compressed();
    const unlock = await takeLock(`${this.file}.lock`, STALE_LOCK_MS);
    if (unlock === undefined) return;
    try {
      // Another process may have done it meanwhile.
      if (!(await this.isDue(bytes))) return;
      await this.shift();
      await rename(this.file, this.aside(1));
      if (this.limits.gzip) this.compressing = compress(this.aside(1), this.file);
    } finally {
      // Nobody else may move what is being compressed.
      this.compressing = this.compressing.then(unlock);
    }
  }

  /** When nothing is being compressed. Never rejects: a file that could not be compressed stays as it is. */
  compressed(): Promise<void> {
    return this.compressing;
  }

  private async isDue(bytes: number): Promise<boolean> {
    const found = await lstat(this.file).catch(() => undefined);
    // What is no file is refused by who opens it.
    if (found === undefined || !found.isFile() || found.size === 0) return false;
    return found.size + bytes > this.limits.maxBytes || this.ageMsOf(found) >= this.limits.maxAgeMs;
  }

  /** A birth time of 0 is none; where a file system gives the time of the last change instead, the first sight is earlier. */
  private ageMsOf({ ino, birthtimeMs }: Stats): number {
    const nowMs = systemClock.epochMs();
    if (this.seen.inode !== ino) this.seen = { inode: ino, sinceMs: nowMs };
    const { sinceMs } = this.seen;
    return nowMs - (birthtimeMs > 0 ? Math.min(birthtimeMs, sinceMs) : sinceMs);
  }

  private aside(number: number): string {
    return `${this.file}.${number}`;
  }

  /** Makes way for a new `.1`; the oldest goes. */
  private async shift(): Promise<void> {
    const last = Math.max(1, Math.floor(this.limits.maxFiles));
    for (const ending of ['', '.gz']) {
      await rm(`${this.aside(last)}${ending}`, { force: true });
      for (let number = last - 1; number >= 1; number -= 1) {
        await rename(`${this.aside(number)}${ending}`, `${this.aside(number + 1)}${ending}`).catch(ignoreMissing);
      }
    }
  }
}

function ignoreMissing(failure: unknown): void {
  if (factsOf(failure)['code'] !== 'ENOENT') throw failure;
}

/**
 * Whole or not at all: what ends in `.gz` can be read whenever the process dies. Another process that had the file open may
 * write to it to the last moment: that goes to `next`.
 */
async function compress(file: string, next: string): Promise<void> {
  const unfinished = `${file}.gz.tmp`;
  try {
    await rm(unfinished, { force: true });
    const handle = await open(file);
    try {
      const source = handle.createReadStream({ autoClose: false });
      await pipeline(source, createGzip(), createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }));
      await rename(unfinished, `${file}.gz`);
      await rm(file);
      const rest = await handle.readFile('utf8');
      if (rest !== '') await appendPrivately(next, rest);
    } finally {
      await handle.close();
    }
  } catch {
    // The plain file is still there.
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}
