import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Archive } from './Archive';
import { Loader } from './Loader';
import { openDatabase, type DuckSettings } from './open';
import { QueryPool } from './QueryPool';

export interface StoreSettings extends DuckSettings {
  readonly recentDays: number;
}

/** An open database with what works on it. */
export interface Opened {
  readonly instance: DuckDBInstance;
  /** Of those who write; one at a time. */
  readonly writer: DuckDBConnection;
  readonly pool: QueryPool;
  readonly loader: Loader;
  readonly archive: Archive;
}

export async function openStore(settings: StoreSettings): Promise<Opened> {
  const instance = await openDatabase(settings);
  try {
    const writer = await instance.connect();
    const archive = new Archive(writer, settings.folder, settings.recentDays);
    await archive.open();
    const loader = await Loader.open(writer);
    return { instance, writer, pool: await QueryPool.open(instance), loader, archive };
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
