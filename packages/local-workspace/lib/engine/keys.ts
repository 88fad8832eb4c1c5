import type { DuckDBConnection } from '@duckdb/node-api';
import { quotedName } from '../sql/databricksText';
import { literal } from '../sql/quote';
import { CONSTRAINTS } from './catalogQueries';
import type { NotedTable } from './notes';

export interface Key {
  readonly name: string;
  readonly type: 'PRIMARY KEY' | 'FOREIGN KEY';
  readonly columns: readonly string[];
  /** As it is declared: `PRIMARY KEY (…)`. */
  readonly text: string;
}

/** The keys of a table, the primary one first. */
export async function keysOf(
  { catalog, schema, name }: NotedTable,
  connection: DuckDBConnection,
): Promise<readonly Key[]> {
  const reader = await connection.runAndReadAll(
    `SELECT name, type, columns, referenced_table, referenced_columns FROM ${CONSTRAINTS} WHERE catalog = ${literal(catalog)} ` +
      `AND schema = ${literal(schema)} AND tbl = ${literal(name)} AND type IN ('PRIMARY KEY', 'FOREIGN KEY') ORDER BY type DESC, name`,
  );
  const keys = reader.getRowsJson() as [string, Key['type'], string[], string | null, string[]][];
  return keys.map(([key, type, columns, parent, parentColumns]) => {
    const own = `${type} ${bracketed(columns)}`;
    if (type !== 'FOREIGN KEY') return { name: key, type, columns, text: own };
    const referenced = [catalog, schema, parent ?? ''].map(quotedName).join('.');
    return { name: key, type, columns, text: `${own} REFERENCES ${referenced} ${bracketed(parentColumns)}` };
  });
}

const bracketed = (names: readonly string[]): string => `(${names.map(quotedName).join(', ')})`;
