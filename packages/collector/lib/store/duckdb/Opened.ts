import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Archive } from './Archive';
import { Loader } from './Loader';
import { checkpoint, logBytes } from './checkpoint';
import { openDatabase, type DuckSettings } from './open';
import { QueryPool } from './QueryPool';
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
  /** What questions are asked through. */
  readonly summaries: Summaries;
  readonly loader: Loader;
  readonly archive: Archive;
}

export async function openStore(settings: StoreSettings): Promise<Opened> {
  const { folder } = settings;
  const hadLog = logBytes(folder) > 0;
  const instance = await openDatabase(settings);
  try {
    const writer = await instance.connect();
    const archive = new Archive(writer, folder, settings.recentDays);
    await archive.open();
    const pool = await QueryPool.open(instance);
    const summaries = new Summaries(pool);
    const loader = await Loader.open(writer, summaries);
    if (hadLog) await checkpoint(writer, folder);
    return { folder, instance, writer, pool, summaries, loader, archive };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Waits for the questions that are being answered, then closes the files. */
export async function closeStore({ instance, writer, pool }: Opened): Promise<void> {
  await pool.close();
  writer.closeSync();
  instance.closeSync();
}
