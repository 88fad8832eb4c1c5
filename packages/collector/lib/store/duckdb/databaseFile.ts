import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The database in a data folder, and in a backup. */
export const DATABASE_FILE = 'telemetry.duckdb';

/** What the engine has not brought into the file of the database yet stands in a log beside it. */
export const LOG_FILE = `${DATABASE_FILE}.wal`;

/** Bytes of a file of the data folder; 0 when there is none. */
export function bytesOf(folder: string, name: string): number {
  return statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
}
