import type { SqlType } from '../../../engine/types';
import { identifier } from '../../quote';
import { namePath } from '../access';
import { castTo } from '../cast';
import { unified } from '../conditions';
import { differing, mismatch } from '../failures';
import { commonType, isNumeric, meets, namedAlike } from '../sqlTypes';
import { unsupported } from '../../SqlError';
import { checkComparable, extremeOf, sortedList } from '../ordering';
import { arrayOf, BIGINT, BOOLEAN, INT, STRING, VOID, type Typed } from '../Typed';
import { once } from './once';
import { repeated, together } from './room';
import type { Call, Rule } from './rules';
import { sequence } from './sequences';
import { arg, argAs, argsOf, arrayArg } from './support';

export function arrayLiteral(values: readonly Typed[]): Typed {
  if (values.length === 0) return { sql: 'CAST([] AS INTEGER[])', type: arrayOf(VOID) };
  const { values: items, type } = unified(values, 'array');
  const parts = items.map(({ sql }) => sql);
  return { sql: `[${(type.kind === 'array' ? together(parts) : parts).join(', ')}]`, type: arrayOf(type) };
}

/** An array and a value that may be one of its elements, both of one type. */
function withElement(call: Call): { array: string; element: string; type: SqlType } {
  const array = arrayArg(call, 0);
  const value = arg(call, 1);
  const type = commonType(array.type.element, value.type);
  const isAdded = /^array_(?:append|prepend)$/.test(call.name);
  const isMixed =
    [array.type.element, value.type].every(({ kind }) => kind !== 'void') &&
    (array.type.element.kind === 'string') !== (value.type.kind === 'string');
  if (isAdded && !meets(array.type.element, value.type)) throw differing(call.name, [array.type, value.type]);
  if (!type || isMixed || !namedAlike(array.type.element, value.type))
    throw differing(call.name, [array.type, value.type]);
  checkComparable(type);
  return { array: castTo(array, arrayOf(type)).sql, element: castTo(value, type).sql, type };
}

function twoArrays(call: Call): { a: string; b: string; type: SqlType } {
  argsOf(call, 2);
  const arrays = [arrayArg(call, 0), arrayArg(call, 1)] as const;
  if (!meets(arrays[0].type, arrays[1].type)) throw differing(call.name, [arrays[0].type, arrays[1].type]);
  const { values, type } = unified(arrays, call.name);
  checkComparable(type);
  return { a: values[0]?.sql ?? '', b: values[1]?.sql ?? '', type };
}

const guarded = (args: readonly string[], sql: string): string =>
  `(CASE WHEN ${args.map((each) => `${each} IS NULL`).join(' OR ')} THEN NULL ELSE ${sql} END)`;

function zip(call: Call): Typed {
  const arrays = call.args.map((_value, i) => arrayArg(call, i));
  if (arrays.length === 0) throw unsupported('arrays_zip() of nothing');
  const fields = arrays.map(({ type }, i) => ({
    name: namePath(call.nodes[i])?.at(-1) ?? String(i),
    type: type.element,
  }));
  return once(
    arrays.map(({ sql }) => sql),
    '__zipped',
    (...lists) => {
      const items = lists.map((sql, i) => `${identifier(fields[i]?.name ?? '')} := list_extract(${sql}, __i + 1)`);
      const lengths = lists.map((sql) => `len(${sql})`);
      const longest = lengths.length === 1 ? lengths[0] : `greatest(${lengths.join(', ')})`;
      return {
        sql: guarded(lists, `list_transform(range(${longest}), lambda __i: struct_pack(${items.join(', ')}))`),
        type: arrayOf({ kind: 'struct', fields }),
      };
    },
  );
}

function join(call: Call): Typed {
  argsOf(call, 2, 3);
  const array = arrayArg(call, 0);
  const list = castTo(array, arrayOf(STRING)).sql;
  const delimiter = argAs(call, 1, STRING);
  const third = call.args.length > 2 ? argAs(call, 2, STRING) : undefined;
  const kept =
    third === undefined
      ? `list_filter(${list}, lambda __x: __x IS NOT NULL)`
      : `list_transform(${list}, lambda __x: coalesce(__x, ${third}))`;
  const nulls = third === undefined ? [list, delimiter] : [list, delimiter, third];
  return { sql: guarded(nulls, `__join(${kept}, ${delimiter})`), type: STRING };
}

function elementAt(tries: boolean): Rule {
  return (call) => {
    argsOf(call, 2);
    const base = arg(call, 0);
    if (
      base.type.kind === 'map' &&
      (base.type.key.kind === 'string') !== (arg(call, 1).type.kind === 'string') &&
      arg(call, 1).type.kind !== 'void' &&
      isNumeric(base.type.key)
    )
      throw differing(call.name, [base.type, arg(call, 1).type]);
    if (base.type.kind === 'map')
      return {
        sql: `map_extract_value(${base.sql}, ${castTo(arg(call, 1), base.type.key).sql})`,
        type: base.type.value,
      };
    const array = arrayArg(call, 0);
    if (arg(call, 1).type.kind === 'bigint') throw mismatch(call.name);
    const index = argAs(call, 1, INT);
    return { sql: `${tries ? '__try_element_at' : '__element_at'}(${array.sql}, ${index})`, type: array.type.element };
  };
}

function sorted(call: Call): Typed {
  argsOf(call, 1, 2);
  const array = arrayArg(call, 0);
  const ascending = call.args.length > 1 ? arg(call, 1) : undefined;
  if (ascending && typeof ascending.constant !== 'boolean')
    throw unsupported('sort_array() with a direction that is no literal');
  const direction = ascending?.constant === false ? 'DESC' : 'ASC';
  return { sql: sortedList(array.sql, array.type.element, direction), type: array.type };
}

/** The greatest or the least element; a NULL counts for nothing. */
function extreme(which: 'greatest' | 'least'): Rule {
  return (call) => {
    argsOf(call, 1);
    const { sql, type } = arrayArg(call, 0);
    return { sql: extremeOf(sql, type.element, which), type: type.element };
  };
}

function repeat(call: Call): Typed {
  argsOf(call, 2);
  const value = arg(call, 0);
  const count = argAs(call, 1, INT);
  return {
    sql: guarded(
      [count],
      `list_transform(__times(${count}), lambda __i: ${value.type.kind === 'void' ? 'CAST(NULL AS INTEGER)' : repeated(value)})`,
    ),
    type: arrayOf(value.type),
  };
}

export const ARRAY_RULES: Readonly<Record<string, Rule>> = {
  array: (call) => arrayLiteral(call.args),
  sequence,
  arrays_zip: zip,
  array_join: join,
  element_at: elementAt(false),
  try_element_at: elementAt(true),
  array_distinct: (call) => {
    argsOf(call, 1);
    const { sql, type } = arrayArg(call, 0);
    checkComparable(type);
    return { sql: guarded([sql], `__distinct(${sql})`), type };
  },
  sort_array: sorted,
  array_max: extreme('greatest'),
  array_min: extreme('least'),
  array_repeat: repeat,
  get: (call) => {
    argsOf(call, 2);
    const array = arrayArg(call, 0);
    return { sql: `__get(${array.sql}, ${argAs(call, 1, INT)})`, type: array.type.element };
  },
  slice: (call) => {
    argsOf(call, 3);
    const array = arrayArg(call, 0);
    return { sql: `__slice(${array.sql}, ${argAs(call, 1, INT)}, ${argAs(call, 2, INT)})`, type: array.type };
  },
  flatten: (call) => {
    argsOf(call, 1);
    const { sql, type } = arrayArg(call, 0);
    if (type.element.kind !== 'array') throw mismatch('flatten()');
    return {
      sql: `(CASE WHEN len(list_filter(${sql}, lambda __x: __x IS NULL)) > 0 THEN NULL ELSE flatten(${sql}) END)`,
      type: type.element,
    };
  },
  array_contains: (call) => {
    const { array, element } = withElement(call);
    return { sql: `__contains(${array}, ${element})`, type: BOOLEAN };
  },
  array_position: (call) => {
    const { array, element } = withElement(call);
    return {
      sql: guarded([array, element], `CAST(coalesce(list_position(${array}, ${element}), 0) AS BIGINT)`),
      type: BIGINT,
    };
  },
  array_remove: (call) => {
    const { array, element, type } = withElement(call);
    return {
      sql: guarded([array, element], `list_filter(${array}, lambda __x: __x IS NULL OR __x <> ${element})`),
      type: arrayOf(type),
    };
  },
  array_append: (call) => {
    const { array, element, type } = withElement(call);
    return { sql: guarded([array], `list_concat(${array}, [${element}])`), type: arrayOf(type) };
  },
  array_prepend: (call) => {
    const { array, element, type } = withElement(call);
    return { sql: guarded([array], `list_concat([${element}], ${array})`), type: arrayOf(type) };
  },
  array_insert: (call) => {
    argsOf(call, 3);
    const array = arrayArg(call, 0);
    const type = commonType(array.type.element, arg(call, 2).type);
    if (!type) throw differing(call.name, [array.type, arg(call, 2).type]);
    const list = castTo(array, arrayOf(type)).sql;
    if (arg(call, 1).type.kind === 'string') throw mismatch(call.name);
    const position = argAs(call, 1, INT);
    return {
      sql: guarded([list, position], `__insert(${list}, ${position}, ${castTo(arg(call, 2), type).sql})`),
      type: arrayOf(type),
    };
  },
  array_union: (call) => {
    const { a, b, type } = twoArrays(call);
    return { sql: guarded([a, b], `__distinct(list_concat(${a}, ${b}))`), type };
  },
  array_intersect: (call) => {
    const { a, b, type } = twoArrays(call);
    return { sql: guarded([a, b], `__intersect(${a}, ${b})`), type };
  },
  array_except: (call) => {
    const { a, b, type } = twoArrays(call);
    return { sql: guarded([a, b], `__except(${a}, ${b})`), type };
  },
  arrays_overlap: (call) => {
    const { a, b } = twoArrays(call);
    return { sql: `__overlap(${a}, ${b})`, type: BOOLEAN };
  },
};
