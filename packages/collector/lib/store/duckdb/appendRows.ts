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

/** Appends `rows` by column name, inside the transaction of `connection`. The event loop gets a turn after each chunk. */
export async function appendRows(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendColumn[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => TYPES[type]);
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const part = rows.slice(start, start + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, part.length);
    columns.forEach(({ name, type }, index) => {
      chunk.setColumnValues(
        index,
        part.map((row) => valueOf(type, row[name])),
      );
    });
    appender.appendDataChunk(chunk);
    await setImmediate();
  }
  appender.flushSync();
  appender.closeSync();
}

function valueOf(type: AppendColumn['type'], cell: Cell): DuckDBValue {
  if (cell === null || cell === undefined) return null;
  switch (type) {
    case 'BIGINT':
      return typeof cell === 'bigint' ? cell : BigInt(Number(cell));
    case 'INTEGER':
      return Math.min(Number(cell), INTEGER_MAX);
    case 'UUID':
      return DuckDBUUIDValue.fromUint128(BigInt(`0x${String(cell).replaceAll('-', '')}`));
    case 'VARCHAR':
      return String(cell);
    case 'BOOLEAN':
    case 'DOUBLE':
      return cell;
  }
}
