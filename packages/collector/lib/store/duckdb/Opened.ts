import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Archive } from './Archive';
import { Loader } from './Loader';
import { openDatabase, type DuckSettings } from './open';
import { QueryPool } from './QueryPool';
import { Summaries } from './Summaries';

export interface StoreSettings extends DuckSettings {
  readonly recentDays: number;
}

/** An open database with what works on it. */
export interface Opened {
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
  const instance = await openDatabase(settings);
  try {
    const writer = await instance.connect();
    const archive = new Archive(writer, settings.folder, settings.recentDays);
    await archive.open();
    const pool = await QueryPool.open(instance);
    const summaries = new Summaries(pool);
    const loader = await Loader.open(writer, summaries);
    return { instance, writer, pool, summaries, loader, archive };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Waits for the questions that are being answered, then lets go of the files. */
export async function closeStore({ instance, writer, pool }: Opened): Promise<void> {
  await pool.close();
  writer.closeSync();
  instance.closeSync();
}
