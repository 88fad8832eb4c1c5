import type { SqlType } from '../../engine/types';
import { typeName } from '../../engine/types';
import { identifier } from '../quote';
import { mergedInterval } from './intervals';
import { arrayOf, decimal, DOUBLE, VOID } from './Typed';

const INTEGRALS = ['tinyint', 'smallint', 'int', 'bigint'] as const;

export function isIntegral(type: SqlType): boolean {
  return (INTEGRALS as readonly string[]).includes(type.kind);
}

export function isFractional(type: SqlType): boolean {
  return type.kind === 'float' || type.kind === 'double';
}

export function isNumeric(type: SqlType): boolean {
  return isIntegral(type) || isFractional(type) || type.kind === 'decimal';
}

/** Whether values have no parts. */
export function isScalar(type: SqlType): boolean {
  return !['array', 'map', 'struct', 'variant'].includes(type.kind);
}

export function isMoment(type: SqlType): boolean {
  return type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamp_ntz';
}

export function isInterval(type: SqlType): boolean {
  return type.kind === 'interval day to second' || type.kind === 'interval year to month';
}

const DUCK: Readonly<Partial<Record<SqlType['kind'], string>>> = {
  void: 'INTEGER',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
  variant: 'JSON',
  'interval day to second': 'INTERVAL',
  'interval year to month': 'INTERVAL',
};

/** DuckDB's name of the type that holds values of `type`. */
export function duckType(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'array':
      return `${duckType(type.element)}[]`;
    case 'map':
      return `MAP(${duckType(type.key)}, ${duckType(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${identifier(field.name)} ${duckType(field.type)}`).join(', ')})`;
    default:
      return DUCK[type.kind] ?? 'VARCHAR';
  }
}

export function sameType(a: SqlType, b: SqlType): boolean {
  return typeName(a) === typeName(b);
}

/** The decimal that holds every value of a numeric type; undefined for floating ones. */
export function asDecimal(type: SqlType): (SqlType & { kind: 'decimal' }) | undefined {
  switch (type.kind) {
    case 'decimal':
      return type;
    case 'tinyint':
      return decimal(3, 0);
    case 'smallint':
      return decimal(5, 0);
    case 'int':
      return decimal(10, 0);
    case 'bigint':
      return decimal(20, 0);
    default:
      return undefined;
  }
}

/** The type that holds values of both, as Spark finds it for columns of one; undefined when there is none. */
export function commonType(a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  if (isInterval(a) && a.kind === b.kind) return mergedInterval(a, b);
  if (isNumeric(a) && isNumeric(b)) return commonNumber(a, b);
  if (a.kind === 'string') return withText(b);
  if (b.kind === 'string') return withText(a);
  if (isMoment(a) && isMoment(b))
    return { kind: a.kind === 'timestamp' || b.kind === 'timestamp' ? 'timestamp' : 'timestamp_ntz' };
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonType(a.element, b.element);
    return element && arrayOf(element);
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = commonType(a.key, b.key);
    const value = commonType(a.value, b.value);
    return key && value && { kind: 'map', key, value };
  }
  return a.kind === 'struct' && b.kind === 'struct' ? commonStruct(a.fields, b.fields) : undefined;
}

type Fields = readonly { name: string; type: SqlType }[];

function commonStruct(a: Fields, b: Fields): SqlType | undefined {
  if (a.length !== b.length) return undefined;
  const fields: { name: string; type: SqlType }[] = [];
  for (const [i, field] of a.entries()) {
    const other = b[i];
    const type = other && commonType(field.type, other.type);
    if (!type) return undefined;
    fields.push({ name: field.name, type });
  }
  return { kind: 'struct', fields };
}

/** As `commonOf`, where a text does not become another type by itself. */
export function commonWithoutText(types: readonly SqlType[]): SqlType | undefined {
  const common = commonOf(types);
  return common && types.every((type) => keepsText(type, common)) ? common : undefined;
}

/** Whether elements of arrays come to be of one type without a written cast: text stays text, and a decimal holds all of an integer. */
export function meets(a: SqlType, b: SqlType): boolean {
  if (a.kind === 'void' || b.kind === 'void') return true;
  if (a.kind === 'array' && b.kind === 'array') return meets(a.element, b.element);
  if (a.kind === 'decimal' && isIntegral(b)) return holds(a, b);
  if (b.kind === 'decimal' && isIntegral(a)) return holds(b, a);
  return (a.kind === 'string') === (b.kind === 'string');
}

function holds(wide: SqlType & { kind: 'decimal' }, narrow: SqlType): boolean {
  const digits = asDecimal(narrow)?.precision ?? 0;
  return wide.precision - wide.scale >= digits;
}

function keepsText(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return keepsText(from.element, to.element);
  if (from.kind === 'map' && to.kind === 'map') return keepsText(from.key, to.key) && keepsText(from.value, to.value);
  if (from.kind === 'struct' && to.kind === 'struct')
    return from.fields.every(({ type }, i) => keepsText(type, to.fields[i]?.type ?? type));
  return from.kind !== 'string' || to.kind === 'string';
}

/** Whether fields of structs have the same names, whatever the case: values that become one need it, those that are compared do not. */
export function namedAlike(a: SqlType, b: SqlType): boolean {
  if (a.kind === 'array' && b.kind === 'array') return namedAlike(a.element, b.element);
  if (a.kind === 'map' && b.kind === 'map') return namedAlike(a.key, b.key) && namedAlike(a.value, b.value);
  if (a.kind !== 'struct' || b.kind !== 'struct') return true;
  return a.fields.every(({ name, type }, i) => {
    const other = b.fields[i];
    return other !== undefined && other.name.toLowerCase() === name.toLowerCase() && namedAlike(type, other.type);
  });
}

/** Whether values of both can be compared: those of structs whose fields have other names have to be of the same types. */
export function comparable(a: SqlType, b: SqlType): boolean {
  return namedAlike(a, b) || sameType(unnamed(a), unnamed(b));
}

function unnamed(type: SqlType): SqlType {
  if (type.kind === 'array') return arrayOf(unnamed(type.element));
  if (type.kind === 'map') return { kind: 'map', key: unnamed(type.key), value: unnamed(type.value) };
  if (type.kind !== 'struct') return type;
  return { kind: 'struct', fields: type.fields.map((field, i) => ({ name: `f${i}`, type: unnamed(field.type) })) };
}

function commonNumber(a: SqlType, b: SqlType): SqlType {
  if (a.kind === 'double' || b.kind === 'double') return DOUBLE;
  if (isFractional(a) || isFractional(b)) {
    return a.kind === b.kind ? a : DOUBLE;
  }
  if (isIntegral(a) && isIntegral(b)) {
    return INTEGRALS.indexOf(a.kind as 'int') > INTEGRALS.indexOf(b.kind as 'int') ? a : b;
  }
  const left = asDecimal(a);
  const right = asDecimal(b);
  return left && right ? widerDecimal(left, right) : DOUBLE;
}

function widerDecimal(a: { precision: number; scale: number }, b: { precision: number; scale: number }): SqlType {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  // Digits before the point are never given up for those behind it.
  return whole + scale <= 38 ? decimal(Math.max(whole + scale, 1), scale) : decimal(38, Math.max(38 - whole, 0));
}

/** A decimal of at most 38 digits: what does not fit is taken from the fraction, of which six digits stay. */
export function boundedDecimal(precision: number, scale: number): SqlType & { kind: 'decimal' } {
  if (precision <= 38) return decimal(Math.max(precision, 1), scale);
  const whole = precision - scale;
  const kept = Math.min(scale, 6);
  return decimal(38, Math.max(38 - whole, kept));
}

/** In ANSI mode a text beside another type becomes that type; beside a number the widest of its kind. */
function withText(other: SqlType): SqlType | undefined {
  if (isIntegral(other)) return { kind: 'bigint' };
  if (isFractional(other) || other.kind === 'decimal') return DOUBLE;
  if (other.kind === 'boolean' || other.kind === 'binary' || isMoment(other) || isInterval(other)) return other;
  return undefined;
}

export function commonOf(types: readonly SqlType[]): SqlType | undefined {
  let result: SqlType | undefined = VOID;
  for (const type of types) {
    result = result && commonType(result, type);
    if (!result) return undefined;
  }
  return result;
}

/** Whether a value may stand where `to` is asked for, without a written cast. */
export function converts(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'void' || sameType(from, to)) return true;
  if (to.kind === 'string') return isScalar(from);
  if (from.kind === 'string') return isNumeric(to) || isMoment(to) || to.kind === 'boolean' || to.kind === 'binary';
  if (isNumeric(from) && isNumeric(to))
    return commonNumber(from, to).kind === to.kind || to.kind === 'int' || isFractional(to);
  if (isMoment(from) && isMoment(to)) return true;
  if (from.kind === 'array' && to.kind === 'array') return converts(from.element, to.element);
  return false;
}
