import type { SqlType } from '../../../engine/types';
import { typeName } from '../../../engine/types';
import { isNode } from '../../nodes';
import { identifier, literal } from '../../quote';
import { NAMED_FIELD } from '../../structFields';
import { unsupported } from '../../SqlError';
import { namePath } from '../access';
import { castTo } from '../cast';
import { aligned, unified } from '../conditions';
import { compileExpression } from '../expression';
import { differing, nonLiteral } from '../failures';
import { textLiteral } from '../literals';
import { negated, positive } from '../arithmetic';
import { notBoolean } from '../logic';
import { extremeOf } from '../ordering';
import { isScalar } from '../sqlTypes';
import { BINARY, BOOLEAN, DATE, DOUBLE, INT, STRING, TIMESTAMP, VOID, type Typed } from '../Typed';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf } from './support';

const firstOf: Rule = (call) => {
  const { values, type } = unified(argsOf(call, 1, 1000), call.name);
  return { sql: `coalesce(${values.map(({ sql }) => sql).join(', ')})`, type };
};

function conditional(test: string, a: Typed, b: Typed, name: string): Typed {
  const { values, type } = unified([a, b], name);
  return { sql: `(CASE WHEN ${test} THEN ${values[0]?.sql} ELSE ${values[1]?.sql} END)`, type };
}

function castRule(type: SqlType): Rule {
  return (call) => {
    const [value] = argsOf(call, 1);
    return castTo(value as Typed, type);
  };
}

/** The greatest or least of values, of which NULL counts for nothing. */
function extreme(function_: 'greatest' | 'least'): Rule {
  return (call) => {
    const given = argsOf(call, 2, 1000);
    const kinds = given.map((value) => value.type.kind).filter((kind) => kind !== 'void');
    if (kinds.includes('string') && kinds.some((kind) => kind !== 'string'))
      throw differing(
        call.name,
        given.map((value) => value.type),
      );
    const { values, type } = unified(given, call.name);
    const listed = values.map(({ sql }) => sql).join(', ');
    return { sql: isScalar(type) ? `${function_}(${listed})` : extremeOf(`[${listed}]`, type, function_), type };
  };
}

/** `decode(value, search, result, …, default)`. */
function decode(call: Call): Typed {
  const [value, ...rest] = call.args;
  if (!value) throw nonLiteral('decode()');
  const results = rest.filter((_item, i) => i % 2 === 1);
  const searches = rest.filter((_item, i) => i % 2 === 0);
  const otherwise = rest.length % 2 === 1 ? searches.pop() : undefined;
  const { values, type } = unified([...results, otherwise ?? { sql: 'NULL', type: VOID }], 'decode');
  const branches = searches.map((search, i) => {
    const [a, b] = aligned(value, search);
    return `WHEN ${a.sql} IS NOT DISTINCT FROM ${b.sql} THEN ${values[i]?.sql}`;
  });
  return { sql: `(CASE ${branches.join(' ')} ELSE ${values.at(-1)?.sql} END)`, type };
}

function struct(call: Call): Typed {
  const items = call.nodes.map((node, i) => {
    const given = namedField(node);
    return {
      name: given?.name ?? fieldNameOf(node, i),
      value: compileExpression(given?.value ?? node, call.place),
    };
  });
  return structOf(items);
}

/** The name of a struct's field that has none of its own. */
export function fieldNameOf(node: unknown, index: number): string {
  const name = namePath(node)?.at(-1);
  return name === undefined || /^__n\d+__$/.test(name) ? `col${index + 1}` : name;
}

/** The parts of a field with a name, which stands in the tree as a call. */
function namedField(node: unknown): { value: unknown; name: string | undefined } | undefined {
  const inner = isNode(node) ? node['function'] : undefined;
  if (!isNode(inner) || String(inner['name']).toLowerCase() !== NAMED_FIELD) return undefined;
  const [value, name] = Array.isArray(inner['args']) ? (inner['args'] as unknown[]) : [];
  return { value, name: namePath(name)?.at(-1) };
}

function namedStruct(call: Call): Typed {
  const items: { name: string; value: Typed }[] = [];
  for (let i = 0; i < call.args.length; i += 2) {
    const name = arg(call, i).constant;
    if (typeof name !== 'string') throw nonLiteral('A field name of named_struct()');
    items.push({ name, value: arg(call, i + 1) });
  }
  return structOf(items);
}

export function structOf(items: readonly { name: string; value: Typed }[]): Typed {
  if (items.length === 0) throw unsupported('A struct without fields');
  if (new Set(items.map(({ name }) => name.toLowerCase())).size < items.length)
    throw unsupported('A struct with two fields of one name');
  const listed = items.map(
    ({ name, value }) => `${identifier(name)} := ${value.type.kind === 'void' ? 'CAST(NULL AS INTEGER)' : value.sql}`,
  );
  return {
    sql: `struct_pack(${listed.join(', ')})`,
    type: { kind: 'struct', fields: items.map(({ name, value }) => ({ name, type: value.type })) },
  };
}

const constantText =
  (value: (call: Call) => string): Rule =>
  (call) => {
    argsOf(call, 0);
    return textLiteral(value(call));
  };

/** Random values differ from Spark's, as they should. */
const random: Rule = (call) => {
  argsOf(call, 0, 1);
  return { sql: 'random()', type: DOUBLE };
};

export const GENERAL_RULES: Readonly<Record<string, Rule>> = {
  coalesce: firstOf,
  nvl: firstOf,
  ifnull: firstOf,
  nullif: (call) => {
    const [a, b] = argsOf(call, 2);
    const [x, y] = aligned(a as Typed, b as Typed);
    return { sql: `(CASE WHEN ${x.sql} = ${y.sql} THEN NULL ELSE ${(a as Typed).sql} END)`, type: (a as Typed).type };
  },
  nvl2: (call) => conditional(`${arg(call, 0).sql} IS NOT NULL`, arg(call, 1), arg(call, 2), 'nvl2'),
  if: (call) => {
    argsOf(call, 3);
    const test = arg(call, 0);
    if (test.type.kind !== 'boolean' && test.type.kind !== 'void') throw notBoolean();
    return conditional(castTo(test, BOOLEAN).sql, arg(call, 1), arg(call, 2), 'if');
  },
  iff: (call) => conditional(argAs(call, 0, BOOLEAN), arg(call, 1), arg(call, 2), 'iff'),
  nullifzero: (call) => ({ sql: `nullif(${arg(call, 0).sql}, 0)`, type: arg(call, 0).type }),
  zeroifnull: (call) => {
    const { values, type } = unified(
      [arg(call, 0), { sql: 'CAST(0 AS INTEGER)', type: INT, constant: 0 }],
      'zeroifnull',
    );
    return { sql: `coalesce(${values.map(({ sql }) => sql).join(', ')})`, type };
  },
  equal_null: (call) => {
    argsOf(call, 2);
    const [x, y] = aligned(arg(call, 0), arg(call, 1));
    return { sql: `(${x.sql} IS NOT DISTINCT FROM ${y.sql})`, type: BOOLEAN };
  },
  not: (call) => ({ sql: `(NOT ${argAs(call, 0, BOOLEAN)})`, type: BOOLEAN }),
  greatest: extreme('greatest'),
  least: extreme('least'),
  decode: (call) =>
    call.args.length === 2
      ? { sql: `__decode(${argAs(call, 0, BINARY)}, ${argAs(call, 1, STRING)})`, type: STRING }
      : decode(call),
  struct,
  named_struct: namedStruct,
  typeof: (call) => {
    argsOf(call, 1);
    const { sql, type } = arg(call, 0);
    const name = textLiteral(typeName(type));
    // Of columns: a query that groups has to group by them, too, although nobody asks for their values.
    return /\."/.test(sql)
      ? { sql: `(CASE WHEN true THEN ${name.sql} WHEN ${sql} IS NULL THEN '' END)`, type: STRING }
      : name;
  },
  assert_true: (call) => {
    const message = call.args.length > 1 ? argAs(call, 1, STRING) : literal('The condition is not true!');
    return {
      sql: `(CASE WHEN ${argAs(call, 0, BOOLEAN)} THEN NULL ELSE error('[USER_RAISED_EXCEPTION]' || ${message}) END)`,
      type: VOID,
    };
  },
  raise_error: (call) => ({ sql: `error('[USER_RAISED_EXCEPTION]' || ${argAs(call, 0, STRING)})`, type: VOID }),
  version: constantText(() => '4.0.0 local-workspace'),
  current_user: constantText(({ place }) => place.context.environment.user),
  session_user: constantText(({ place }) => place.context.environment.user),
  user: constantText(({ place }) => place.context.environment.user),
  current_catalog: constantText(({ place }) => place.context.environment.catalog),
  current_schema: constantText(({ place }) => place.context.environment.schema),
  current_database: constantText(({ place }) => place.context.environment.schema),
  current_timezone: constantText(({ place }) => place.context.environment.zone.name),
  /** An extension of this workspace: takes as many seconds as it says. */
  sleep: (call) => {
    const seconds = Number(arg(call, 0).constant);
    if (!Number.isFinite(seconds)) throw unsupported('sleep() with an argument that is no number literal');
    call.place.context.sleepMs += seconds * 1000;
    return { sql: 'CAST(0 AS INTEGER)', type: INT };
  },
  rand: random,
  random,
  randn: (call) => {
    argsOf(call, 0, 1);
    return { sql: 'sqrt(-2 * ln(1 - random())) * cos(6.283185307179586 * random())', type: DOUBLE };
  },
  positive: (call) => positive(arg(call, 0)),
  negative: (call) => negated(arg(call, 0)),
  bigint: castRule({ kind: 'bigint' }),
  int: castRule(INT),
  smallint: castRule({ kind: 'smallint' }),
  tinyint: castRule({ kind: 'tinyint' }),
  float: castRule({ kind: 'float' }),
  double: castRule(DOUBLE),
  decimal: castRule({ kind: 'decimal', precision: 10, scale: 0 }),
  string: castRule(STRING),
  boolean: castRule(BOOLEAN),
  binary: castRule(BINARY),
  date: castRule(DATE),
  timestamp: castRule(TIMESTAMP),
};
