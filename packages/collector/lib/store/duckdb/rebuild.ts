import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { forgetFailedCheckpoint, hasRoom } from './checkpoint';
import { copyDatabase } from './copyDatabase';
import { bytesOf, DATABASE_FILE, LOG_FILE } from './databaseFile';
import { meaningOf } from './failures';

/** Being written: counts for nothing. */
const NEXT = `${DATABASE_FILE}.next`;
/** Written whole: takes the place of the database and its log, whatever happens meanwhile. */
const WHOLE = `${DATABASE_FILE}.whole`;

/**
 * Copies the database and its log to a file beside them, which `finishRebuild` puts in their place: the way to a short
 * log when a checkpoint has failed. Returns whether it is there; where there is no room everything stays as it is.
 */
export async function rebuild(instance: DuckDBInstance, folder: string): Promise<boolean> {
  removeLeftOvers(folder);
  if (!hasRoom(folder, bytesOf(folder, DATABASE_FILE) + 2 * bytesOf(folder, LOG_FILE))) return false;
  const connection = await instance.connect();
  try {
    await copyDatabase(connection, join(folder, NEXT));
    syncFile(join(folder, NEXT));
    renameSync(join(folder, NEXT), join(folder, WHOLE));
    return true;
  } catch (error) {
    removeLeftOvers(folder);
    if (meaningOf(error) === error) throw error;
    return false;
  } finally {
    connection.closeSync();
  }
}

/** Ends what `rebuild` began, also before a kill. The database must not be open. */
export function finishRebuild(folder: string): void {
  if (!existsSync(join(folder, WHOLE))) return;
  rmSync(join(folder, LOG_FILE), { force: true });
  renameSync(join(folder, WHOLE), join(folder, DATABASE_FILE));
  syncFile(folder);
  forgetFailedCheckpoint(folder);
}

function removeLeftOvers(folder: string): void {
  for (const name of [NEXT, `${NEXT}.wal`]) rmSync(join(folder, name), { force: true });
}

function syncFile(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
