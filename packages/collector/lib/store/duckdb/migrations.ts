import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { FILE_COUNT_NAMES } from '../../journal/fileCountNames';
import { literal } from '../Selection';
import { selectRows } from './sql';

/** One step to the next version, in a transaction of its caller. Files that it makes count when that is committed. */
type Migration = (connection: DuckDBConnection, folder: string) => Promise<void>;

/** From version n (index 0: from 1) to n + 1. */
export const MIGRATIONS: readonly Migration[] = [renameFileCounts, addFailedFileStatus];

/** Version 2 says files where version 1 said chunks. Databases of version 1 that say files already were made in between. */
async function renameFileCounts(connection: DuckDBConnection, folder: string): Promise<void> {
  await connection.run('DROP VIEW IF EXISTS all_statements');
  for (const [old, name] of await renamesOf(connection, 'statements')) {
    await connection.run(`ALTER TABLE statements RENAME COLUMN "${old}" TO "${name}"`);
  }
  for (const row of await selectRows(connection, 'SELECT file FROM archive')) {
    const file = String(row['file']);
    const source = `read_parquet(${literal(join(folder, file))})`;
    const renames = await renamesOf(connection, source);
    if (renames.length === 0) continue;
    const next = file.replace(/\.parquet$/, '-v2.parquet');
    const temporary = `${join(folder, next)}.tmp`;
    const columns = renames.map(([old, name]) => `"${old}" AS "${name}"`).join(', ');
    await connection.run(
      `COPY (SELECT * RENAME (${columns}) FROM ${source}) TO ${literal(temporary)} ` +
        '(FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)',
    );
    renameSync(temporary, join(folder, next));
    await connection.run(`UPDATE archive SET file = ${literal(next)} WHERE file = ${literal(file)}`);
  }
}

/** Old and new names of the columns of `source` that have their old ones. */
async function renamesOf(connection: DuckDBConnection, source: string): Promise<[string, string][]> {
  const rows = await selectRows(connection, `DESCRIBE SELECT * FROM ${source}`);
  return rows.flatMap(({ column_name: column }): [string, string][] => {
    const name = FILE_COUNT_NAMES.get(String(column));
    return name === undefined ? [] : [[String(column), name]];
  });
}

/** Version 3 keeps the status of a file that failed. Files of older days stay as they are: their statements do not tell. */
async function addFailedFileStatus(connection: DuckDBConnection): Promise<void> {
  await connection.run('ALTER TABLE statements ADD COLUMN IF NOT EXISTS "failedFileStatus" INTEGER');
}
