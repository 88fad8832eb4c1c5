import { FLOAT_LAYOUT } from '../../engine/functions/javaDigits';
import { javaDouble } from '../../engine/functions/numbers';
import { typeName } from '../../engine/types';
import { namePath } from '../compile/access';
import { textValue } from '../compile/context';
import { compileExpression } from '../compile/expression';
import { intervalName } from '../compile/intervals';
import type { Scope } from '../compile/scope';
import { typeFromNode } from '../compile/typeNodes';
import { isNode, literalOf, type Node } from '../nodes';
import { momentName } from './moments';
import { listOf, name, type At, type Namer } from './name';

/** A column keeps its name when it is converted; what a path leads to is called as its last part. */
export function lastOfPath(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  const converted = node['cast'] ?? node['try_cast'] ?? node['paren'];
  if (isNode(converted)) {
    const path = namePath(converted['this']);
    if (path?.length === 1 && /^__n\d+__$/.test(path[0] ?? '')) return undefined;
    return path?.at(-1) ?? lastOfPath(converted['this']);
  }
  const path = node['j_s_o_n_extract'] ?? node['json_extract'];
  const written = isNode(path) ? literalOf(path['expression'])?.['value'] : undefined;
  return typeof written === 'string' ? /([^.[\]]+)(?:\[[^\]]*\])*$/.exec(written)?.[1] : undefined;
}

/** A literal number as its type writes it; undefined for anything else. */
export function numberOf(node: unknown, { place }: At): string | undefined {
  const literal = literalOf(node);
  const column = isNode(node) && isNode(node['column']) ? node['column']['name'] : undefined;
  const mark = isNode(column) && /^__n\d+__$/.test(String(column['name']));
  if (!mark && literal?.['literal_type'] !== 'number') return undefined;
  const { constant, type } = compileExpression(node, place);
  if (typeof constant !== 'number') return String(constant);
  if (type.kind === 'double') return javaDouble(constant);
  return type.kind === 'float' ? javaDouble(Math.fround(constant), FLOAT_LAYOUT) : String(constant);
}

export function columnName(inner: Node, at: At, node: Node): string {
  const number = numberOf(node, at);
  if (number !== undefined) return number;
  const last = isNode(inner['name']) ? String(inner['name']['name']) : '';
  if (!isNode(inner['table'])) {
    if (at.variables.has(last.toLowerCase())) return 'namedlambdavariable()';
    return at.place.scope.query.isAliasAlone(last) ? `lateralAliasReference(${last})` : last;
  }
  const first = String(inner['table']['name']);
  if (at.variables.has(first.toLowerCase())) return `namedlambdavariable().${last}`;
  return isRelation(first, at) ? last : `${first}.${last}`;
}

export function isRelation(written: string, { place }: At): boolean {
  for (let scope: Scope | undefined = place.scope; scope; scope = scope.parent) {
    if (scope.sources.some(({ names }) => names.includes(written.toLowerCase()))) return true;
  }
  return false;
}

export function literalName(inner: Node, at: At, node: Node): string {
  const text = textValue(inner['value'], at.place.context);
  switch (inner['literal_type']) {
    case 'number':
      return (numberOf(node, at) ?? text).replace(/\.$/, '');
    case 'date':
      return `DATE '${momentName(text, at.place.context.environment.zone)?.split(' ')[0] ?? text.trim()}'`;
    case 'timestamp':
      return `TIMESTAMP '${momentName(text, at.place.context.environment.zone) ?? text}'`;
    case 'hex_string':
      return `X'${text.toUpperCase()}'`;
    default:
      return text;
  }
}

/** Values of nested types change theirs without a word; so does what a type's own function converts. */
export function castName(word: string): Namer {
  return (inner, at) => {
    const value = name(inner['this'], at);
    const to = typeFromNode(inner['to']);
    const isLiteral = isNode(inner['to']) && inner['to']['name'] === 'TIMESTAMPNTZ' && literalOf(inner['this']);
    const moment = isLiteral ? momentName(value) : undefined;
    if (moment !== undefined) return `TIMESTAMP_NTZ '${moment}'`;
    return to.kind === 'array' || to.kind === 'map' || to.kind === 'struct'
      ? value
      : `${word}(${value} AS ${typeName(to).toUpperCase()})`;
  };
}

function pathName(inner: Node, at: At, node: Node): string {
  const written = literalOf(inner['expression'])?.['value'];
  const path = typeof written === 'string' ? written : '';
  return `variant_get(${name(inner['this'], at)}, $.${path}) AS ${lastOfPath(node) ?? path}`;
}

export const not = (text: string, isNegated: unknown): string => (isNegated === true ? `(NOT ${text})` : text);

/** What a query refers to in the one around it. */
export function outerNames(query: unknown, { place }: At): string {
  return (isNode(query) ? (place.context.outerNames.get(query) ?? []) : []).join(', ');
}

export const VALUE_NAMES: Readonly<Record<string, Namer>> = {
  literal: literalName,
  boolean: (inner) => String(inner['value'] === true),
  null: () => 'NULL',
  interval: (_inner, { place }, node) => intervalName(compileExpression(node, place)),
  parameter: (inner) => (typeof inner['name'] === 'string' ? `:${inner['name']}` : '?'),
  column: columnName,
  identifier: (inner) => String(inner['name']),
  dot: (inner, at) => {
    const base = isNode(inner['this']) ? inner['this'] : {};
    const field = isNode(inner['field']) ? String(inner['field']['name']) : '';
    return `${name(base, at)}.${field}`;
  },
  j_s_o_n_extract: pathName,
  json_extract: pathName,
  subscript: (inner, at) => `${name(inner['this'], at)}[${name(inner['index'], at)}]`,
  paren: (inner, at) => name(inner['this'], at),
  alias: (inner, at) => `${name(inner['this'], at)} AS ${isNode(inner['alias']) ? String(inner['alias']['name']) : ''}`,
  cast: castName('CAST'),
  try_cast: castName('TRY_CAST'),
  subquery: (inner, at) => `scalarsubquery(${outerNames(inner['this'], at)})`,
  exists: (inner, at) => not(`exists(${outerNames(inner['this'], at)})`, inner['not']),
  tuple: (inner, at) => {
    const fields = listOf(inner['expressions']).map((node, i) => [
      namePath(node)?.at(-1) ?? `col${i + 1}`,
      name(node, at),
    ]);
    return `named_struct(${fields.flat().join(', ')})`;
  },
};
