import { isNode, type Node } from '../nodes';
import { identifier } from '../quote';
import { typeName } from '../../engine/types';
import { SqlError, syntaxError, unsupported } from '../SqlError';
import type { Place } from './context';
import { compileExpression } from './expression';
import { frameText } from './frames';
import { orderKey } from './ordering';
import type { Typed } from './Typed';

/** The text of what follows OVER: the name of a window, or a specification in brackets. */
export function compileOver(over: unknown, place: Place): string {
  if (!isNode(over)) return '()';
  const name = isNode(over['window_name']) ? identifier(String(over['window_name']['name'])) : undefined;
  const specification = windowText(over, place);
  if (name === undefined) return `(${specification})`;
  if (specification !== '') throw syntaxError(`'${name.slice(1, -1)}': a window has a name or a specification`);
  return name;
}

/** PARTITION BY, ORDER BY and the frame. */
export function windowText(spec: Node, place: Place): string {
  const parts: string[] = [];
  const partition = nodes(spec['partition_by']).map((node) => partitionKey(compileExpression(node, place)));
  if (partition.length > 0) parts.push(`PARTITION BY ${partition.join(', ')}`);
  const order = nodes(spec['order_by']).map((node) => orderText(node, place));
  if (order.length > 0) parts.push(`ORDER BY ${order.join(', ')}`);
  if (isNode(spec['frame'])) parts.push(frameText(spec['frame'], { nodes: nodes(spec['order_by']), place }));
  return parts.join(' ');
}

function partitionKey({ sql, type }: Typed): string {
  if (type.kind !== 'map' && type.kind !== 'variant') return sql;
  throw new SqlError(
    'EXPRESSION_TYPE_IS_NOT_ORDERABLE',
    '42822',
    `Column expression cannot be sorted because its type "${typeName(type).toUpperCase()}" is not orderable.`,
  );
}

function nodes(list: unknown): unknown[] {
  return Array.isArray(list) ? (list as unknown[]) : [];
}

/** One key of ORDER BY; NULL is the smallest value unless the query says otherwise. */
export function orderText(node: unknown, place: Place, compileKey = compileExpression): string {
  if (!isNode(node)) throw unsupported('This ORDER BY');
  const key = compileKey(node['this'], place);
  return orderKey(key) + direction(node);
}

export function direction(node: Node): string {
  const descending = node['desc'] === true;
  const first = typeof node['nulls_first'] === 'boolean' ? node['nulls_first'] : !descending;
  return `${descending ? ' DESC' : ' ASC'} NULLS ${first ? 'FIRST' : 'LAST'}`;
}
