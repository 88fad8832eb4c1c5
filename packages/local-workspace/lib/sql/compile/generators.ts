import type { SqlType } from '../../engine/types';
import { isNode } from '../nodes';
import { identifier, literal } from '../quote';
import { SqlError, unsupported } from '../SqlError';
import { calledName } from './calls';
import { castTo, fieldOf } from './cast';
import type { Place } from './context';
import { compileExpression } from './expression';
import { differing, mismatch } from './failures';
import { sameType } from './sqlTypes';
import { INT, STRING, VOID, type Column, type Relation, type Typed } from './Typed';

const NAMES: ReadonlySet<string> = new Set([
  'explode',
  'explode_outer',
  'posexplode',
  'posexplode_outer',
  'inline',
  'inline_outer',
  'stack',
  'json_tuple',
]);

/** The name of the generator that a node calls. */
export function generatorName(node: unknown): string | undefined {
  const inner = isNode(node) ? node['function'] : undefined;
  const name = isNode(inner) ? calledName(inner) : undefined;
  return name !== undefined && NAMES.has(name) ? name : undefined;
}

/** The rows that a generator makes of one row, as a query that may refer to it. */
export function compileGenerator(node: unknown, place: Place): Relation & { outer: boolean } {
  const name = generatorName(node);
  const inner = isNode(node) && isNode(node['function']) ? node['function'] : undefined;
  if (name === undefined || !inner) throw unsupported('This generator');
  const nodes = Array.isArray(inner['args']) ? (inner['args'] as unknown[]) : [];
  const args = nodes.map((arg) => compileExpression(arg, place));
  const plain = name.replace(/_outer$/, '');
  return { ...generated(plain, args), outer: name !== plain };
}

function generated(name: string, args: readonly Typed[]): Relation {
  const [first] = args;
  if (!first) throw mismatch(`${name}()`);
  switch (name) {
    case 'explode':
      return exploded(first, []);
    case 'posexplode':
      return exploded(first, [{ name: 'pos', type: INT }]);
    case 'inline':
      return inlined(first);
    case 'stack':
      return stacked(first, args.slice(1));
    default:
      return tuple(first, args.slice(1));
  }
}

function exploded(value: Typed, position: readonly Column[]): Relation {
  const { type } = value;
  if (type.kind === 'array') {
    const positions = position.length > 0 ? `unnest(range(len(${value.sql})))::INTEGER AS pos, ` : '';
    return {
      sql: `SELECT ${positions}unnest(${value.sql}) AS col`,
      columns: [...position, { name: 'col', type: type.element }],
    };
  }
  if (type.kind !== 'map') throw mismatch('explode()');
  const positions = position.length > 0 ? `unnest(range(len(map_keys(${value.sql}))))::INTEGER AS pos, ` : '';
  return {
    sql: `SELECT ${positions}unnest(map_keys(${value.sql})) AS key, unnest(map_values(${value.sql})) AS value`,
    columns: [...position, { name: 'key', type: type.key }, { name: 'value', type: type.value }],
  };
}

function inlined({ sql, type }: Typed): Relation {
  if (type.kind !== 'array' || type.element.kind !== 'struct') throw mismatch('inline()');
  const columns = type.element.fields;
  const fields = columns.map(({ name }) => `${fieldOf('__i.u', name)} AS ${identifier(name)}`);
  return { sql: `SELECT ${fields.join(', ')} FROM (SELECT unnest(${sql}) AS u) AS __i`, columns };
}

/** `stack(n, …)`: the values in n rows. */
function stacked(count: Typed, values: readonly Typed[]): Relation {
  const rows = count.constant;
  if (typeof rows !== 'number' || rows < 1) throw mismatch('stack()');
  const width = Math.ceil(values.length / rows);
  const types: SqlType[] = [];
  for (let column = 0; column < width; column++) {
    const given = values.filter((_value, i) => i % width === column).map((value) => value.type);
    const type = given.find(({ kind }) => kind !== 'void') ?? VOID;
    if (!given.every((each) => each.kind === 'void' || sameType(each, type))) throw differing('stack()', given);
    types.push(type);
  }
  const listed = types.map((type, column) => {
    const cells = Array.from({ length: rows }, (_row, row) => {
      const value = values[row * width + column];
      return castTo(value ?? { sql: 'NULL', type: { kind: 'void' } }, type).sql;
    });
    return `unnest([${cells.join(', ')}]) AS col${column}`;
  });
  return { sql: `SELECT ${listed.join(', ')}`, columns: types.map((type, i) => ({ name: `col${i}`, type })) };
}

function tuple(text: Typed, names: readonly Typed[]): Relation {
  if (text.type.kind !== 'string')
    throw new SqlError('DATATYPE_MISMATCH.NON_STRING_TYPE', '42K09', 'json_tuple() takes texts.');
  const columns = names.map((name, i) => {
    if (typeof name.constant !== 'string') throw unsupported('json_tuple() with names that are no literals');
    return `__json_field(${castTo(text, STRING).sql}, ${literal(name.constant)}, ${literal(`$."${name.constant}"`)}) AS c${i}`;
  });
  return { sql: `SELECT ${columns.join(', ')}`, columns: names.map((_name, i) => ({ name: `c${i}`, type: STRING })) };
}
