import { typeFromNode } from './compile/typeNodes';
import { isNode, type Node } from './nodes';
import { columnExists, SqlError, syntaxError } from './SqlError';
import type { TableNotes } from './tableNotes';

/** Gives types the names that the parser has for them. Throws for columns that no table can have. */
export function readColumns(root: Node): void {
  const { create_table: table, alter_table: alter } = root;
  const columns = isNode(table) ? nodes(table['columns']) : isNode(alter) ? addedColumns(alter) : [];
  for (const { data_type: type } of columns) {
    nameTypes(type);
    typeFromNode(type);
  }
  checkNames(columns.map(nameOf));
}

function addedColumns(alter: Node): Node[] {
  return nodes(alter['actions']).flatMap(({ AddColumn: one, AddColumns: many }) =>
    isNode(many) ? nodes(many['columns']) : isNode(one) && isNode(one['column']) ? [one['column']] : [],
  );
}

const nodes = (list: unknown): Node[] => (Array.isArray(list) ? list.filter(isNode) : []);

const nameOf = ({ name }: Node): string => (isNode(name) ? String(name['name']) : '');

/** Names of the columns that a table is declared with. */
export const columnNames = ({ columns }: Node): string[] => nodes(columns).map(nameOf);

/** Throws for a name that is there twice, in whatever case. */
export function checkNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names.map((each) => each.toLowerCase())) {
    if (seen.has(name)) throw columnExists(name);
    seen.add(name);
  }
}

const SYNONYMS: Readonly<Record<string, string | undefined>> = {
  BYTE: 'tiny_int',
  SHORT: 'small_int',
  LONG: 'big_int',
};

function nameTypes(value: unknown): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) nameTypes(item);
  else if (isNode(value)) {
    if (value['data_type'] === 'decimal' && typeof value['precision'] !== 'number')
      Object.assign(value, { precision: 10, scale: 0 });
    if (value['data_type'] === 'custom') nameType(value, String(value['name']).toUpperCase());
    for (const inner of Object.values(value)) nameTypes(inner);
  }
}

function nameType(type: Node, name: string): void {
  const decimal = /^DEC(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(name);
  const found = SYNONYMS[name] ?? (decimal ? 'decimal' : undefined);
  if (found === undefined) return;
  delete type['name'];
  type['data_type'] = found;
  if (decimal) Object.assign(type, { precision: Number(decimal[1] ?? 10), scale: Number(decimal[2] ?? 0) });
}

/** CREATE TABLE … AS takes the columns of its query. */
export function refuseColumns({ columns }: Node): void {
  if (nodes(columns).length > 0)
    throw syntaxError("'AS': a table that is made of a query has the columns of the query");
}

/** Throws where a table is to be partitioned or clustered by a column that it has not. */
export function checkParts(notes: TableNotes, names: readonly string[]): void {
  const known = new Set(names.map((name) => name.toLowerCase()));
  const missing = [...notes.partitionedBy, ...notes.clusteredBy].find((name) => !known.has(name.toLowerCase()));
  if (missing === undefined) return;
  throw new SqlError(
    'COLUMN_NOT_DEFINED_IN_TABLE',
    '42703',
    `partition column \`${missing}\` is not defined in table \`${notes.name.join('`.`')}\`, defined table columns are: ${names.map((name) => `\`${name}\``).join(', ')}.`,
  );
}
