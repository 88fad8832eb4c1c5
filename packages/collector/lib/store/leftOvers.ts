import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Exports, and files that were on their way to a warehouse. The engine's own files are its own to remove. */
const NAMES = /^(?:export-|[\da-f-]{36}\.parquet)/;

/** Removes what an earlier process made in `folder` and did not come to remove: it is telemetry. Nothing else may be at work there. */
export function removeLeftOvers(folder: string): void {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(temporary)) {
    if (NAMES.test(name)) rmSync(join(temporary, name), { recursive: true, force: true });
  }
}
