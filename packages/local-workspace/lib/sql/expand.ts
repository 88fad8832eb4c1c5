import { isNode, type Node } from './nodes';
import { identifier } from './quote';
import { unsupported } from './SqlError';

/**
 * One Databricks statement as the statements that DuckDB needs for it: syntax trees, which are still to be translated,
 * or text in DuckDB's dialect. Most need just themselves.
 */
export type Step = { kind: 'tree'; prefix: string; root: Node } | { kind: 'text'; text: string };

export function expand(root: Node): Step[] {
  const { insert, alter_table: alter } = root;
  if (isNode(insert) && insert['overwrite'] === true) return overwrite(insert);
  if (isNode(alter)) return addColumns(root, alter);
  return [{ kind: 'tree', prefix: '', root }];
}

/** The new rows are computed before the old ones go: they may be made of them. */
function overwrite(insert: Node): Step[] {
  const { table, query, columns, partition } = insert;
  const plain = [columns, partition].every((list) => !Array.isArray(list) || list.length === 0);
  if (!isNode(table) || !isNode(query) || !plain)
    throw unsupported('INSERT OVERWRITE with columns, partitions or VALUES');
  const target = qualified(table);
  return [
    { kind: 'tree', prefix: 'CREATE OR REPLACE TEMPORARY TABLE __overwrite AS ', root: query },
    { kind: 'text', text: `DELETE FROM ${target}` },
    { kind: 'text', text: `INSERT INTO ${target} SELECT * FROM temp.__overwrite` },
  ];
}

/** DuckDB adds one column at a time. */
function addColumns(root: Node, alter: Node): Step[] {
  const actions = Array.isArray(alter['actions']) ? alter['actions'].filter(isNode) : [];
  if (actions.some((action) => 'Raw' in action)) return withoutEffect(alter, actions);
  const columns = actions.length === 1 ? addedColumns(actions[0] as Node) : [];
  if (columns.length === 0) return [{ kind: 'tree', prefix: '', root }];
  return columns.map((column) => ({
    kind: 'tree',
    prefix: '',
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
