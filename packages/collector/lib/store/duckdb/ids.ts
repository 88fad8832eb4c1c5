import { listValue, type DuckDBListValue } from '@duckdb/node-api';
import type { Row } from '../Row';

/** Ids of statements that stand in one column, as a parameter `$1::VARCHAR[]`. */
export interface Ids {
  readonly column: 'statementUuid' | 'statementText';
  readonly type: 'UUID' | 'VARCHAR';
  readonly list: DuckDBListValue;
}

/** The ids of `rows` by the column that holds them; no column without any. */
export function idsOf(rows: readonly Row[]): Ids[] {
  return (['statementUuid', 'statementText'] as const).flatMap((column) => {
    const ids = rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : []));
    if (ids.length === 0) return [];
    return [{ column, type: column === 'statementUuid' ? 'UUID' : 'VARCHAR', list: listValue(ids) }];
  });
}
