import type { SqlType } from '../../engine/types';
import { isNode, type Node } from '../nodes';
import { SqlError } from '../SqlError';
import { castTo } from './cast';
import type { Handler, Place } from './context';
import { compileExpression } from './expression';
import { differing, raise } from './failures';
import { condition, inOrder, isRepeatable, mayFail } from './logic';
import { checkComparable, orderKey } from './ordering';
import { compileQuery } from './query';
import { javaMatching } from './patterns';
import { commonOf, commonType, comparable, isInterval, namedAlike } from './sqlTypes';
import { BOOLEAN, STRING, type Relation, type Typed } from './Typed';

/** Both as values of one type. Throws when there is none. */
export function aligned(a: Typed, b: Typed): [Typed, Typed] {
  const type = commonType(a.type, b.type);
  if (!type || !comparable(a.type, b.type)) throw differing('the comparison', [a.type, b.type]);
  checkComparable(type);
  return isInterval(type) ? [a, b] : [castTo(a, type), castTo(b, type)];
}

/** All as values of one type. Throws when there is none. */
export function unified(values: readonly Typed[], what: string): { values: Typed[]; type: SqlType } {
  const types = values.map((value) => value.type);
  const type = commonOf(types);
  if (!type || !types.every((own) => namedAlike(own, type))) throw differing(what, types);
  return { values: values.map((value) => castTo(value, type)), type };
}

const ORDERING: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

function comparison(operator: string): Handler {
  return (inner, place) => {
    const [a, b] = aligned(compileExpression(inner['left'], place), compileExpression(inner['right'], place));
    const [x, y] = ORDERING.has(operator) ? [orderKey(a), orderKey(b)] : [a.sql, b.sql];
    return { sql: `(${x} ${operator} ${y})`, type: BOOLEAN };
  };
}

function like(inner: Node, place: Place, word: 'LIKE' | 'ILIKE'): Typed {
  const left = castTo(compileExpression(inner['left'], place), STRING).sql;
  const mark = inner['escape'] ? compileExpression(inner['escape'], place).constant : '\\';
  if (typeof mark !== 'string' || mark.length !== 1)
    throw new SqlError('INVALID_ESCAPE_CHAR', '42K0D', 'The escape character must be one character.');
  const one = (node: unknown): string => {
    const pattern = castTo(compileExpression(node, place), STRING);
    const wrong = wrongPattern(pattern, mark);
    if (wrong !== undefined) return `(CASE WHEN ${left} IS NOT NULL THEN CAST(${wrong} AS BOOLEAN) END)`;
    const ready = pattern.constant === undefined && mark === '\\' ? `__like_pattern(${pattern.sql})` : pattern.sql;
    return `(${left} ${word} ${ready} ESCAPE '${mark === "'" ? "''" : mark}')`;
  };
  const quantifier = inner['quantifier'];
  if (typeof quantifier !== 'string') return { sql: one(inner['right']), type: BOOLEAN };
  const parts = listOf(inner['right']).map(one);
  return { sql: `(${parts.join(quantifier.toUpperCase() === 'ALL' ? ' AND ' : ' OR ')})`, type: BOOLEAN };
}

/** What fails for a literal pattern in which anything but wildcards and the escape itself is escaped. */
function wrongPattern({ constant }: Typed, escape: string): string | undefined {
  if (typeof constant !== 'string') return undefined;
  for (let i = 0; i < constant.length; i++) {
    if (constant[i] !== escape) continue;
    i += 1;
    if (i < constant.length && ['%', '_', escape].includes(constant[i] ?? '')) continue;
    const condition = i >= constant.length ? 'INVALID_FORMAT.ESC_AT_THE_END' : 'INVALID_FORMAT.ESC_IN_THE_MIDDLE';
    return raise(condition, '42601', `The pattern '${constant}' is invalid.`);
  }
  return undefined;
}

function listOf(node: unknown): unknown[] {
  if (!isNode(node)) return [];
  const { tuple, paren } = node;
  if (isNode(tuple) && Array.isArray(tuple['expressions'])) return tuple['expressions'] as unknown[];
  return isNode(paren) ? [paren['this']] : [node];
}

/** Whether a value is in a list or in the rows of a query: neither true nor false where a NULL leaves it open. */
export function membership(inner: Node, place: Place): Typed {
  const not = inner['not'] === true ? 'NOT ' : '';
  const value = compileExpression(inner['this'], place);
  if (isNode(inner['query'])) {
    const query = compileQuery(inner['query'], place);
    const [column] = query.columns;
    if (query.columns.length !== 1 || !column || rowOf(inner['this'])) return rowIn(inner['this'], not, query, place);
    const type = commonType(value.type, column.type);
    if (!type) throw differing('IN', [value.type, column.type]);
    const inside = castTo({ sql: '__in.v', type: column.type }, type).sql;
    return {
      sql: `(${castTo(value, type).sql} ${not}IN (SELECT ${inside} FROM (${query.sql}) AS __in(v)))`,
      type: BOOLEAN,
    };
  }
  const items = Array.isArray(inner['expressions']) ? (inner['expressions'] as unknown[]) : [];
  const values = [value, ...items.map((item) => compileExpression(item, place))];
  const types = values.map((each) => each.type);
  const type = commonOf(types);
  if (!type || !types.every((each) => comparable(each, value.type))) throw differing('IN', types);
  checkComparable(type);
  if (isNullText(value)) return { sql: 'CAST(NULL AS BOOLEAN)', type: BOOLEAN };
  const risky = values
    .slice(1)
    .some((each) => (each.constant === undefined ? mayFail(each.sql) : each.type.kind !== type.kind));
  const [first = '', ...rest] = values.map((each) => castTo(each, type).sql);
  const listed = `(${first} ${not}IN (${rest.join(', ')}))`;
  return { sql: risky ? untilFound(first, rest, not, listed) : listed, type: BOOLEAN };
}

/** One after the other, until one is the value: what stands behind it might not be computed. */
function untilFound(value: string, items: readonly string[], not: string, listed: string): string {
  if (!isRepeatable(value)) return listed;
  const found = items.map((item) => `WHEN ${value} = ${item} THEN ${not === '' ? 'true' : 'false'}`);
  return `(CASE WHEN ${value} IS NULL THEN NULL ${found.join(' ')} ELSE ${listed} END)`;
}

/** As a value, what a query leaves open is false: Spark asks whether there is a row, and there is no third answer to that. */
function inList(inner: Node, place: Place): Typed {
  const value = membership(inner, place);
  return !isNode(inner['query']) || isNull(inner['this']) ? value : { ...value, sql: `coalesce(${value.sql}, false)` };
}

/** NULL itself, of whatever type. */
function isNull(node: unknown): boolean {
  if (!isNode(node)) return false;
  const inner = node['cast'] ?? node['paren'];
  return 'null' in node || (isNode(inner) && isNull(inner['this']));
}

/** The values of `(a, b)`. */
function rowOf(node: unknown): unknown[] | undefined {
  const tuple = isNode(node) ? node['tuple'] : undefined;
  return isNode(tuple) && Array.isArray(tuple['expressions']) ? (tuple['expressions'] as unknown[]) : undefined;
}

/** `(a, b) IN (SELECT …)`: a row with a NULL that decides leaves the question open. */
function rowIn(row: unknown, not: string, query: Relation, place: Place): Typed {
  const nodes = rowOf(row) ?? [row];
  if (nodes.length !== query.columns.length) {
    throw new SqlError(
      'DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH',
      '42K09',
      `The number of columns in the left hand side of an IN subquery (${nodes.length}) does not match the number of columns in the output of subquery (${query.columns.length}).`,
    );
  }
  const names = nodes.map((_node, i) => `v${i}`);
  const same = nodes.map((node, i) => {
    const type = query.columns[i]?.type ?? { kind: 'void' as const };
    const [a, b] = aligned(compileExpression(node, place), { sql: `__in.v${i}`, type });
    return `${a.sql} = ${b.sql}`;
  });
  const found = (test: string): string =>
    `EXISTS (SELECT 1 FROM (${query.sql}) AS __in(${names.join(', ')}) WHERE ${test})`;
  const all = `(${same.join(' AND ')})`;
  return {
    sql: `(${not}(CASE WHEN ${found(all)} THEN true WHEN ${found(`${all} IS NULL`)} THEN NULL ELSE false END))`,
    type: BOOLEAN,
  };
}

function between(inner: Node, place: Place): Typed {
  const value = compileExpression(inner['this'], place);
  const [a, low] = aligned(value, compileExpression(inner['low'], place));
  const [b, high] = aligned(value, compileExpression(inner['high'], place));
  const inside = inOrder([`${orderKey(a)} >= ${orderKey(low)}`, `${orderKey(b)} <= ${orderKey(high)}`], 'AND');
  return { sql: inner['not'] === true ? `(NOT ${inside})` : inside, type: BOOLEAN };
}

function caseOf(inner: Node, place: Place): Typed {
  const operand = inner['operand'] ? compileExpression(inner['operand'], place) : undefined;
  const whens = (Array.isArray(inner['whens']) ? inner['whens'] : []) as unknown[][];
  const results = whens.map(([, then]) => compileExpression(then, place));
  const otherwise = inner['else_'] ? compileExpression(inner['else_'], place) : undefined;
  const { values, type } = unified(otherwise ? [...results, otherwise] : results, 'CASE');
  const branches = whens.map(([when], i) => {
    const test = operand ? equals(operand, compileExpression(when, place)) : condition(when, place, 'CASE');
    return `WHEN ${test} THEN ${values[i]?.sql}`;
  });
  const last = otherwise ? ` ELSE ${values.at(-1)?.sql}` : '';
  return { sql: `(CASE ${branches.join(' ')}${last} END)`, type };
}

function equals(a: Typed, b: Typed): string {
  const [x, y] = aligned(a, b);
  return `${x.sql} = ${y.sql}`;
}

export function matches(subject: Typed, pattern: Typed): Typed {
  const given = castTo(subject, STRING);
  if (isNullText(given)) return { sql: 'CAST(NULL AS BOOLEAN)', type: BOOLEAN };
  const { text, pattern: ready } = javaMatching(given.sql, castTo(pattern, STRING), true);
  return { sql: `regexp_matches(${text}, ${ready})`, type: BOOLEAN };
}

/** NULL itself: whatever it is compared with, a wrong pattern too, the answer is NULL. */
export function isNullText({ sql }: Typed): boolean {
  return /^(?:NULL|CAST\(NULL AS \w+\))$/.test(sql);
}

export const CONDITIONS: Readonly<Record<string, Handler>> = {
  eq: comparison('='),
  neq: comparison('<>'),
  lt: comparison('<'),
  lte: comparison('<='),
  gt: comparison('>'),
  gte: comparison('>='),
  null_safe_eq: comparison('IS NOT DISTINCT FROM'),
  null_safe_neq: comparison('IS DISTINCT FROM'),
  is_distinct_from: comparison('IS DISTINCT FROM'),
  is_not_distinct_from: comparison('IS NOT DISTINCT FROM'),
  is_null: (inner, place) => ({
    sql: `(${compileExpression(inner['this'], place).sql} IS ${inner['not'] === true ? 'NOT ' : ''}NULL)`,
    type: BOOLEAN,
  }),
  between,
  in: inList,
  like: (inner, place) => like(inner, place, 'LIKE'),
  i_like: (inner, place) => like(inner, place, 'ILIKE'),
  regexp_like: (inner, place) =>
    matches(compileExpression(inner['this'], place), compileExpression(inner['pattern'], place)),
  case: caseOf,
  exists: (inner, place) => {
    const query = compileQuery(isNode(inner['this']) ? inner['this'] : inner, place);
    return { sql: `(${inner['not'] === true ? 'NOT ' : ''}EXISTS (${query.sql}))`, type: BOOLEAN };
  },
};
