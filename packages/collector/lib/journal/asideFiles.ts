import { closeSync, fsyncSync, linkSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from './entry';
import type { JournalPosition } from './format';
import { segmentFile } from './segments';

/** What is kept for whoever looks into it: damaged segments, and rows that the store refuses. */
const NAMES = /^(?:\d{10}\.journal\.damaged|\d{10}-\d+\.refused\.json)$/;

/** Writes what the store refuses of the entry at `position` to a file in `folder`, durably, and returns its name. */
export function putAside(folder: string, { segment, offset }: JournalPosition, entry: JournalEntry): string {
  const name = `${String(segment).padStart(10, '0')}-${offset}.refused.json`;
  const file = openSync(join(folder, name), 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(entry));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return name;
}

/** Keeps a damaged segment when the journal deletes it. A second name needs no room. */
export function keepDamaged(folder: string, segment: number): void {
  const path = segmentFile(folder, segment);
  const copy = `${path}.damaged`;
  if (statSync(copy, { throwIfNoEntry: false }) === undefined) linkSync(path, copy);
}

/** Deletes what was put aside before `beforeMs` in the journal of `data`. Returns these files, relative to `data`. */
export function expireAside(data: string, beforeMs: number, dryRun: boolean): string[] {
  const old = readdirSync(join(data, 'journal'))
    .filter((name) => NAMES.test(name))
    .map((name) => join('journal', name))
    .filter((file) => (statSync(join(data, file), { throwIfNoEntry: false })?.mtimeMs ?? beforeMs) < beforeMs);
  if (!dryRun) for (const file of old) rmSync(join(data, file), { force: true });
  return old;
}
