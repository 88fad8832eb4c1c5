import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NewerVersionError } from '../journal/format';
import { replaceFile } from '../replaceFile';

const VERSION = 1;

/** Up to where the query history was asked for, in a file of the data folder. */
export class PullState {
  private readonly file: string;
  private reachedMs: number | undefined;

  /** Throws a NewerVersionError. A file that cannot be read counts as none: then the first pull is a long one again. */
  constructor(folder: string) {
    this.file = join(folder, 'history-pull.json');
    const stored = this.read();
    const { version = VERSION, updatedMs } = stored;
    if (typeof version === 'number' && version > VERSION) {
      throw new NewerVersionError('history-pull.json', version, VERSION);
    }
    if (typeof updatedMs === 'number' && Number.isSafeInteger(updatedMs)) this.reachedMs = updatedMs;
  }

  /** The newest `update_time` that was seen, milliseconds since the epoch; undefined before the first pull. */
  get updatedMs(): number | undefined {
    return this.reachedMs;
  }

  reached(updatedMs: number): void {
    this.reachedMs = updatedMs;
    replaceFile(this.file, `${JSON.stringify({ version: VERSION, updatedMs })}\n`);
  }

  private read(): { version?: unknown; updatedMs?: unknown } {
    try {
      const value: unknown = JSON.parse(readFileSync(this.file, 'utf8'));
      return typeof value === 'object' && value !== null ? value : {};
    } catch {
      return {};
    }
  }
}
