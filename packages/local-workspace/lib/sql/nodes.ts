/** A node of the parser library's syntax tree: JSON. */
export type Node = { [key: string]: unknown };

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function plainIdentifier(name: string, quoted = false): Node {
  return { name, quoted, trailing_comments: [] };
}

export function call(name: string, args: unknown[]): Node {
  return {
    function: {
      name,
      args,
      distinct: false,
      trailing_comments: [],
      use_bracket_syntax: false,
      no_parens: false,
      quoted: false,
    },
  };
}

export function text(value: string): Node {
  return { literal: { literal_type: 'string', value } };
}

export function number(value: bigint | number): Node {
  const positive = { literal: { literal_type: 'number', value: String(value < 0 ? -value : value) } };
  return value < 0 ? { neg: { this: positive } } : positive;
}

export function isVoid(type: unknown): boolean {
  return isNode(type) && String(type['name'] ?? type['data_type']).toUpperCase() === 'VOID';
}

export function literalOf(node: unknown): Node | undefined {
  return isNode(node) && isNode(node['literal']) ? node['literal'] : undefined;
}
