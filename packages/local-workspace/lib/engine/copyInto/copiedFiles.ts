import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from '../../sql/quote';
import { CATALOG_PREFIX } from '../../sql/rewrite';
import type { VolumeEntry } from '../VolumeFolder';

/** A table by the names of its catalog, schema and itself. */
export type TableName = readonly [catalog: string, schema: string, table: string];

/** In the catalog's hidden schema `main`: each file is copied into a table once, across restarts too. */
const tableOf = (catalog: string): string => `${identifier(CATALOG_PREFIX + catalog.toLowerCase())}.main.copied_files`;

const isOf = ([, schema, table]: TableName): string =>
  `schema_name = ${literal(schema.toLowerCase())} AND table_name = ${literal(table.toLowerCase())}`;

export function copiedFilesTable(catalog: string): string {
  return `CREATE TABLE IF NOT EXISTS ${tableOf(catalog)} (schema_name VARCHAR, table_name VARCHAR, path VARCHAR, size BIGINT, modified BIGINT)`;
}

/** Those of `files` that were not copied into the table as they are now. */
export async function newFiles(
  connection: DuckDBConnection,
  table: TableName,
  files: readonly VolumeEntry[],
): Promise<VolumeEntry[]> {
  const reader = await connection.runAndReadAll(
    `SELECT path, size, modified FROM ${tableOf(table[0])} WHERE ${isOf(table)}`,
  );
  const known = new Set(reader.getRowsJson().map((row) => row.map(String).join('\0')));
  return files.filter(({ path, sizeBytes, modifiedMs }) => !known.has([path, sizeBytes, modifiedMs].join('\0')));
}

/** A statement that remembers `files`. */
export function remember(table: TableName, files: readonly VolumeEntry[]): string {
  const [catalog, schema, name] = table;
  const rows = files.map(
    ({ path, sizeBytes, modifiedMs }) =>
      `(${literal(schema.toLowerCase())}, ${literal(name.toLowerCase())}, ${literal(path)}, ${sizeBytes}, ${modifiedMs})`,
  );
  return `INSERT INTO ${tableOf(catalog)} VALUES ${rows.join(', ')}`;
}

/** A statement that forgets what was copied into a table, or into all of a schema. */
export function forget(catalog: string, schema: string, table?: string): string {
  const which = table === undefined ? `schema_name = ${literal(schema.toLowerCase())}` : isOf([catalog, schema, table]);
  return `DELETE FROM ${tableOf(catalog)} WHERE ${which}`;
}
