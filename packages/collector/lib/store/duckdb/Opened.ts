import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Archive } from './Archive';
import { Loader } from './Loader';
import { checkpoint, hasFailedCheckpoint } from './checkpoint';
import { bytesOf, LOG_FILE } from './databaseFile';
import { openDatabase, type DuckSettings } from './open';
import { QueryPool } from './QueryPool';
import { finishRebuild, rebuild } from './rebuild';
import { Summaries } from './Summaries';

export interface StoreSettings extends DuckSettings {
  readonly recentDays: number;
}

/** An open database with what works on it. */
export interface Opened {
  readonly folder: string;
  readonly instance: DuckDBInstance;
  /** Of those who write; one at a time. */
  readonly writer: DuckDBConnection;
  readonly pool: QueryPool;
  /** What questions are asked with, through the pool. */
  readonly summaries: Summaries;
  readonly loader: Loader;
  readonly archive: Archive;
}

export async function openStore(settings: StoreSettings): Promise<Opened> {
  const { folder } = settings;
  const hadLog = bytesOf(folder, LOG_FILE) > 0;
  const instance = await openSound(settings);
  try {
    const writer = await instance.connect();
    const archive = new Archive(writer, folder, settings.recentDays);
    await archive.open();
    const pool = await QueryPool.open(instance);
    const summaries = new Summaries();
    const loader = await Loader.open(writer, summaries, archive);
    if (hadLog) await checkpoint(writer, folder);
    return { folder, instance, writer, pool, summaries, loader, archive };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** The database, made anew when a checkpoint has failed and there is room for a copy. */
async function openSound(settings: StoreSettings): Promise<DuckDBInstance> {
  const { folder } = settings;
  finishRebuild(folder);
  const instance = await openDatabase(settings);
  if (!hasFailedCheckpoint(folder)) return instance;
  const isRebuilt = await rebuild(instance, folder).catch((error: unknown) => {
    instance.closeSync();
    throw error;
  });
  if (!isRebuilt) return instance;
  instance.closeSync();
  finishRebuild(folder);
  return openDatabase(settings);
}

/** Waits for the questions that are being answered, then closes the files. */
export async function closeStore({ instance, writer, pool }: Opened): Promise<void> {
  await pool.close();
  writer.closeSync();
  instance.closeSync();
}
