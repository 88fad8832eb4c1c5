import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import type { SqlType } from '../engine/types';
import { textSql } from './compile/literals';
import { literal } from './quote';
import { SqlError } from './SqlError';

const TYPES: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  VARCHAR: 'VARCHAR',
  CHAR: 'VARCHAR',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMPTZ',
  TIMESTAMP_LTZ: 'TIMESTAMPTZ',
  TIMESTAMP_NTZ: 'TIMESTAMP',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  INT: 'INTEGER',
  INTEGER: 'INTEGER',
  BIGINT: 'BIGINT',
  LONG: 'BIGINT',
  SMALLINT: 'SMALLINT',
  SHORT: 'SMALLINT',
  TINYINT: 'TINYINT',
  BYTE: 'TINYINT',
  BOOLEAN: 'BOOLEAN',
  BINARY: 'BLOB',
};

const DECIMAL = /^DECIMAL(?:\((\d+)(?:,\s*(\d+))?\))?$/;
const INTERVAL = /^INTERVAL (YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)(?: TO (?:MONTH|HOUR|MINUTE|SECOND))?$/;

/** The value of a bound parameter as a typed DuckDB expression. Throws for a type or value that is none. */
export function parameterSql(parameter: TSparkParameter): string {
  const value = parameterText(parameter);
  if (value === undefined) return 'NULL';
  const type = (parameter.type ?? 'STRING').toUpperCase();
  if (type === 'VOID') return 'NULL';
  const simple = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (simple === 'VARCHAR') return textSql(value);
  if (simple === 'TIMESTAMPTZ') return `__parameter_instant(${literal(value)})`;
  if (simple) return `CAST(${literal(value)} AS ${simple})`;
  const decimal = DECIMAL.exec(type);
  if (decimal) return `CAST(${literal(value)} AS ${decimalType(decimal[1], decimal[2], value)})`;
  const interval = INTERVAL.exec(type);
  if (interval) return intervalSql(value, interval[1] as string, type);
  throw new SqlError('UNSUPPORTED_DATATYPE', '0A000', `Unsupported data type "${type}" of a parameter.`);
}

const SPARK_TYPES: Readonly<Record<string, SqlType['kind'] | undefined>> = {
  VARCHAR: 'string',
  DATE: 'date',
  TIMESTAMPTZ: 'timestamp',
  TIMESTAMP: 'timestamp_ntz',
  FLOAT: 'float',
  DOUBLE: 'double',
  INTEGER: 'int',
  BIGINT: 'bigint',
  SMALLINT: 'smallint',
  TINYINT: 'tinyint',
  BOOLEAN: 'boolean',
  BLOB: 'binary',
};

/** The type of a bound parameter. What is none is void here, and an error when the value is asked for. */
export function parameterType(parameter: TSparkParameter): SqlType {
  const value = parameterText(parameter);
  const type = (parameter.type ?? 'STRING').toUpperCase();
  if (value === undefined) return { kind: 'void' };
  const kind = SPARK_TYPES[(Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) ?? ''];
  if (kind) return { kind } as SqlType;
  const decimal = DECIMAL.exec(type);
  const digits = decimal && /\((\d+), (\d+)\)/.exec(decimalType(decimal[1], decimal[2], value));
  if (digits) return { kind: 'decimal', precision: Number(digits[1]), scale: Number(digits[2]) };
  const interval = INTERVAL.exec(type);
  if (!interval) return { kind: 'void' };
  return {
    kind: interval[1] === 'YEAR' || interval[1] === 'MONTH' ? 'interval year to month' : 'interval day to second',
  };
}

function parameterText({ value }: TSparkParameter): string | undefined {
  const text = value?.stringValue ?? value?.doubleValue ?? value?.booleanValue;
  return text === undefined || text === null ? undefined : String(text);
}

/** Without precision, the type that holds the value exactly, as a server infers it from the literal. */
function decimalType(precision: string | undefined, scale: string | undefined, value: string): string {
  if (precision !== undefined) return `DECIMAL(${precision}, ${scale ?? 0})`;
  const digits = /^[+-]?(\d*)(?:\.(\d*))?$/.exec(value.trim());
  if (!digits) return 'DECIMAL(38, 18)';
  const fraction = Math.min(digits[2]?.length ?? 0, 37);
  const whole = Math.max((digits[1] ?? '').replace(/^0+/, '').length, 1);
  return `DECIMAL(${Math.min(whole + fraction, 38)}, ${fraction})`;
}

function intervalSql(value: string, unit: string, type: string): string {
  const months = /^([+-]?)(\d+)-(\d+)$/.exec(value);
  // Years and months together are no interval of months alone.
  if (months && type !== 'INTERVAL YEAR TO MONTH') throw wrongInterval(value, type);
  if (months) {
    const total = Number(months[2]) * 12 + Number(months[3]);
    return `to_months(${months[1] === '-' ? -total : total})`;
  }
  const micros = dayTimeMicros(value);
  if (micros !== undefined) return `to_microseconds(${micros})`;
  if (/^[+-]?\d+$/.test(value)) return `CAST(${literal(`${value} ${unit.toLowerCase()}s`)} AS INTERVAL)`;
  return `CAST(${literal(value)} AS INTERVAL)`;
}

function wrongInterval(value: string, type: string): SqlError {
  return new SqlError(
    'INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING',
    '22006',
    `Error parsing '${value}' to interval: it does not match the format of \`${type}\`.`,
  );
}

/** Microseconds of `[-]D HH:MM:SS[.f]`, undefined for any other text. */
export function dayTimeMicros(value: string): bigint | undefined {
  const match = /^([+-]?)(\d+) (\d+):(\d+):(\d+)(?:\.(\d{1,9}))?$/.exec(value.trim());
  if (!match) return undefined;
  const [, sign, days, hours, minutes, seconds, fraction = ''] = match;
  const total =
    ((BigInt(days as string) * 24n + BigInt(hours as string)) * 60n + BigInt(minutes as string)) * 60n +
    BigInt(seconds as string);
  const micros = total * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return sign === '-' ? -micros : micros;
}
