import { castTo } from '../cast';
import { unified } from '../conditions';
import { mismatch, wrongArguments } from '../failures';
import { arrayOf, BOOLEAN, STRING, VOID, type Typed } from '../Typed';
import { plainPattern } from './strings';
import { textSql } from '../literals';
import { unsupported } from '../../SqlError';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf, arrayArg, mapArg } from './support';

function literalMap(call: Call): Typed {
  const { args } = call;
  if (args.length % 2 !== 0) throw wrongArguments('map', args.length);
  if (args.length === 0)
    return { sql: 'CAST(MAP {} AS MAP(INTEGER, INTEGER))', type: { kind: 'map', key: VOID, value: VOID } };
  const keys = unified(
    args.filter((_value, i) => i % 2 === 0),
    'map',
  );
  const values = unified(
    args.filter((_value, i) => i % 2 === 1),
    'map',
  );
  if (keys.type.kind === 'map') throw mismatch('map()');
  const list = (items: readonly Typed[]): string => `[${items.map(({ sql }) => sql).join(', ')}]`;
  return {
    sql: `__map(${list(keys.values)}, ${list(values.values)})`,
    type: { kind: 'map', key: keys.type, value: values.type },
  };
}

function separator(call: Call, index: number, fallback: string): string {
  const given = call.args[index];
  if (!given) return textSql(fallback);
  const plain = typeof given.constant === 'string' ? plainPattern(given.constant) : undefined;
  if (plain === undefined || plain === '') throw unsupported('str_to_map() with a separator that is a pattern');
  return textSql(plain);
}

export const MAP_RULES: Readonly<Record<string, Rule>> = {
  map: literalMap,
  map_keys: (call) => {
    const { sql, type } = mapArg(call, 0);
    return { sql: `(CASE WHEN ${sql} IS NULL THEN NULL ELSE map_keys(${sql}) END)`, type: arrayOf(type.key) };
  },
  map_values: (call) => {
    const { sql, type } = mapArg(call, 0);
    return { sql: `(CASE WHEN ${sql} IS NULL THEN NULL ELSE map_values(${sql}) END)`, type: arrayOf(type.value) };
  },
  map_entries: (call) => {
    const { sql, type } = mapArg(call, 0);
    const fields = [
      { name: 'key', type: type.key },
      { name: 'value', type: type.value },
    ];
    return {
      sql: `(CASE WHEN ${sql} IS NULL THEN NULL ELSE map_entries(${sql}) END)`,
      type: arrayOf({ kind: 'struct', fields }),
    };
  },
  map_contains_key: (call) => {
    const { sql, type } = mapArg(call, 0);
    return {
      sql: `(CASE WHEN ${sql} IS NULL THEN NULL ELSE list_contains(map_keys(${sql}), ${castTo(arg(call, 1), type.key).sql}) END)`,
      type: BOOLEAN,
    };
  },
  map_from_arrays: (call) => {
    argsOf(call, 2);
    const [keys, values] = [arrayArg(call, 0), arrayArg(call, 1)];
    return {
      sql: `__map_of(${keys.sql}, ${values.sql})`,
      type: { kind: 'map', key: keys.type.element, value: values.type.element },
    };
  },
  map_from_entries: (call) => {
    argsOf(call, 1);
    const { sql, type } = arrayArg(call, 0);
    const { element } = type;
    if (element.kind !== 'struct' || element.fields.length !== 2) throw mismatch('map_from_entries()');
    const [key, value] = element.fields;
    return {
      sql: `(CASE WHEN len(list_filter(${sql}, lambda __x: __x IS NULL)) > 0 THEN NULL ELSE map_from_entries(${sql}) END)`,
      type: { kind: 'map', key: key?.type ?? VOID, value: value?.type ?? VOID },
    };
  },
  map_concat: (call) => {
    const maps = call.args.map((_value, i) => mapArg(call, i));
    const { values, type } = unified(maps, 'map_concat');
    if (type.kind !== 'map') throw mismatch('map_concat()');
    const join = (part: string): string =>
      values.map(({ sql }) => `${part}(${sql})`).reduce((a, b) => `list_concat(${a}, ${b})`);
    const nulls = values.map(({ sql }) => `${sql} IS NULL`).join(' OR ');
    return { sql: `(CASE WHEN ${nulls} THEN NULL ELSE map(${join('map_keys')}, ${join('map_values')}) END)`, type };
  },
  str_to_map: (call) => {
    argsOf(call, 1, 3);
    const text = argAs(call, 0, STRING);
    return {
      sql: `__text_to_map(${text}, ${separator(call, 1, ',')}, ${separator(call, 2, ':')})`,
      type: { kind: 'map', key: STRING, value: STRING },
    };
  },
};
