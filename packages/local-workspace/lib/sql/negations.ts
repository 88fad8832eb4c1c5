import { isNode, type Node } from './nodes';
import { parseTree } from './parserEngine';

const NEGATED = /^NOT\b(.*)$/is;

/** The parser leaves `NOT a LIKE b` as text. Replaces it, in place, by the negation that it is. */
export function readNegations(value: unknown): void {
  if (Array.isArray(value)) {
    (value as unknown[]).forEach((item, i) => {
      value[i] = negation(item) ?? item;
      readNegations(value[i]);
    });
  } else if (isNode(value)) {
    for (const [key, inner] of Object.entries(value)) {
      value[key] = negation(inner) ?? inner;
      readNegations(value[key]);
    }
  }
}

function negation(node: unknown): Node | undefined {
  const raw = isNode(node) ? node['raw'] : undefined;
  const [, rest] = isNode(raw) ? (NEGATED.exec(String(raw['sql'])) ?? []) : [];
  if (rest === undefined) return undefined;
  const select = parseTree(`SELECT ${rest}`)?.['select'];
  const items = isNode(select) ? select['expressions'] : undefined;
  const [first, more] = Array.isArray(items) ? (items as unknown[]) : [];
  return isNode(first) && more === undefined ? { not: { this: first } } : undefined;
}
