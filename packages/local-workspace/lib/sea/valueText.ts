import type { DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../engine/types';
import { doubleText, floatText } from '../results/numberText';
import { toMicros, toText, timestampText } from '../results/values';

/** A value as JSON_ARRAY and CSV have it. */
export function valueText(value: DuckDBValue, type: SqlType): string | null {
  if (value === null) return null;
  switch (type.kind) {
    case 'void':
      return null;
    case 'timestamp':
      return `${isoTimestamp(toMicros(value))}Z`;
    case 'timestamp_ntz':
      return isoTimestamp(toMicros(value));
    case 'double':
      return doubleText(Number(value));
    case 'float':
      return floatText(Number(value));
    default:
      return toText(value, type);
  }
}

/** ISO 8601 with at least milliseconds. */
function isoTimestamp(micros: bigint): string {
  const [seconds = '', fraction = ''] = timestampText(micros).replace(' ', 'T').split('.');
  return `${seconds}.${fraction.padEnd(3, '0')}`;
}
