import { isNode, type Node } from './nodes';
import { identifier } from './quote';
import { CATALOG_PREFIX } from './rewrite';
import { unsupported } from './SqlError';

/**
 * One Databricks statement as the statements that DuckDB needs for it: syntax trees, which are still to be translated,
 * or text in DuckDB's dialect. Most need just themselves.
 */
export type Step = { kind: 'tree'; root: Node } | { kind: 'text'; text: string };

export function expand(root: Node, session: { catalog: string; schema: string }): Step[] {
  const { alter_table: alter } = root;
  if (isNode(alter)) {
    refuseMoves(alter, session);
    return addColumns(root, alter);
  }
  return [{ kind: 'tree', root }];
}

/** DuckDB renames a table where it is, whatever the new name says. */
function refuseMoves({ name, actions }: Node, session: { catalog: string; schema: string }): void {
  const place = (table: unknown): string => {
    const { catalog, schema } = isNode(table) ? table : {};
    const parts = [
      isNode(catalog) ? catalog['name'] : CATALOG_PREFIX + session.catalog,
      isNode(schema) ? schema['name'] : session.schema,
    ];
    return parts.join('.').toLowerCase();
  };
  for (const action of Array.isArray(actions) ? actions.filter(isNode) : []) {
    const { RenameTable: renamed } = action;
    if (!isNode(renamed) || !isNode(renamed['schema'])) continue;
    if (place(renamed) !== place(name)) throw unsupported('ALTER TABLE … RENAME TO a name in another schema');
  }
}

/** DuckDB adds one column at a time. */
function addColumns(root: Node, alter: Node): Step[] {
  const actions = Array.isArray(alter['actions']) ? alter['actions'].filter(isNode) : [];
  if (actions.some((action) => 'Raw' in action)) return withoutEffect(alter, actions);
  const columns = actions.length === 1 ? addedColumns(actions[0] as Node) : [];
  if (columns.length === 0) return [{ kind: 'tree', root }];
  return columns.map((column) => ({
    kind: 'tree',
    root: { alter_table: { ...alter, actions: [{ AddColumn: { column, if_not_exists: false, position: null } }] } },
  }));
}

/** Table properties change nothing here; the table has to exist all the same. */
function withoutEffect({ name }: Node, actions: readonly Node[]): Step[] {
  const raw = actions.map((action) => (isNode(action['Raw']) ? String(action['Raw']['sql']) : ''));
  const other = raw.find((sql) => !/^(?:UN)?SET TBLPROPERTIES\b/i.test(sql));
  if (other !== undefined || !isNode(name)) throw unsupported(`ALTER TABLE … ${other?.split('(')[0]?.trim() ?? ''}`);
  return [{ kind: 'text', text: `SELECT 1 FROM ${qualified(name)} LIMIT 0` }];
}

function qualified(table: Node): string {
  return [table['catalog'], table['schema'], table['name']]
    .filter(isNode)
    .map((part) => identifier(String(part['name'])))
    .join('.');
}

function addedColumns(action: Node): Node[] {
  const { AddColumn: one, AddColumns: many } = action;
  const columns: unknown = isNode(many) ? many['columns'] : isNode(one) ? [one['column']] : [];
  return Array.isArray(columns) ? columns.filter(isNode).map(withInstants) : [];
}

/** The translation leaves ALTER TABLE alone: a Databricks timestamp is an instant, and comments are not kept. */
function withInstants(described: Node): Node {
  const constraints = Array.isArray(described['constraints']) ? (described['constraints'] as unknown[]) : [];
  const plain = constraints.every((constraint) => isNode(constraint) && 'Comment' in constraint);
  const column = plain ? { ...described, constraints: [], constraint_order: [] } : described;
  const type = described['data_type'];
  if (!isNode(type) || type['data_type'] !== 'timestamp') return column;
  return { ...column, data_type: { data_type: 'custom', name: 'TIMESTAMPTZ' } };
}
