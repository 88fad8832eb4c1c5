import { columnNode, EMPTY_SELECT, isNode, plainIdentifier, type Node } from './nodes';

/**
 * A MERGE in DuckDB's dialect. The parser library translates no part of it, so that each expression and the source are
 * translated on their own and put in place of a name.
 */
export function mergeToDuckDb(merge: Node, translateQuery: (query: Node) => string): string {
  const parts: string[] = [];
  const keep = (text: string): string => `__m${parts.push(text) - 1}__`;
  const expression = (value: unknown): unknown => {
    if (!isNode(value) || 'boolean' in value) return value;
    const query = translateQuery({ select: { ...EMPTY_SELECT, expressions: [value] } });
    return columnNode(keep(query.slice('SELECT '.length)));
  };
  const source = (using: unknown): unknown => {
    const subquery = isNode(using) ? using['subquery'] : undefined;
    if (!isNode(subquery) || !isNode(subquery['this'])) return using;
    const table = columnNode(keep(`(${translateQuery(subquery['this'])})`));
    if (!isNode(subquery['alias'])) return table;
    const { alias, column_aliases } = subquery;
    return { alias: { this: table, alias, column_aliases: column_aliases ?? [], ...ALIAS } };
  };
  const translated: Node = {
    ...merge,
    using: source(merge['using']),
    on: expression(merge['on']),
    whens: mapWhens(merge['whens'], expression),
  };
  const byName = translateQuery({ merge: translated }).replace(/ THEN (UPDATE|INSERT) \*/g, ' THEN $1 BY NAME');
  return byName.replace(/__m(\d+)__/g, (_name, index) => parts[Number(index)] ?? '');
}

const ALIAS = { alias_explicit_as: true, alias_keyword: 'AS', pre_alias_comments: [], trailing_comments: [] };

function mapWhens(whens: unknown, expression: (value: unknown) => unknown): unknown {
  const list = isNode(whens) && isNode(whens['whens']) ? whens['whens']['expressions'] : undefined;
  if (!Array.isArray(list)) return whens;
  const expressions = (list as unknown[]).map((item) => {
    const when = isNode(item) ? item['when'] : undefined;
    if (!isNode(when)) return item;
    return { when: { ...when, condition: expression(when['condition']), then: action(when['then'], expression) } };
  });
  return { whens: { ...((whens as Node)['whens'] as Node), expressions } };
}

/** `UPDATE SET a = …`, `INSERT (a) VALUES (…)`, or one of them with `*`. */
function action(then: unknown, expression: (value: unknown) => unknown): unknown {
  const parts = tupleOf(then);
  const verb = isNode(parts[0]) && isNode(parts[0]['var']) ? String(parts[0]['var']['this']).toUpperCase() : '';
  if (isNode(parts[1]) && 'star' in parts[1]) return then;
  if (verb === 'UPDATE') {
    return tuple([parts[0], tuple(tupleOf(parts[1]).map((assignment) => assign(assignment, expression)))]);
  }
  if (verb !== 'INSERT') return then;
  const values = parts.length - 1;
  return tuple(parts.map((part, i) => (i === values ? tuple(tupleOf(part).map(expression)) : part)));
}

/** DuckDB takes the target's column by its bare name. */
function assign(assignment: unknown, expression: (value: unknown) => unknown): unknown {
  if (!isNode(assignment) || !isNode(assignment['eq'])) return assignment;
  const { eq } = assignment;
  const column = isNode(eq['left']) ? eq['left']['column'] : undefined;
  const name = isNode(column) && isNode(column['name']) ? column['name'] : undefined;
  const left = name ? { column: { name: plainIdentifier(String(name['name']), true), table: null } } : eq['left'];
  return { eq: { ...eq, left, right: expression(eq['right']) } };
}

function tuple(expressions: unknown[]): Node {
  return { tuple: { expressions } };
}

function tupleOf(node: unknown): unknown[] {
  const inner = isNode(node) && isNode(node['tuple']) ? node['tuple']['expressions'] : undefined;
  return Array.isArray(inner) ? inner : [];
}
