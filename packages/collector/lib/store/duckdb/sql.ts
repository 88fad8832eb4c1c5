import { DuckDBListValue, type DuckDBConnection } from '@duckdb/node-api';

/** Runs `work` in a transaction: all of it, or nothing and the error. */
export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
  await connection.run('COMMIT');
  return result;
}

export async function readMeta(connection: DuckDBConnection, name: string): Promise<string | undefined> {
  const reader = await connection.runAndReadAll('SELECT value FROM meta WHERE name = $1', [name]);
  const value = reader.getRows()[0]?.[0];
  return typeof value === 'string' ? value : undefined;
}

export async function writeMeta(connection: DuckDBConnection, name: string, value: string): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO meta VALUES ($1, $2)', [name, value]);
}

/** Rows as plain objects: BIGINT as number (counts, sizes and times stay below 2^53), NULL as null, lists as arrays. */
export async function selectRows(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly (string | number | boolean | bigint | null)[] = [],
): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql, [...parameters]);
  const names = reader.columnNames();
  return reader.getRows().map((row) => Object.fromEntries(names.map((name, i) => [name, plain(row[i])])));
}

function plain(value: unknown): unknown {
  if (value instanceof DuckDBListValue) return value.items;
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}
