import { typeName } from '../engine/types';
import { isInterval } from './compile/sqlTypes';
import type { Column } from './compile/Typed';
import { isNode, type Node } from './nodes';

export interface DeclaredColumn {
  name: string;
  /** As DESCRIBE prints it. */
  type: string;
}

/** Types of which the database keeps a part only: character strings of a width, and the kinds of intervals. */
export interface DeclaredColumns {
  /** One to three parts. */
  table: readonly string[];
  ifNotExists: boolean;
  columns: readonly DeclaredColumn[];
}

/** Undefined when there is nothing to keep. Reads the tree as it was parsed; `made`: columns of the query in it. */
export function declaredColumns(root: Node, made: readonly Column[] = []): DeclaredColumns | undefined {
  const { create_table: table, create_view: view, alter_table: alter } = root;
  const create = isNode(table) ? table : view;
  if (isNode(create) && create['temporary'] !== true) {
    const columns = [...nodes(create['columns']).flatMap(declared), ...intervals(made)];
    return keep(create['name'], create['if_not_exists'] === true, columns);
  }
  if (isNode(alter)) return keep(alter['name'], false, nodes(alter['actions']).flatMap(added).flatMap(declared));
  return undefined;
}

function keep(name: unknown, ifNotExists: boolean, columns: readonly DeclaredColumn[]): DeclaredColumns | undefined {
  if (!isNode(name) || columns.length === 0) return undefined;
  const table = [name['catalog'], name['schema'], name['name']].filter(isNode).map(({ name: part }) => String(part));
  return { table, ifNotExists, columns };
}

function declared({ name, data_type: described }: Node): DeclaredColumn[] {
  const type = isNode(described) ? typeText(described) : undefined;
  return isNode(name) && type !== undefined ? [{ name: String(name['name']), type }] : [];
}

function typeText({ data_type: kind, length, unit, to }: Node): string | undefined {
  if (kind === 'var_char' && typeof length === 'number') return `varchar(${length})`;
  if (kind === 'char') return `char(${typeof length === 'number' ? length : 1})`;
  if (kind !== 'interval' || typeof unit !== 'string') return undefined;
  return `interval ${unit}${typeof to === 'string' ? ` to ${to}` : ''}`.toLowerCase();
}

/** The intervals of a query of which a table or view is made. */
function intervals(made: readonly Column[]): DeclaredColumn[] {
  return made.filter(({ type }) => isInterval(type)).map(({ name, type }) => ({ name, type: typeName(type) }));
}

function added({ AddColumn: one, AddColumns: many }: Node): Node[] {
  if (isNode(many)) return nodes(many['columns']);
  return isNode(one) && isNode(one['column']) ? [one['column']] : [];
}

function nodes(list: unknown): Node[] {
  return Array.isArray(list) ? list.filter(isNode) : [];
}
