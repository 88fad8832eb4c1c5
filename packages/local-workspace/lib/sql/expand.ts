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
  const target = [table['catalog'], table['schema'], table['name']]
    .filter(isNode)
    .map((part) => identifier(String(part['name'])))
    .join('.');
  return [
    { kind: 'tree', prefix: 'CREATE OR REPLACE TEMPORARY TABLE __overwrite AS ', root: query },
    { kind: 'text', text: `DELETE FROM ${target}` },
    { kind: 'text', text: `INSERT INTO ${target} SELECT * FROM temp.__overwrite` },
  ];
}

/** DuckDB adds one column at a time. */
function addColumns(root: Node, alter: Node): Step[] {
  const actions = Array.isArray(alter['actions']) ? alter['actions'].filter(isNode) : [];
  const columns = actions.length === 1 ? addedColumns(actions[0] as Node) : [];
  if (columns.length === 0) return [{ kind: 'tree', prefix: '', root }];
  return columns.map((column) => ({
    kind: 'tree',
    prefix: '',
    root: { alter_table: { ...alter, actions: [{ AddColumn: { column, if_not_exists: false, position: null } }] } },
  }));
}

function addedColumns(action: Node): Node[] {
  const { AddColumn: one, AddColumns: many } = action;
  const columns: unknown = isNode(many) ? many['columns'] : isNode(one) ? [one['column']] : [];
  return Array.isArray(columns) ? columns.filter(isNode).map(withInstants) : [];
}

/** The translation leaves types in ALTER TABLE alone; a Databricks timestamp is an instant. */
function withInstants(column: Node): Node {
  const type = column['data_type'];
  if (!isNode(type) || type['data_type'] !== 'timestamp') return column;
  return { ...column, data_type: { data_type: 'custom', name: 'TIMESTAMPTZ' } };
}
