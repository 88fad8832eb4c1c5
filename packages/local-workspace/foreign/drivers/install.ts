import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** First words that `command` prints, or undefined when it cannot be run. */
export function outputOf(command: string, ...args: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() || stderr.trim() : undefined;
}

/** Runs a step of an installation; what it prints goes to standard error. Throws when it fails. */
export function step(command: string, args: readonly string[], cwd?: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** Calls `fill` for an empty folder of this name in `cache`, unless it was filled from the same `files` before. */
export function filled(cache: string, name: string, files: readonly string[], fill: (folder: string) => void): string {
  const folder = join(cache, name);
  const stamp = join(folder, '.filled-from');
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const digest = hash.digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    fill(folder);
    writeFileSync(stamp, digest);
  }
  return folder;
}
