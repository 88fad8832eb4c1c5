import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes `text` the content of `path`, which only this user may read: after a crash all of it is there, or what was before. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  synchronised(temporary, 'w', (file) => writeSync(file, text));
  renameSync(temporary, path);
  // The new name as well.
  synchronised(dirname(path), 'r', () => undefined);
}

function synchronised(path: string, flags: 'r' | 'w', work: (file: number) => unknown): void {
  const file = openSync(path, flags, 0o600);
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
