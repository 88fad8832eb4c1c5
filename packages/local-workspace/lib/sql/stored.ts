import type { KnownColumn } from './compile/context';
import { castTo } from './compile/cast';
import { raise } from './compile/failures';
import type { Typed } from './compile/Typed';

/** A value as a column keeps it: of its type, and no longer than a VARCHAR(n) or CHAR(n) may be. */
export function stored(value: Typed, { name, type, width }: KnownColumn): string {
  const { sql } = castTo(value, type);
  if (width === undefined || value.type.kind === 'void') return sql;
  const failure = raise(
    'DELTA_EXCEED_CHAR_VARCHAR_LIMIT',
    '22001',
    `A value exceeds char/varchar type length limitation. Failed check: ((${name} IS NULL) OR (length(${name}) <= ${width})).`,
  );
  return `(CASE WHEN length(${sql}) > ${width} THEN ${failure} ELSE ${sql} END)`;
}
