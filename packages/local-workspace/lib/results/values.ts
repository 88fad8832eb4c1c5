import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBArrayValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBVariantValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { SqlType } from '../engine/types';
import { localMicros } from '../sql/zoneClock';
import { SqlError } from '../sql/SqlError';
import { floatNumber } from './numberText';

const BIGINT_MIN = -(2n ** 63n);
const BIGINT_MAX = 2n ** 63n - 1n;
const MICROS_PER_SECOND = 1_000_000n;
const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND;

/** The 64-bit integer that `value` is. Throws ARITHMETIC_OVERFLOW for one that does not fit. */
export function toBigInt(value: DuckDBValue): bigint {
  const integer = typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)));
  if (integer < BIGINT_MIN || integer > BIGINT_MAX) {
    throw new SqlError(
      'ARITHMETIC_OVERFLOW',
      '22003',
      'long overflow. Use `try_add` or a wider type to avoid the overflow.',
    );
  }
  return integer;
}

/** The digits of a decimal without its point. */
export function toUnscaled(value: DuckDBValue, scale: number): bigint {
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (typeof value === 'bigint') return value * 10n ** BigInt(scale);
  return BigInt(Math.round(Number(value) * 10 ** scale));
}

/** Microseconds since the epoch. */
export function toMicros(value: DuckDBValue): bigint {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return value.micros;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * MICROS_PER_SECOND;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos / 1000n;
  return 0n;
}

export function toDays(value: DuckDBValue): number {
  return value instanceof DuckDBDateValue ? value.days : 0;
}

export function toMonths(value: DuckDBValue): number {
  return value instanceof DuckDBIntervalValue ? value.months : 0;
}

/** Microseconds of an interval of days and less. */
export function toDuration(value: DuckDBValue): bigint {
  if (!(value instanceof DuckDBIntervalValue)) return 0n;
  return (BigInt(value.days) + BigInt(value.months) * 30n) * MICROS_PER_DAY + value.micros;
}

export function toBytes(value: DuckDBValue): Uint8Array {
  return value instanceof DuckDBBlobValue ? value.bytes : Buffer.from(String(value));
}

/** The text of a non-null value, as a warehouse writes it into a string column. */
export function toText(value: DuckDBValue, type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return decimalText(toUnscaled(value, type.scale), type.scale);
    case 'date':
      return dateText(toDays(value));
    case 'timestamp':
      return timestampText(localMicros(toMicros(value), type.zone));
    case 'timestamp_ntz':
      return timestampText(toMicros(value));
    case 'interval year to month':
      return value instanceof DuckDBIntervalValue ? yearMonthText(value.months) : String(value);
    case 'interval day to second':
      return value instanceof DuckDBIntervalValue ? dayTimeText(value) : String(value);
    case 'binary':
      return Buffer.from(toBytes(value)).toString('base64');
    case 'array':
    case 'map':
    case 'struct':
    case 'variant':
      return typeof value === 'string' ? value : toJson(value, type);
    default:
      return String(value);
  }
}

/** The JSON that a complex value is written as. */
export function toJson(value: DuckDBValue, type: SqlType): string {
  if (value === null) return 'null';
  if (value instanceof DuckDBVariantValue) return toJson(value.value, type);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    const element: SqlType = type.kind === 'array' ? type.element : { kind: 'variant' };
    return `[${value.items.map((item) => toJson(item, element)).join(',')}]`;
  }
  if (value instanceof DuckDBStructValue) {
    const fields = type.kind === 'struct' ? type.fields : [];
    const entries = Object.entries(value.entries);
    return `{${entries.map(([name, item], i) => member(fields[i]?.name ?? name, item, fields[i]?.type)).join(',')}}`;
  }
  if (value instanceof DuckDBMapValue) {
    const key: SqlType = type.kind === 'map' ? type.key : { kind: 'variant' };
    const item: SqlType = type.kind === 'map' ? type.value : { kind: 'variant' };
    return `{${value.entries.map((entry) => member(toText(entry.key, key), entry.value, item)).join(',')}}`;
  }
  return scalarJson(value, type);
}

function member(name: string, value: DuckDBValue, type: SqlType = { kind: 'variant' }): string {
  return `${JSON.stringify(name)}:${toJson(value, type)}`;
}

function scalarJson(value: DuckDBValue, type: SqlType): string {
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return JSON.stringify(String(value));
    return String(type.kind === 'float' ? floatNumber(value) : value);
  }
  if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale);
  if (type.kind === 'variant' && typeof value === 'string') return isJsonText(value) ? value : JSON.stringify(value);
  return JSON.stringify(toText(value, type));
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function dateText(days: number): string {
  return isoDate(new Date(days * 86_400_000));
}

/** `YYYY-MM-DD HH:MM:SS[.f]` as a clock in UTC shows it. */
export function timestampText(micros: bigint): string {
  const day = floorDivide(micros, MICROS_PER_DAY);
  const rest = micros - day * MICROS_PER_DAY;
  return `${isoDate(new Date(Number(day) * 86_400_000))} ${clock(rest, '')}`;
}

function isoDate(date: Date): string {
  const year = date.getUTCFullYear();
  const text = Math.abs(year).toString().padStart(4, '0');
  const month = String(date.getUTCMonth() + 1).padStart(2, '0');
  return `${year < 0 ? '-' : ''}${text}-${month}-${String(date.getUTCDate()).padStart(2, '0')}`;
}

/** `HH:MM:SS` and, when it is not zero or `digits` is given, the fraction. */
function clock(micros: bigint, digits: '' | 'nanos'): string {
  const seconds = micros / MICROS_PER_SECOND;
  const pad = (n: bigint): string => n.toString().padStart(2, '0');
  const base = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  const fraction = (micros % MICROS_PER_SECOND).toString().padStart(6, '0');
  if (digits === 'nanos') return `${base}.${fraction}000`;
  const trimmed = fraction.replace(/0+$/, '');
  return trimmed ? `${base}.${trimmed}` : base;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function yearMonthText(months: number): string {
  const sign = months < 0 ? '-' : '';
  const total = Math.abs(months);
  return `${sign}${Math.floor(total / 12)}-${total % 12}`;
}

function dayTimeText(value: DuckDBIntervalValue): string {
  const total = toDuration(value);
  const absolute = total < 0n ? -total : total;
  const day = absolute / MICROS_PER_DAY;
  return `${total < 0n ? '-' : ''}${day} ${clock(absolute - day * MICROS_PER_DAY, 'nanos')}`;
}
