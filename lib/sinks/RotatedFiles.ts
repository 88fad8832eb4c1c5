import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { systemClock } from '../util/clock';
import { factsOf } from '../util/foreign';

export interface RotationLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly maxFiles: number;
  readonly gzip: boolean;
}

/** The files that `file` was put aside as: `.1` is the newest, compressed ones end in `.gz`. */
export class RotatedFiles {
  private compressing: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: string,
    private readonly limits: RotationLimits,
  ) {}

  /** Puts the file aside when it is too old, or too large with `bytes` more. Rejects as the file system does. */
  async makeRoom(bytes: number): Promise<void> {
    const found = await lstat(this.file).catch(() => undefined);
    // What is no file is refused by who opens it.
    if (found === undefined || !found.isFile() || found.size === 0) return;
    const ageMs = systemClock.epochMs() - found.birthtimeMs;
    if (found.size + bytes <= this.limits.maxBytes && ageMs < this.limits.maxAgeMs) return;
    await this.settled();
    await this.shift();
    await rename(this.file, this.aside(1));
    if (this.limits.gzip) this.compressing = compress(this.aside(1));
  }

  /** When nothing is being compressed. Never rejects: a file that could not be compressed stays as it is. */
  settled(): Promise<void> {
    return this.compressing;
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

async function compress(file: string): Promise<void> {
  const target = `${file}.gz`;
  try {
    await pipeline(createReadStream(file), createGzip(), createWriteStream(target, { flags: 'wx', mode: 0o600 }));
    await rm(file);
  } catch {
    // The plain file is still there.
    await rm(target, { force: true }).catch(() => undefined);
  }
}
