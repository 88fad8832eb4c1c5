import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { OptionError, type TokenOptions } from '../options';

const LOOKED_EVERY_MS = 1_000;
const SHORTEST = 8;

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * The tokens of one role. A file is read again when it changes; one that is gone, or holds what is no token, closes the
 * role. Whoever writes a file empties it for a moment: what is not in it is missed when it was looked for twice.
 */
export class Tokens {
  private digests: readonly Buffer[];
  private readMs = 0;
  /** Which file it was when it was read: another one under its name may be older. */
  private seen = '';
  /** Whether the last look found no good token in it. */
  private isMissing = false;

  /** Throws an OptionError for a file that cannot be read or holds no token. */
  constructor(private readonly options: TokenOptions) {
    this.digests = (options.tokens ?? []).map(checked).map(digest);
    if (options.file === undefined) return;
    this.refresh(performance.now());
    if (this.isMissing) throw new OptionError(`${options.file} cannot be read or holds no token.`);
  }

  /** Whether the role has tokens at all. */
  get configured(): boolean {
    return this.options.file !== undefined || (this.options.tokens ?? []).length > 0;
  }

  /** Compares with every token, in a time that does not depend on them. `nowMs` never goes back. */
  accepts(token: string, nowMs: number): boolean {
    if (this.options.file !== undefined && nowMs - this.readMs >= LOOKED_EVERY_MS) this.refresh(nowMs);
    const given = digest(token);
    let found = false;
    for (const known of this.digests) found = timingSafeEqual(known, given) || found;
    return found;
  }

  private refresh(nowMs: number): void {
    const { file, tokens } = this.options;
    if (file === undefined) return;
    this.readMs = nowMs;
    const wasMissing = this.isMissing;
    this.isMissing = true;
    try {
      const { ino, size, mtimeMs, ctimeMs } = statSync(file);
      const seen = [ino, size, mtimeMs, ctimeMs].join(' ');
      if (seen !== this.seen) {
        const inFile = tokensIn(readFileSync(file, 'utf8'));
        if (inFile.length === 0 && !wasMissing) return;
        this.digests = [...(tokens ?? []), ...inFile].map(checked).map(digest);
        this.seen = seen;
      }
      this.isMissing = false;
    } catch {
      // Fails closed: without its file nobody has the role.
      if (wasMissing) this.digests = [];
      this.seen = '';
    }
  }
}

/** The tokens of a file: one a line, `#` begins a comment. */
export const tokensIn = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');

/** `token`; throws an OptionError, which does not repeat it, when it can be none. */
export function checked(token: string): string {
  if (token.length < SHORTEST) throw new OptionError(`A token must have at least ${SHORTEST} characters.`);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new OptionError('A token must be of printable ASCII, without spaces.');
  return token;
}
