import { rmSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** Runs `work` with a database of its own in `file`, which is gone afterwards. It writes Parquet and CSV. */
export async function withScratch<T>(file: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(file, { memory_limit: '256MB', threads: '1' });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
    if (file !== ':memory:') for (const name of [file, `${file}.wal`]) rmSync(name, { force: true });
  }
}
