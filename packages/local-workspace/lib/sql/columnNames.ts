import type { Place } from './compile/context';
import { kindOf } from './compile/Typed';
import { listOf, name, nameIn, type At } from './naming/name';
import { lastOfPath } from './naming/values';
import { isNode, type Node } from './nodes';

/**
 * The name of an output expression without an alias: what Spark makes of it, with texts as they are and every operator in
 * brackets (`toPrettySQL`, ANSI mode).
 */
export function nameOf(expression: Node, place: Place, windows?: unknown): string {
  const defined = listOf(windows).filter(isNode);
  const at: At = {
    place,
    variables: new Set(),
    windows: new Map(defined.map((each) => [nameIn(each['name']), isNode(each['spec']) ? each['spec'] : each])),
  };
  return lastOfPath(expression) ?? aliasOfLast(expression) ?? name(expression, at);
}

/** The parser takes the alias behind `a = (b, c)` for that of the tuple. */
function aliasOfLast(node: Node): string | undefined {
  const inner = node[kindOf(node)];
  const right = isNode(inner) ? inner['right'] : undefined;
  const alias = isNode(right) && isNode(right['alias']) ? right['alias']['alias'] : undefined;
  return isNode(alias) ? String(alias['name']) : undefined;
}
