import { isNode, type Node } from '../nodes';
import { SqlError } from '../SqlError';
import { castTo } from './cast';
import type { Handler, Place } from './context';
import { membership } from './conditions';
import { compileExpression } from './expression';
import { BOOLEAN, kindOf, type Typed } from './Typed';

type Operator = 'AND' | 'OR';

/** What may fail when it is computed: arithmetic, casts, macros. */
const MAY_FAIL = /[-+*]|__|CAST\(|error\(/;

/** What must not be computed twice. */
const ONCE = /\bSELECT\b|\brandom\(|\buuid\(/;

/** What asks for a condition, and fails in its own way for what is none. */
export type Asking = 'WHERE' | 'JOIN' | 'CASE' | 'HAVING';

/** A condition that decides about rows. There the database itself leaves the rest of AND and OR alone. */
export function condition(node: unknown, place: Place, asking: Asking): string {
  const kind = isNode(node) ? kindOf(node) : '';
  const inner = isNode(node) ? node[kind] : undefined;
  if (isNode(inner) && kind === 'paren') return `(${condition(inner['this'], place, asking)})`;
  if (isNode(inner) && kind === 'in') return membership(inner, place).sql;
  if (!isNode(inner) || (kind !== 'and' && kind !== 'or')) return decision(node, place, asking);
  // Beside others a text becomes a truth by itself.
  const sides = [condition(inner['left'], place, 'HAVING'), condition(inner['right'], place, 'HAVING')];
  return ordered(sides, kind === 'and' ? 'AND' : 'OR', asking === 'WHERE' && place.scope.sources.length === 1);
}

/** With `ofOne` relation nothing is lost when the parts stay in their order. */
function ordered(sides: readonly string[], operator: Operator, ofOne: boolean): string {
  const [left = ''] = sides;
  const isKept =
    sides.every(isFoldable) || (ofOne && mayFail(left) && sides.every(isRepeatable) && !sides.some(isFoldable));
  return isKept ? inOrder(sides, operator, true) : `(${sides.join(` ${operator} `)})`;
}

function decision(node: unknown, place: Place, asking: Asking): string {
  const value = compileExpression(node, place);
  if (value.type.kind === 'string' || value.type.kind === 'void') {
    if (asking === 'WHERE')
      throw new SqlError('DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN', '42K09', 'The filter expression is no BOOLEAN.');
    if (asking === 'JOIN')
      throw new SqlError('JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE', '42K0E', 'The join condition is no BOOLEAN.');
    if (asking === 'CASE') throw notBoolean();
  }
  return truthOf(value);
}

function truth(node: unknown, place: Place): string {
  return truthOf(compileExpression(node, place));
}

function truthOf(value: Typed): string {
  if (['boolean', 'void', 'string'].includes(value.type.kind)) return castTo(value, BOOLEAN).sql;
  throw notBoolean();
}

export function notBoolean(): SqlError {
  return new SqlError('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE', '42K09', 'A condition must be a BOOLEAN.');
}

/** As a value: what stands behind a part that decides is not computed, since it might fail. */
function logical(kind: 'and' | 'or'): Handler {
  const operator = kind === 'and' ? 'AND' : 'OR';
  return (inner, place) => {
    const parts = chain(inner, kind).map((node) => truth(node, place));
    return { sql: inOrder(parts, operator), type: BOOLEAN };
  };
}

/** Names, texts and numbers: none of them fails. */
const HARMLESS = /"[^"]*"|CAST\('?-?[\d.]+(?:e[-+]?\d+)?'? AS [A-Z]+(?:\(\d+,\d+\))?\)/gi;

/** Whether a value might not be computed. */
export function mayFail(sql: string): boolean {
  return MAY_FAIL.test(sql.replace(HARMLESS, '').replace(/(?<!error\()'[^']*'/g, ''));
}

export function isRepeatable(sql: string): boolean {
  return !ONCE.test(sql);
}

/**
 * The parts one after the other, until one decides. A constant is always computed, even if a later part decides; what is
 * made of columns is not, where a constant decides.
 */
export function inOrder(parts: readonly string[], operator: Operator, isAsked = false): string {
  const all = parts.join(` ${operator} `);
  const first = parts.slice(0, -1);
  const isFixed = first.some((part) => isFoldable(part) && mayFail(part));
  const isRisky = isAsked || isFixed || parts.slice(1).some(mayFail);
  return isRisky && first.every(isRepeatable) ? lazy(first, operator, all) : `(${all})`;
}

/** Whether no column is in it: those are always in quotes. */
export function isFoldable(sql: string): boolean {
  return !sql.includes('USER_RAISED_EXCEPTION') && !sql.replace(/'[^']*'/g, '').includes('"');
}

function lazy(first: readonly string[], operator: Operator, all: string): string {
  const deciding = operator === 'AND' ? 'false' : 'true';
  const branches = first.map((part) => `WHEN ${operator === 'AND' ? `NOT ${part}` : part} THEN ${deciding}`);
  return `(CASE ${branches.join(' ')} ELSE (${all}) END)`;
}

/** `a AND b AND c` as its parts. */
function chain(inner: Node, kind: 'and' | 'or'): unknown[] {
  const { left } = inner;
  const earlier = isNode(left) && kindOf(left) === kind ? left[kind] : undefined;
  return isNode(earlier) ? [...chain(earlier, kind), inner['right']] : [left, inner['right']];
}

/** `NOT (a IN (…))` is `a NOT IN (…)`. */
function negation(inner: Node, place: Place): Typed {
  const node = unwrapped(inner['this']);
  const list = isNode(node) && kindOf(node) === 'in' ? node['in'] : undefined;
  if (isNode(list)) return compileExpression({ in: { ...list, not: list['not'] !== true } }, place);
  return { sql: `(NOT ${truth(inner['this'], place)})`, type: BOOLEAN };
}

function unwrapped(node: unknown): unknown {
  const inner = isNode(node) ? node['paren'] : undefined;
  return isNode(inner) ? unwrapped(inner['this']) : node;
}

function isTruth(word: 'TRUE' | 'FALSE'): Handler {
  return (inner, place) => ({
    sql: `(${truth(inner['this'], place)} IS ${inner['not'] === true ? 'NOT ' : ''}${word})`,
    type: BOOLEAN,
  });
}

export const LOGIC: Readonly<Record<string, Handler>> = {
  and: logical('and'),
  or: logical('or'),
  not: negation,
  is_true: isTruth('TRUE'),
  is_false: isTruth('FALSE'),
};
