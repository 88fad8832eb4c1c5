import type { SqlType } from '../../engine/types';
import { typeName } from '../../engine/types';
import { SqlError, unsupported } from '../SqlError';
import { identifier, literal } from '../quote';
import { mergedInterval, narrowedInterval } from './intervals';
import { duckType, isFractional, isIntegral, isInterval, isMoment, isNumeric, sameType } from './sqlTypes';
import { raise } from './failures';
import { textOf } from './text';
import type { Typed } from './Typed';
import { once } from './functions/once';

/** What an impossible value becomes: an error, as Spark's ANSI mode has it, or NULL. */
export type CastMode = 'ansi' | 'try';

/** Words that Spark takes for dates where they stand in a statement. */
const TODAY = /^\s*(?:epoch|now|today|tomorrow|yesterday)\s*$/i;

/** `value` as `to`. Throws for a cast that Spark does not allow, and for one that is not supported here. */
export function castTo(value: Typed, to: SqlType, mode: CastMode = 'ansi'): Typed {
  if (sameType(value.type, to)) return value;
  if (isMoment(to) && typeof value.constant === 'string' && TODAY.test(value.constant))
    throw unsupported(`The date '${value.constant.trim()}'`);
  return { sql: castSql(value.sql, value.type, to, mode), type: to };
}

function castSql(sql: string, from: SqlType, to: SqlType, mode: CastMode): string {
  if (sameType(from, to)) return sql;
  if (isInterval(from) && from.kind === to.kind)
    return sameType(mergedInterval(from, to), to) ? sql : narrowedInterval(sql, to);
  // A value without a type may still fail, as raise_error() does: it is evaluated.
  if (from.kind === 'void') return `CAST(${sql} AS ${duckType(to)})`;
  if (from.kind === 'variant') return fromVariant(sql, to, mode);
  switch (to.kind) {
    case 'string':
      return textOf({ sql, type: from });
    case 'boolean':
      return toBoolean(sql, from, to, mode);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return toIntegral(sql, from, to, mode);
    case 'float':
    case 'double':
      return toFloating(sql, from, to, mode);
    case 'decimal':
      return toDecimal(sql, from, to, mode);
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return toMoment(sql, from, to, mode);
    case 'binary':
      return toBinary(sql, from, to);
    case 'array':
    case 'map':
    case 'struct':
      return toNested(sql, from, to, mode);
    default:
      throw impossible(from, to);
  }
}

function impossible(from: SqlType, to: SqlType): SqlError {
  const text = `Cannot resolve the cast due to data type mismatch: cannot cast "${typeName(from).toUpperCase()}" to "${typeName(to).toUpperCase()}".`;
  const known = isInterval(from) || isInterval(to) || to.kind === 'variant';
  return known
    ? unsupported(`CAST from ${typeName(from)} to ${typeName(to)}`)
    : new SqlError('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION', '42K09', text);
}

const castWord = (mode: CastMode): string => (mode === 'try' ? 'TRY_CAST' : 'CAST');

function fromText(sql: string, to: SqlType, mode: CastMode): string {
  return `${mode === 'try' ? '__try_text_' : '__text_'}${to.kind}(${sql})`;
}

function toBoolean(sql: string, from: SqlType, to: SqlType, mode: CastMode): string {
  if (from.kind === 'string') return fromText(sql, to, mode);
  if (isNumeric(from)) return `(${sql} <> 0)`;
  throw impossible(from, to);
}

function toIntegral(sql: string, from: SqlType, to: SqlType, mode: CastMode): string {
  const type = duckType(to);
  if (from.kind === 'string') return fromText(sql, to, mode);
  if (from.kind === 'boolean') return `CAST(${sql} AS ${type})`;
  if (isIntegral(from)) return `${castWord(mode)}(${sql} AS ${type})`;
  if (isFractional(from)) return `${castWord(mode)}(trunc(${sql}) AS ${type})`;
  if (from.kind === 'decimal') return `${castWord(mode)}(trunc(${sql}) AS ${type})`;
  if (from.kind === 'timestamp') {
    return `${castWord(mode)}(epoch_us(${sql}) // 1000000 - CASE WHEN epoch_us(${sql}) % 1000000 < 0 THEN 1 ELSE 0 END AS ${type})`;
  }
  if (isInterval(from)) throw unsupported('CAST from an interval');
  throw impossible(from, to);
}

function toFloating(sql: string, from: SqlType, to: SqlType, mode: CastMode): string {
  if (from.kind === 'string') return fromText(sql, to, mode);
  // A decimal with many digits becomes a float of another neighbour by way of its fraction.
  if (from.kind === 'decimal' && from.precision > 15 && to.kind === 'float')
    return `__to_float(CAST(CAST(${sql} AS VARCHAR) AS DOUBLE))`;
  if (isNumeric(from) || from.kind === 'boolean')
    return to.kind === 'float' ? `__to_float(${sql})` : `CAST(${sql} AS DOUBLE)`;
  if (from.kind === 'timestamp') return `CAST(epoch_us(${sql}) / 1000000.0 AS ${duckType(to)})`;
  throw impossible(from, to);
}

function toDecimal(sql: string, from: SqlType, to: SqlType & { kind: 'decimal' }, mode: CastMode): string {
  const type = duckType(to);
  if (from.kind === 'string') {
    const digits = `__decimal_digits(${sql})`;
    const tried = `TRY_CAST(${digits} AS ${type})`;
    if (mode === 'try') return tried;
    const outside = raise(
      'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION',
      '22003',
      `The value cannot be represented as ${typeName(to)}.`,
    );
    return `CASE WHEN ${sql} IS NULL THEN NULL WHEN ${digits} IS NULL THEN __malformed(${sql}, ${literal(typeName(to).toUpperCase())}) ELSE coalesce(${tried}, ${outside}) END`;
  }
  if (from.kind === 'boolean') return `${castWord(mode)}(CAST(${sql} AS INTEGER) AS ${type})`;
  if (isFractional(from)) {
    const tried = `TRY_CAST(__decimal_digits(__double_text(CAST(${sql} AS DOUBLE))) AS ${type})`;
    if (mode === 'try') return tried;
    const outside = raise(
      'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION',
      '22003',
      `The value cannot be represented as ${typeName(to)}.`,
    );
    return `CASE WHEN isfinite(${sql}) THEN coalesce(${tried}, ${outside}) END`;
  }
  if (isNumeric(from)) return `${castWord(mode)}(${sql} AS ${type})`;
  if (from.kind === 'timestamp')
    return `${castWord(mode)}(CAST(epoch_us(${sql}) AS DECIMAL(20,0)) / 1000000 AS ${type})`;
  throw impossible(from, to);
}

function toMoment(sql: string, from: SqlType, to: SqlType, mode: CastMode): string {
  const type = duckType(to);
  if (from.kind === 'string') {
    const tried =
      to.kind === 'timestamp' ? `__instant_of_text(${sql})` : `TRY_CAST(__${to.kind}_text(${sql}) AS ${type})`;
    if (mode === 'try') return tried;
    const name = to.kind === 'timestamp_ntz' ? 'TIMESTAMP_NTZ' : to.kind.toUpperCase();
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE coalesce(${tried}, __malformed(${sql}, '${name}')) END`;
  }
  if (from.kind === 'timestamp') return to.kind === 'date' ? `CAST(__local(${sql}) AS DATE)` : `__local(${sql})`;
  if (from.kind === 'date' || from.kind === 'timestamp_ntz')
    return to.kind === 'timestamp' ? `__instant(CAST(${sql} AS TIMESTAMP))` : `CAST(${sql} AS ${type})`;
  if (to.kind === 'timestamp' && isIntegral(from)) return `__instant_of(CAST(${sql} AS HUGEINT) * 1000000)`;
  if (to.kind === 'timestamp' && isFractional(from)) {
    const wrong =
      mode === 'try' ? 'NULL' : raise('CAST_INVALID_INPUT', '22018', 'The value cannot be cast to "TIMESTAMP".');
    return `CASE WHEN ${sql} IS NULL THEN NULL WHEN isfinite(${sql}) THEN make_timestamptz(${castWord(mode)}(trunc(CAST(${sql} AS DOUBLE) * 1000000) AS BIGINT)) ELSE ${wrong} END`;
  }
  if (to.kind === 'timestamp' && isNumeric(from))
    return `make_timestamptz(CAST(trunc(CAST(${sql} AS DOUBLE) * 1000000) AS BIGINT))`;
  throw impossible(from, to);
}

function toBinary(sql: string, from: SqlType, to: SqlType): string {
  if (from.kind === 'string') return `encode(${sql})`;
  throw impossible(from, to);
}

function toNested(sql: string, from: SqlType, to: SqlType, mode: CastMode): string {
  if (from.kind === 'array' && to.kind === 'array') {
    return `list_transform(${sql}, lambda __e: ${castSql('__e', from.element, to.element, mode)})`;
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const key = castSql('__e.key', from.key, to.key, mode);
    const value = castSql('__e.value', from.value, to.value, mode);
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE map_from_entries(list_transform(map_entries(${sql}), lambda __e: struct_pack(k := ${key}, v := ${value}))) END`;
  }
  if (from.kind === 'struct' && to.kind === 'struct' && from.fields.length === to.fields.length) {
    return once([sql], '__s', (whole = '') => {
      const fields = to.fields.map((field, i) => {
        const source = from.fields[i];
        const part = source ? castSql(fieldOf(whole, source.name), source.type, field.type, mode) : 'NULL';
        return `${identifier(field.name)} := ${part}`;
      });
      return { sql: `CASE WHEN ${whole} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`, type: to };
    }).sql;
  }
  throw impossible(from, to);
}

export function fieldOf(sql: string, name: string): string {
  return `struct_extract(${sql}, ${literal(name)})`;
}

/** A variant is JSON; scalars in it convert as the text or number that they are. */
function fromVariant(sql: string, to: SqlType, mode: CastMode): string {
  const text = `json_extract_string(${sql}, '$')`;
  const type = `json_type(${sql})`;
  switch (to.kind) {
    case 'string':
      return `__variant_text(${sql})`;
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'double':
    case 'float':
    case 'decimal': {
      const wrong = raise('INVALID_VARIANT_CAST', '22023', 'The variant value cannot be cast.');
      const read = castSql(text, { kind: 'string' }, to, 'try');
      const tried = `CASE WHEN ${type} NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN coalesce(${read}, ${otherwise(type, text, to)}) END`;
      if (mode === 'try') return `(${tried})`;
      return `(CASE WHEN ${text} IS NOT NULL THEN coalesce(${tried}, ${wrong}) END)`;
    }
    default:
      throw unsupported(`CAST from variant to ${typeName(to)}`);
  }
}

/** What a number or a truth in a variant is where the text of it is no value of the type. */
function otherwise(type: string, text: string, to: SqlType): string {
  const number = `CASE WHEN ${type} IN ('DOUBLE', 'UBIGINT', 'BIGINT', 'HUGEINT') THEN TRY_CAST(${text} AS DOUBLE) WHEN ${type} = 'BOOLEAN' THEN CAST(${text} = 'true' AS INTEGER) END`;
  if (to.kind === 'boolean') return `(${number}) <> 0`;
  return `TRY_CAST(${isIntegral(to) ? `trunc(${number})` : number} AS ${duckType(to)})`;
}
