import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBUUIDValue,
  INTEGER,
  UUID,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { setImmediate } from 'node:timers/promises';
import type { Cell, Row } from '../Row';

export interface AppendColumn {
  readonly name: string;
  readonly type: 'INTEGER' | 'BIGINT' | 'VARCHAR' | 'BOOLEAN' | 'DOUBLE' | 'UUID';
}

const TYPES: Readonly<Record<AppendColumn['type'], DuckDBType>> = { INTEGER, BIGINT, VARCHAR, BOOLEAN, DOUBLE, UUID };
const CHUNK_ROWS = 2048;
const INTEGER_MAX = 2_147_483_647;
/** Fewer rows are not worth a detour. */
const STAGED_ROWS = 256;
const STAGED = 'staged_rows';
/** What is cheap to hand over, and the engine makes the rest of. Times and counts are whole numbers below 2^53. */
const STAGED_TYPES: Partial<Record<AppendColumn['type'], AppendColumn['type']>> = { BIGINT: 'DOUBLE', UUID: 'VARCHAR' };

/**
 * Appends `rows` by column name, inside the transaction of `connection`. Many rows of a wide table come by one of the
 * columns that they use: a column without any value costs as much here as another one, and nothing there.
 */
export async function appendRows(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendColumn[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const isUsed = ({ name }: AppendColumn): boolean => rows.some((row) => row[name] !== undefined && row[name] !== null);
  const used = rows.length < STAGED_ROWS ? columns : columns.filter(isUsed);
  if (used.length === columns.length) {
    await append(connection, table, columns, rows);
    return;
  }
  const staged = used.map(({ name, type }) => ({ name, type: STAGED_TYPES[type] ?? type }));
  const declared = staged.map(({ name, type }) => `"${name}" ${type}`).join(', ');
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${STAGED} (${declared})`);
  await append(connection, STAGED, staged, rows);
  await connection.run(`INSERT INTO ${table} BY NAME SELECT * FROM ${STAGED}`);
}

/** The event loop gets a turn after each chunk. */
async function append(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendColumn[],
  rows: readonly Row[],
): Promise<void> {
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => TYPES[type]);
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const part = rows.slice(start, start + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, part.length);
    columns.forEach(({ name, type }, index) => {
      const valueOf = VALUES[type];
      chunk.setColumnValues(
        index,
        part.map((row) => {
          const cell = row[name];
          return cell === undefined || cell === null ? null : valueOf(cell);
        }),
      );
    });
    appender.appendDataChunk(chunk);
    await setImmediate();
  }
  appender.flushSync();
  appender.closeSync();
}

type Known = Exclude<Cell, null | undefined>;

const VALUES: Readonly<Record<AppendColumn['type'], (cell: Known) => DuckDBValue>> = {
  BIGINT: (cell) => (typeof cell === 'bigint' ? cell : BigInt(Number(cell))),
  INTEGER: (cell) => Math.min(Number(cell), INTEGER_MAX),
  UUID: (cell) => DuckDBUUIDValue.fromUint128(BigInt(`0x${String(cell).replaceAll('-', '')}`)),
  VARCHAR: String,
  BOOLEAN: (cell) => cell,
  DOUBLE: (cell) => cell,
};
