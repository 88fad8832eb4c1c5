import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

const MIB = 2 ** 20;
/** A checkpoint writes the last groups of rows anew, beside what is in the log. */
const MARGIN_BYTES = 16 * MIB;
/** A log as large as this is worth one: seldom, and with more in it. */
const LARGE_BYTES = 64 * MIB;

/** Bytes in the log of the database of `folder`: what a checkpoint would bring into its file. */
export function logBytes(folder: string): number {
  return statSync(join(folder, 'telemetry.duckdb.wal'), { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Brings the log into the file of the database, if there is room for that; until then the log keeps everything. A
 * checkpoint that fails makes the engine give the database up and leaves a mark in the log, and a log with two marks cannot
 * be read any more: so none is tried on a disk that is about to be full, by the engine itself neither (`openDatabase`).
 */
export async function checkpoint(connection: DuckDBConnection, folder: string): Promise<void> {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 2 * logBytes(folder) + MARGIN_BYTES) return;
  await connection.run('CHECKPOINT');
}

/** The same for a log that has become large. */
export async function checkpointLarge(connection: DuckDBConnection, folder: string): Promise<void> {
  if (logBytes(folder) > LARGE_BYTES) await checkpoint(connection, folder);
}
