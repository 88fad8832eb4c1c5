import { DuckDBIntervalValue, DuckDBTypeId, type DuckDBResult } from '@duckdb/node-api';
import type { RowSource } from '../results/RowSource';
import { shownName } from '../sql/quote';
import type { Zone } from '../sql/zones';
import { shownIn, sqlTypeOf, type SqlType } from './types';

export interface ResultColumn {
  name: string;
  type: SqlType;
  source: DuckDBTypeId;
}

/** DuckDB tells the types of columns; those of intervals and of NULL alone are Spark's. */
export function columnsOf(result: DuckDBResult, expected: readonly { type: SqlType }[], zone: Zone): ResultColumn[] {
  return result.columnNames().map((name, i) => {
    const type = result.columnType(i);
    const known = expected[i]?.type;
    const isVoid = known?.kind === 'void';
    return {
      name: shownName(name),
      type: isVoid || known?.kind.startsWith('interval') === true ? known : shownIn(zone, sqlTypeOf(type)),
      source: isVoid ? DuckDBTypeId.SQLNULL : type.typeId,
    };
  });
}

/** DuckDB has one interval type, Databricks two: the values tell which it is. */
export function refineIntervals({
  columns,
  rows,
}: {
  columns: readonly ResultColumn[];
  rows: RowSource | undefined;
}): readonly ResultColumn[] {
  if (!rows || !columns.some(({ type }) => type.kind === 'interval day to second')) return columns;
  return columns.map((column, i) => {
    if (column.type.kind !== 'interval day to second') return column;
    const values = rows.peek().flatMap((chunk) => chunk.getColumnValues(i));
    const intervals = values.filter((value) => value instanceof DuckDBIntervalValue);
    const months = intervals.some((value) => value.months !== 0);
    const rest = intervals.some((value) => value.days !== 0 || value.micros !== 0n);
    return months && !rest ? { ...column, type: { kind: 'interval year to month' } } : column;
  });
}
