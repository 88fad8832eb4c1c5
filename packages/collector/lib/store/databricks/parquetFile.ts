import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { appendRows } from '../duckdb/appendRows';
import type { Row } from '../Row';
import { literal } from '../Selection';
import { withScratch } from '../shared/scratch';
import type { SharedTable } from '../shared/tables';

/** Writes `rows` of `table` to a Parquet file under `folder` that `use` may read; it is gone afterwards. */
export async function parquetFile(
  folder: string,
  { key, columns }: SharedTable,
  rows: readonly Row[],
  use: (file: string) => Promise<void>,
): Promise<void> {
  mkdirSync(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  const file = join(folder, 'tmp', `${randomUUID()}.parquet`);
  const all = [key, ...columns];
  try {
    await withScratch(':memory:', async (connection) => {
      await connection.run(`CREATE TABLE leaving (${all.map(({ name, type }) => `"${name}" ${type}`).join(', ')})`);
      await appendRows(connection, 'leaving', all, rows);
      await connection.run(`COPY leaving TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
    });
    await use(file);
  } finally {
    rmSync(file, { force: true });
  }
}
