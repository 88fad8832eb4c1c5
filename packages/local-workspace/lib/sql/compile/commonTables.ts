import { isNode, type Node } from '../nodes';
import { identifier } from '../quote';
import { SqlError, unsupported } from '../SqlError';
import type { Place } from './context';
import { compileQuery } from './query';
import { rename } from './sourceNames';
import type { Column, Relation } from './Typed';

/** WITH: its text, and the place where its names are known. */
export function commonTables(clause: unknown, place: Place): { sql: string; place: Place } {
  if (!isNode(clause) || !Array.isArray(clause['ctes'])) return { sql: '', place };
  const tables = new Map(place.tables);
  const own = new Set<string>();
  const recursive = clause['recursive'] === true;
  const parts = (clause['ctes'] as unknown[]).filter(isNode).map((cte) => {
    const name = isNode(cte['alias']) ? String(cte['alias']['name']) : '';
    const names = (Array.isArray(cte['columns']) ? (cte['columns'] as unknown[]) : [])
      .filter(isNode)
      .map((column) => String(column['name']));
    if (own.has(name.toLowerCase()))
      throw new SqlError('DUPLICATED_CTE_NAMES', '42602', `CTE definition can't have duplicate names: \`${name}\`.`);
    own.add(name.toLowerCase());
    const body = cte['this'];
    if (!isNode(body)) throw unsupported('WITH of anything but a query');
    const at = { ...place, tables };
    const anchor = recursive ? anchorOf(body) : undefined;
    if (anchor) define(tables, name, renamed(compileQuery(anchor, at).columns, names));
    const query = compileQuery(body, at);
    const columns = renamed(query.columns, names);
    define(tables, name, columns);
    return `${identifier(name)}(${columns.map((column) => identifier(column.name)).join(', ')}) AS (${query.sql})`;
  });
  return { sql: `WITH ${recursive ? 'RECURSIVE ' : ''}${parts.join(', ')} `, place: { ...place, tables } };
}

function define(tables: Map<string, Relation>, name: string, columns: readonly Column[]): void {
  tables.set(name.toLowerCase(), { sql: identifier(name), columns });
}

/** The first part of a recursive query, which says what its columns are. */
function anchorOf(body: Node): Node | undefined {
  const union = body['union'];
  return isNode(union) && isNode(union['left']) ? union['left'] : undefined;
}

/** Columns of WITH have names of their own. */
function renamed(given: readonly Column[], names: readonly string[]): Column[] {
  const columns = names.length > 0 ? rename(given, names, 'relation') : given;
  const seen = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let n = 1; seen.has(name.toLowerCase()); n++) name = `${column.name}:${n}`;
    seen.add(name.toLowerCase());
    return { name, type: column.type };
  });
}
