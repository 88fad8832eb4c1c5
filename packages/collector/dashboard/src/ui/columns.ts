import type { ComponentChildren } from 'preact';
import { count } from '../format/numbers';
import { interval } from '../format/times';
import type { Column } from './Table';

type Value = number | null;

/** A column of numbers as `format` writes them. */
export function figure<R>(
  name: string,
  value: (row: R) => Value,
  format: (value: Value) => ComponentChildren = count,
  more: Partial<Column<R>> = {},
): Column<R> {
  return { name, right: true, value, cell: (row) => format(value(row)), ...more };
}

/** When a row's stretch of time began and ended. */
export const times = (bucketMs: number): Column<{ readonly timeMs: number }> => ({
  name: 'Time',
  value: ({ timeMs }) => timeMs,
  cell: ({ timeMs }) => interval(timeMs, timeMs + bucketMs, false),
});
