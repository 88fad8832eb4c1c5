import { namePath } from '../compile/access';
import { castOfLiteral } from '../compile/arithmetic';
import { calledName } from '../compile/calls';
import { compileExpression } from '../compile/expression';
import { typeFromNode } from '../compile/typeNodes';
import { call, isNode, type Node } from '../nodes';
import { all, listOf, name, type At, type Namer } from './name';
import { not, numberOf, outerNames } from './values';

const binary =
  (operator: string): Namer =>
  (inner, at) =>
    `(${name(inner['left'] ?? inner['this'], at)} ${operator} ${name(inner['right'] ?? inner['expression'], at)})`;

/** Moments move by intervals without brackets, and days by a function. */
const shifted =
  (operator: '+' | '-'): Namer =>
  (inner, at) => {
    const { left, right } = inner;
    const [a, b] = [name(left, at), name(right, at)];
    const [first, second] = [kindAt(left, at), kindAt(right, at)];
    const isBySpan = second.startsWith('interval') && !first.startsWith('interval');
    if (isBySpan && first === 'date' && /^(?:\([-+] )*INTERVAL '-?\d+' DAY\)*$/.test(b)) {
      return `date_add(${a}, ${operator === '+' ? '' : '(- '}extractansiintervaldays(${b})${operator === '+' ? '' : ')'})`;
    }
    if (isBySpan) return `${a} ${operator} ${b}`;
    if (first.startsWith('interval') && /^(?:date|timestamp)/.test(second)) return `${b} ${operator} ${a}`;
    if (first === 'date' && /int$/.test(second)) return `date_${operator === '+' ? 'add' : 'sub'}(${a}, ${b})`;
    if (second === 'date' && /int$/.test(first)) return `date_add(${b}, ${a})`;
    return `(${a} ${operator} ${b})`;
  };

/** The kind of a value whose type is plain to see, else an empty text. */
function kindAt(node: unknown, at: At): string {
  if (!isNode(node)) return '';
  if (isNode(node['paren'])) return kindAt(node['paren']['this'], at);
  const sign = node['neg'] ?? node['sqrt'];
  if (isNode(sign)) return kindAt(sign['this'], at);
  if (isNode(node['cast'])) return typeFromNode(node['cast']['to']).kind;
  if (/^current_(date|timestamp)$/.test(called(node))) return called(node).slice('current_'.length);
  const path = namePath(node);
  const isKnown =
    path !== undefined ? !at.variables.has((path[0] ?? '').toLowerCase()) : 'literal' in node || 'interval' in node;
  return isKnown ? compileExpression(node, at.place).type.kind : '';
}

function called(node: Node): string {
  const inner = node['function'];
  return 'current_date' in node
    ? 'current_date'
    : isNode(inner)
      ? (calledName(inner) ?? String(inner['name']).toLowerCase())
      : '';
}

function caseName(inner: Node, at: At): string {
  const { operand, else_: otherwise } = inner;
  const tested = isNode(operand) ? name(operand, at) : undefined;
  const whens = (Array.isArray(inner['whens']) ? (inner['whens'] as unknown[][]) : []).map(([when, then]) => {
    const condition = tested === undefined ? name(when, at) : `(${tested} = ${name(when, at)})`;
    return ` WHEN ${condition} THEN ${name(then, at)}`;
  });
  return `CASE${whens.join('')}${isNode(otherwise) ? ` ELSE ${name(otherwise, at)}` : ''} END`;
}

function memberName(inner: Node, at: At): string {
  const { query } = inner;
  const value = isNode(query) ? rowName(inner['this'], at) : name(inner['this'], at);
  const items = isNode(query) ? `listquery(${outerNames(query, at)})` : all(inner['expressions'], at).join(', ');
  return not(`(${value} IN (${items}))`, inner['not']);
}

/** Before rows of a query, those of a list have their names in quotes. */
function rowName(node: unknown, at: At): string {
  const tuple = isNode(node) ? node['tuple'] : undefined;
  if (!isNode(tuple)) return name(node, at);
  const fields = listOf(tuple['expressions']).map((each, i) => {
    const value = name(each, at);
    const isNamed = namePath(each) !== undefined || (isNode(each) && 'literal' in each);
    return `'${isNamed ? value : `_${i}`}', ${value}`;
  });
  return `named_struct(${fields.join(', ')})`;
}

function likeName(inner: Node, at: At): string {
  const value = name(inner['left'], at);
  const { right, escape, quantifier } = inner;
  if (typeof quantifier === 'string') {
    return `like${quantifier.toLowerCase().replace('some', 'any')}(${value})`;
  }
  return `${value} LIKE ${name(right, at)}${isNode(escape) ? ` ESCAPE '${name(escape, at)}'` : ''}`;
}

export const OPERATOR_NAMES: Readonly<Record<string, Namer>> = {
  add: shifted('+'),
  sub: shifted('-'),
  mul: (inner, at) =>
    kindAt(inner['right'], at).startsWith('interval')
      ? `(${name(inner['right'], at)} * ${name(inner['left'], at)})`
      : binary('*')(inner, at, inner),
  div: binary('/'),
  mod: binary('%'),
  int_div: binary('div'),
  bitwise_and: binary('&'),
  bitwise_or: binary('|'),
  bitwise_xor: binary('^'),
  bitwise_left_shift: binary('<<'),
  bitwise_right_shift: binary('>>'),
  bitwise_not: (inner, at) => `~${name(inner['this'], at)}`,
  neg: (inner, at) => {
    const moved = castOfLiteral(inner);
    if (moved) return name(moved, at);
    const number = numberOf(inner['this'], at);
    return number === undefined ? `(- ${name(inner['this'], at)})` : `-${number}`;
  },
  sqrt: (inner, at) => `(+ ${name(inner['this'], at)})`,
  concat: (inner, at) => `concat(${name(inner['left'], at)}, ${name(inner['right'], at)})`,
  eq: binary('='),
  neq: (inner, at) => `(NOT (${name(inner['left'], at)} = ${name(inner['right'], at)}))`,
  lt: binary('<'),
  lte: binary('<='),
  gt: binary('>'),
  gte: binary('>='),
  null_safe_eq: binary('<=>'),
  null_safe_neq: (inner, at) => `(NOT ${binary('<=>')(inner, at, inner)})`,
  is_distinct_from: (inner, at) => `(NOT ${binary('<=>')(inner, at, inner)})`,
  is_not_distinct_from: binary('<=>'),
  is_null: (inner, at) => `(${name(inner['this'], at)} IS ${inner['not'] === true ? 'NOT ' : ''}NULL)`,
  is_true: (inner, at) => not(`(${name(inner['this'], at)} <=> true)`, inner['not']),
  is_false: (inner, at) => not(`(${name(inner['this'], at)} <=> false)`, inner['not']),
  between: (inner, at) =>
    not(`between(${['this', 'low', 'high'].map((part) => name(inner[part], at)).join(', ')})`, inner['not']),
  in: memberName,
  like: likeName,
  i_like: (inner, at) =>
    typeof inner['quantifier'] === 'string'
      ? likeName({ ...inner, left: call('lower', [inner['left']]) }, at)
      : `ilike(${name(inner['left'], at)}, ${name(inner['right'], at)})`,
  regexp_like: (inner, at) => `RLIKE(${name(inner['this'], at)}, ${name(inner['pattern'], at)})`,
  and: binary('AND'),
  or: binary('OR'),
  not: (inner, at) => {
    const negated = name(inner['this'], at);
    // NOT LIKE ANY comes as the negation of LIKE ALL, and the other way round.
    const negatedNode = isNode(inner['this']) ? (inner['this']['like'] ?? inner['this']['i_like']) : undefined;
    const [, quantifier, value] = negatedNode ? (/^like(any|all)(\(.*\))$/s.exec(negated) ?? []) : [];
    return quantifier === undefined ? `(NOT ${negated})` : `notlike${quantifier === 'any' ? 'all' : 'any'}${value}`;
  },
  case: caseName,
};
