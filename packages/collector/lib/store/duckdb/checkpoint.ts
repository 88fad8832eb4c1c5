import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { bytesOf, LOG_FILE } from './databaseFile';
import { isGivenUp } from './failures';

const MIB = 2 ** 20;
/** A checkpoint writes the last groups of rows anew, beside what is in the log. */
const MARGIN_BYTES = 16 * MIB;
/** A log as large as this is worth one: seldom, and with more in it. */
const LARGE_BYTES = 64 * MIB;
/** There while a checkpoint runs, and from one on that failed or was killed. */
const MARK = 'checkpoint-under-way';

/**
 * Brings the log into the file of the database, if there is room for that; until then the log keeps everything. A
 * checkpoint that fails or is killed leaves a mark in the log, and a log with two marks cannot be read any more: after
 * one there is no other until the database has been made anew (see `rebuild`). The engine itself makes none
 * (`openDatabase`), because it does not look whether there is room.
 */
export async function checkpoint(connection: DuckDBConnection, folder: string): Promise<void> {
  if (hasFailedCheckpoint(folder) || !hasRoom(folder, 2 * bytesOf(folder, LOG_FILE))) return;
  const mark = join(folder, MARK);
  syncedFile(mark);
  try {
    await connection.run('CHECKPOINT');
  } catch (error) {
    if (!isGivenUp(error)) rmSync(mark);
    throw error;
  }
  rmSync(mark);
}

/** The same for a log that has become large. */
export async function checkpointLarge(connection: DuckDBConnection, folder: string): Promise<void> {
  if (hasLargeLog(folder)) await checkpoint(connection, folder);
}

export const hasLargeLog = (folder: string): boolean => bytesOf(folder, LOG_FILE) > LARGE_BYTES;

/** Whether the log of the database has the mark of a checkpoint that failed or was killed, or may have it. */
export const hasFailedCheckpoint = (folder: string): boolean => existsSync(join(folder, MARK));

export const forgetFailedCheckpoint = (folder: string): void => rmSync(join(folder, MARK), { force: true });

/** Whether the file system promises that `bytes` more can be written, and some. */
export function hasRoom(folder: string, bytes: number): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= bytes + MARGIN_BYTES;
}

/** An empty file that survives the loss of power. */
function syncedFile(path: string): void {
  const file = openSync(path, 'w', 0o600);
  fsyncSync(file);
  closeSync(file);
}
