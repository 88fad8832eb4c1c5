import { own } from '../../own';
import type { Place } from '../compile/context';
import { kindOf } from '../compile/Typed';
import { isNode, type Node } from '../nodes';
import { CALL_NAMES } from './calls';
import { OPERATOR_NAMES } from './operators';
import { VALUE_NAMES } from './values';

/** What names stand for inside of an expression. */
export interface At {
  readonly place: Place;
  /** Parameters of the lambdas around it, in lower case. */
  readonly variables: ReadonlySet<string>;
  /** What WINDOW defines, by name in lower case. */
  readonly windows: ReadonlyMap<string, Node>;
}

export type Namer = (inner: Node, at: At, node: Node) => string;

/** Put together at the first use: the parts need each other. */
function namers(): Readonly<Record<string, Namer>> {
  return (known ??= { ...VALUE_NAMES, ...OPERATOR_NAMES, ...CALL_NAMES });
}

let known: Readonly<Record<string, Namer>> | undefined;

/** What Spark calls a part of an expression. */
export function name(node: unknown, at: At): string {
  if (!isNode(node)) return '';
  const kind = kindOf(node);
  const inner = node[kind];
  return own(namers(), kind)?.(isNode(inner) ? inner : {}, at, node) ?? kind.replaceAll('_', ' ');
}

export function all(nodes: unknown, at: At): string[] {
  return Array.isArray(nodes) ? (nodes as unknown[]).map((node) => name(node, at)) : [];
}

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export const nameIn = (node: unknown): string => (isNode(node) ? String(node['name']).toLowerCase() : '');
