import type { SqlType } from '../../engine/types';
import { typeName } from '../../engine/types';
import { identifier } from '../quote';
import { SqlError } from '../SqlError';
import { namePath } from './access';
import { fieldOf } from './cast';
import { unresolvedColumn } from './failures';
import { once } from './functions/once';
import type { Column, Typed } from './Typed';

/**
 * What DuckDB has to sort or compare so that values come in Spark's order: inside of arrays and structs, where NULL is the
 * largest for the one and the smallest for the other, each part has whether it is there before it. NULL stays NULL. Throws
 * for types that have no order.
 */
export function orderKey(value: Typed, depth = 0): string {
  const { sql, type } = value;
  switch (type.kind) {
    case 'map':
    case 'variant':
      throw unordered(type);
    case 'array': {
      const element = `__o${depth}`;
      return `list_transform(${sql}, lambda ${element}: ${part({ sql: element, type: type.element }, depth + 1)})`;
    }
    case 'struct':
      return once([sql], `__s${depth}`, (whole = '') => {
        const parts = type.fields.map(
          ({ name, type: own }) =>
            `${identifier(name)} := ${part({ sql: fieldOf(whole, name), type: own }, depth + 1)}`,
        );
        return { sql: `CASE WHEN ${whole} IS NOT NULL THEN struct_pack(${parts.join(', ')}) END`, type };
      }).sql;
    default:
      return sql;
  }
}

function part(value: Typed, depth: number): string {
  return `struct_pack(n := ${value.sql} IS NOT NULL, v := ${orderKey(value, depth)})`;
}

/** Whether values of a type need a key of their own to be sorted by. */
export function isNested(type: SqlType): boolean {
  return type.kind === 'array' || type.kind === 'struct';
}

/** Throws for values that cannot be told apart: maps and variants, also inside of others. */
export function checkComparable(type: SqlType): void {
  if (incomparable(type)) throw unordered(type);
}

/** Throws for rows of which no two can be told to be one. */
export function checkDistinct(columns: readonly Column[]): void {
  for (const { name, type } of columns) {
    const kind = incomparable(type);
    if (kind)
      throw new SqlError(
        `UNSUPPORTED_FEATURE.SET_OPERATION_ON_${kind.toUpperCase()}_TYPE`,
        '0A000',
        `Cannot have ${kind.toUpperCase()} type columns in DataFrame which calls set operations (INTERSECT, EXCEPT, etc.), but the type of column \`${name}\` is "${typeName(type).toUpperCase()}".`,
      );
  }
}

function incomparable(type: SqlType): 'map' | 'variant' | undefined {
  if (type.kind === 'map' || type.kind === 'variant') return type.kind;
  if (type.kind === 'array') return incomparable(type.element);
  const inner = type.kind === 'struct' ? type.fields.map((field) => incomparable(field.type)) : [];
  return inner.find((kind) => kind !== undefined);
}

function unordered(type: SqlType): SqlError {
  return new SqlError(
    'DATATYPE_MISMATCH.INVALID_ORDERING_TYPE',
    '42K09',
    `Cannot resolve the expression due to data type mismatch: "${typeName(type).toUpperCase()}" has no order.`,
  );
}

/** A list in its order. NULL is the first ascending and the last descending; with `nullsLast`, the last. */
export function sortedList(list: string, element: SqlType, direction: 'ASC' | 'DESC', nullsLast = false): string {
  const last = nullsLast || direction === 'DESC';
  const key = orderKey({ sql: '__y', type: element });
  if (!isNested(element)) return `list_sort(${list}, '${direction}', 'NULLS ${last ? 'LAST' : 'FIRST'}')`;
  const first = last === (direction === 'DESC') ? 'IS NOT NULL' : 'IS NULL';
  const keyed = `list_transform(${list}, lambda __y: struct_pack(n := __y ${first}, k := ${key}, v := __y))`;
  return `list_transform(list_sort(${keyed}, '${direction}'), lambda __p: __p.v)`;
}

/** The greatest or the least in a list; NULL counts for nothing. */
export function extremeOf(list: string, element: SqlType, which: 'greatest' | 'least'): string {
  if (element.kind === 'map' || element.kind === 'variant') throw unordered(element);
  if (!isNested(element)) return `list_${which === 'greatest' ? 'max' : 'min'}(${list})`;
  const present = `list_filter(${list}, lambda __y: __y IS NOT NULL)`;
  return `list_extract(${sortedList(present, element, which === 'greatest' ? 'DESC' : 'ASC')}, 1)`;
}

/** Throws for the name of two columns of the list that are not one value. */
export function checkOneMeaning(node: unknown, items: readonly { name: string; value: Typed }[]): void {
  const [name, more] = namePath(node) ?? [];
  if (name === undefined || more !== undefined) return;
  const values = items.filter((item) => item.name.toLowerCase() === name.toLowerCase()).map(({ value }) => value.sql);
  if (new Set(values).size > 1) throw unresolvedColumn(name);
}
