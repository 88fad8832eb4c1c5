import { isNode, type Node } from '../nodes';
import { SqlError, syntaxError, unsupported } from '../SqlError';
import type { Place } from './context';
import { compileExpression } from './expression';
import { unresolvedColumn } from './failures';
import { literalNumber } from './from';
import type { Noted, Scope } from './scope';
import type { Column, Typed } from './Typed';

/** An output column, and whether an aggregate function is in it. */
export interface Output {
  readonly value: Typed;
  readonly isAggregate: boolean;
}

/** GROUP BY, with positions and aliases of the select list. */
export function grouping(clause: unknown, items: readonly Output[], columns: readonly Column[], place: Place): string {
  const text = groupingText(clause, items, columns, place);
  checkGroupings(clause, place.scope);
  return text;
}

function groupingText(clause: unknown, outputs: readonly Output[], columns: readonly Column[], place: Place): string {
  if (!isNode(clause)) return '';
  if (clause['all'] === true) return groupingByAll(outputs, place);
  const items = outputs.map(({ value }) => value);
  const nodes = Array.isArray(clause['expressions']) ? (clause['expressions'] as unknown[]) : [];
  if (nodes.some((node) => isNode(node) && isNode(node['tuple']) && partsOf(node['tuple']).length === 0))
    throw syntaxError("')'");
  const wraps = nodes.filter((node) => isNode(node) && ('rollup' in node || 'cube' in node) && isEmpty(node));
  const keys = nodes.filter((node) => !wraps.includes(node)).map((node) => element(node, items, columns, place));
  if (wraps.length > 0) return ` GROUP BY ${'rollup' in (wraps[0] as Node) ? 'ROLLUP' : 'CUBE'} (${keys.join(', ')})`;
  return ` GROUP BY ${keys.join(', ')}`;
}

/** By every column that no aggregate function is in. */
function groupingByAll(outputs: readonly Output[], place: Place): string {
  const keys = outputs.filter(({ isAggregate }) => !isAggregate).map(({ value }) => grouped(value, place));
  return keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
}

/** Throws for what HAVING and ORDER BY ask for although the query neither groups by it nor has it in its list. */
export function checkBehind(outputs: readonly Output[], scope: Scope, list: Noted, having: Noted): void {
  const { bare, aggregates, groupKeys, sources } = scope;
  const keys = [...groupKeys];
  const isMade = ({ value: { sql }, isAggregate }: Output): boolean =>
    isAggregate ||
    keys.some((key) => sql.includes(key)) ||
    !sources.some(({ qualifier }) => sql.includes(`${qualifier}.`));
  const missing = bare[list.bare];
  // A select list that is wrong itself comes first.
  if (missing !== undefined && outputs.every(isMade)) throw unresolvedColumn(missing.replaceAll('"', ''));
  const isNew = (sql: string): boolean => outputs.every(({ value }) => value.sql !== sql);
  if (
    aggregates.slice(list.aggregates, having.aggregates).some(isNew) &&
    aggregates.slice(having.aggregates).some(isNew)
  )
    throw unsupported('An aggregate function in HAVING and another in ORDER BY, neither of them in the SELECT list,');
}

/** Throws for calls that Spark computes in the select list alone. */
export function checkOrder(isGrouped: boolean, scope: Scope, before: Noted): void {
  const now = scope.noted;
  if (now.outerReferences > before.outerReferences) throw unsupported('A correlated subquery in ORDER BY');
  if (now.windows > before.windows || (!isGrouped && now.aggregates > before.aggregates)) throw notHere('ORDER BY');
}

export function notHere(clause: string): SqlError {
  return new SqlError(
    'UNSUPPORTED_EXPR_FOR_OPERATOR',
    '42K0E',
    `${clause} contains an aggregate or window function, which it cannot compute.`,
  );
}

/** Throws for grouping() and grouping_id() that ask for what the query does not group by in sets. */
function checkGroupings(clause: unknown, { groupings, groupKeys }: Scope): void {
  if (groupings.length === 0) return;
  const nodes = isNode(clause) && Array.isArray(clause['expressions']) ? (clause['expressions'] as unknown[]) : [];
  if (!nodes.some((node) => setOf(node) !== undefined || isEmpty(node)))
    throw new SqlError(
      'UNSUPPORTED_GROUPING_EXPRESSION',
      '42K0E',
      'grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.',
    );
  const keys = [...groupKeys];
  for (const { name, args } of groupings) {
    if (name === 'grouping' && !args.every((arg) => groupKeys.has(arg)))
      throw new SqlError('GROUPING_COLUMN_MISMATCH', '42803', 'Column of grouping() is not among those grouped by.');
    if (name === 'grouping_id' && args.join() !== keys.join())
      throw new SqlError(
        'GROUPING_ID_COLUMN_MISMATCH',
        '42803',
        'Columns of grouping_id() do not match those grouped by.',
      );
  }
}

function isEmpty(node: unknown): boolean {
  const inner = isNode(node) ? (node['rollup'] ?? node['cube']) : undefined;
  return isNode(inner) && !(Array.isArray(inner['expressions']) && inner['expressions'].length > 0);
}

function element(node: unknown, items: readonly Typed[], columns: readonly Column[], place: Place): string {
  const set = setOf(node);
  if (set) return `${set.word} (${set.keys.map((key) => element(key, items, columns, place)).join(', ')})`;
  if (isNode(node) && isNode(node['tuple'])) {
    return `(${partsOf(node['tuple'])
      .map((part) => element(part, items, columns, place))
      .join(', ')})`;
  }
  const position = literalNumber(node);
  if (position !== undefined) {
    const item = items[position - 1];
    if (!item)
      throw new SqlError('GROUP_BY_POS_OUT_OF_RANGE', '42805', `GROUP BY position ${position} is not in select list.`);
    return grouped(item, place);
  }
  return grouped(compileExpression(node, place), place);
}

function partsOf(tuple: Node): unknown[] {
  return Array.isArray(tuple['expressions']) ? (tuple['expressions'] as unknown[]) : [];
}

function grouped({ sql, type }: Typed, { scope }: Place): string {
  if (type.kind === 'variant')
    throw new SqlError('GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE', '42822', 'A VARIANT cannot be grouped by.');
  if (scope.windows.some((window) => sql.includes(window))) throw unsupported('A window function in GROUP BY');
  scope.groupKeys.add(sql);
  return sql;
}

function setOf(node: unknown): { word: string; keys: unknown[] } | undefined {
  if (!isNode(node)) return undefined;
  for (const kind of ['rollup', 'cube', 'grouping_sets']) {
    const inner = node[kind];
    if (isNode(inner))
      return {
        word: kind.replace('_', ' ').toUpperCase(),
        keys: Array.isArray(inner['expressions']) ? inner['expressions'] : [],
      };
  }
  const called = node['function'];
  const name = isNode(called) ? String(called['name']).toUpperCase() : '';
  if (!isNode(called) || !['ROLLUP', 'CUBE', 'GROUPING SETS'].includes(name)) return undefined;
  if (!Array.isArray(called['args'])) throw unsupported(name);
  return { word: name, keys: called['args'] as unknown[] };
}
