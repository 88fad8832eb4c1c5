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

/** Undefined when there is nothing to keep. Reads the tree as it was parsed. */
export function declaredColumns(root: Node): DeclaredColumns | undefined {
  const { create_table: create, alter_table: alter } = root;
  if (isNode(create) && create['temporary'] !== true) {
    const columns = [...nodes(create['columns']).flatMap(declared), ...selected(create['as_select'])];
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

/** The columns of `CREATE TABLE … AS SELECT` that are interval literals. */
function selected(query: unknown): DeclaredColumn[] {
  const select = isNode(query) ? query['select'] : undefined;
  return nodes(isNode(select) ? select['expressions'] : undefined).flatMap((expression) => {
    const { alias } = expression;
    if (!isNode(alias) || !isNode(alias['this']) || !isNode(alias['alias'])) return [];
    const { interval } = alias['this'];
    const unit = isNode(interval) ? interval['unit'] : undefined;
    if (!isNode(unit)) return [];
    const type =
      unit['type'] === 'span'
        ? `interval ${String(unit['this'])} to ${String(unit['expression'])}`
        : `interval ${String(unit['unit'])}`;
    return [{ name: String(alias['alias']['name']), type: type.toLowerCase() }];
  });
}

function added({ AddColumn: one, AddColumns: many }: Node): Node[] {
  if (isNode(many)) return nodes(many['columns']);
  return isNode(one) && isNode(one['column']) ? [one['column']] : [];
}

function nodes(list: unknown): Node[] {
  return Array.isArray(list) ? list.filter(isNode) : [];
}
