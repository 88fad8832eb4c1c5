import { own } from '../own';
import { castTo } from './compile/cast';
import type { Context, KnownTable, Place } from './compile/context';
import { compileExpression } from './compile/expression';
import { tableNotFound } from './compile/from';
import { compileQuery } from './compile/query';
import { Scope } from './compile/scope';
import type { Column, Relation } from './compile/Typed';
import { isNode, type Node } from './nodes';
import { STEP } from './placeholders';
import { identifier } from './quote';
import { CATALOG_PREFIX, HIDDEN_SCHEMAS } from './rewrite';
import { schemaNotFound, SqlError, unsupported } from './SqlError';

export function placeOf(context: Context): Place {
  return { scope: new Scope(), context, tables: new Map() };
}

/** Names of the parts of a table node. */
export function tableParts(given: unknown): string[] {
  const table =
    isNode(given) && isNode(given['alias']) && isNode(given['alias']['this']) ? given['alias']['this'] : given;
  if (!isNode(table)) return [];
  const inner = isNode(table['table']) ? table['table'] : table;
  return [inner['catalog'], inner['schema'], inner['name']]
    .filter(isNode)
    .map((part) => String(part['name']).replace(/^__f_/, ''));
}

/** The table or view that a statement of that type drops, or the table that it makes anew. */
export function replacedTable(type: string, inner: Node): string[] | undefined {
  const names = type === 'drop_table' && Array.isArray(inner['names']) ? (inner['names'] as unknown[]) : [];
  const isMade = type === 'create_table' && inner['or_replace'] === true;
  const table = isMade || type === 'drop_view' ? inner['name'] : names[0];
  return table === undefined ? undefined : tableParts(table);
}

/** A table that is there. Throws TABLE_OR_VIEW_NOT_FOUND. */
export function existing(table: unknown, { environment }: Context): KnownTable {
  const parts = tableParts(table);
  const found = own(environment.tables, parts.join('.').toLowerCase());
  if (!found) throw tableNotFound(parts);
  if (parts.at(-2)?.toLowerCase() === 'information_schema') throw unsupported('A change of information_schema');
  return found;
}

/** The full name in DuckDB of a table or view that is to be made. */
export function qualifiedName(table: unknown, { environment }: Context): string {
  const parts = tableParts(table);
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2) ?? environment.schema;
  const catalog = parts.at(-3) ?? environment.catalog;
  if (HIDDEN_SCHEMAS.has(schema.toLowerCase())) throw schemaNotFound(catalog, schema);
  return [CATALOG_PREFIX + catalog.toLowerCase(), schema, name].map(identifier).join('.');
}

function checkWidth({ columns }: Relation, targets: readonly Column[], parts: readonly string[]): void {
  if (columns.length === targets.length) return;
  const state = columns.length > targets.length ? 'TOO_MANY_DATA_COLUMNS' : 'NOT_ENOUGH_DATA_COLUMNS';
  throw new SqlError(
    `INSERT_COLUMN_ARITY_MISMATCH.${state}`,
    '21S01',
    `Cannot write to \`${parts.join('`.`')}\`, the reason is a different number of columns.`,
  );
}

/** A query whose columns fit those that are written to. Throws for a different number of them. */
function fitted(query: Relation, targets: readonly Column[], parts: readonly string[]): string {
  checkWidth(query, targets, parts);
  const names = query.columns.map((_column, i) => `c${i}`).join(', ');
  const values = query.columns.map(
    (column, i) => castTo({ sql: `__i.c${i}`, type: column.type }, targets[i]?.type ?? column.type).sql,
  );
  return `SELECT ${values.join(', ')} FROM (${query.sql}) AS __i(${names})`;
}

export function compileInsert(insert: Node, context: Context): string {
  const table = existing(insert['table'], context);
  const parts = tableParts(insert['table']);
  const names = (Array.isArray(insert['columns']) ? (insert['columns'] as unknown[]) : [])
    .filter(isNode)
    .map((column) => String(column['name']));
  const partition = Array.isArray(insert['partition']) && insert['partition'].length > 0;
  if (partition) throw unsupported('INSERT with PARTITION');
  if (insert['replace_where']) throw unsupported('INSERT … REPLACE WHERE');
  const byName = insert['by_name'] === true && isNode(insert['query']);
  const targets = names.length === 0 ? [...table.columns] : names.map((name) => columnNamed(table, name));
  const query = insertedRows(insert, placeOf(context), targets);
  if (query.hasDefaults) return insertDefaults(table, query, { insert, targets, parts });
  if (byName) return insertByName(table, query, insert, parts);
  const list = names.length === 0 ? '' : columnList(targets);
  const rows = fitted(query, targets, parts);
  if (insert['overwrite'] !== true) return `INSERT INTO ${table.sql}${list} ${rows}`;
  if (names.length > 0) throw unsupported('INSERT OVERWRITE with columns');
  return overwritten(table, '', rows);
}

/** The new rows are computed before the old ones go: they may be made of them. */
function overwritten(table: KnownTable, list: string, rows: string): string {
  const kept = `CREATE OR REPLACE TEMPORARY TABLE __overwrite AS ${rows}`;
  const insert = `INSERT INTO ${table.sql}${list} SELECT * FROM temp.__overwrite`;
  return [kept, `DELETE FROM ${table.sql}`, insert].join(STEP);
}

const columnList = (columns: readonly Column[]): string =>
  ` (${columns.map(({ name }) => identifier(name)).join(', ')})`;

/** Columns that the query does not name get NULL. */
function insertByName(table: KnownTable, query: Relation, insert: Node, parts: readonly string[]): string {
  const targets = query.columns.map(({ name }) => columnNamed(table, name));
  const rows = fitted(query, targets, parts);
  if (insert['overwrite'] === true) return overwritten(table, columnList(targets), rows);
  return `INSERT INTO ${table.sql}${columnList(targets)} ${rows}`;
}

export function columnNamed(table: KnownTable, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (column) return column;
  throw new SqlError(
    'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    '42703',
    `A column, variable, or function parameter with name \`${name}\` cannot be resolved.`,
  );
}

type Rows = Relation & { hasDefaults?: true };

/** Rows of VALUES become the types of their columns one by one: they need none in common. */
function insertedRows(insert: Node, place: Place, targets: readonly Column[]): Rows {
  if (isNode(insert['query'])) return compileQuery(insert['query'], place);
  const rows = (Array.isArray(insert['values']) ? insert['values'] : []) as unknown[][];
  if (rows.length === 0) throw unsupported('INSERT of nothing');
  const texts = rows.map((row) => {
    const cells = row.map((cell, i) => {
      const target = targets[i];
      if (isDefault(cell)) return 'DEFAULT';
      const value = compileExpression(cell, place);
      return target ? castTo(value, target.type).sql : value.sql;
    });
    return `(${cells.join(', ')})`;
  });
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_cell, i) => ({
    name: `col${i + 1}`,
    type: targets[i]?.type ?? { kind: 'void' as const },
  }));
  const values = `VALUES ${texts.join(', ')}`;
  if (rows.some((row) => row.some(isDefault))) return { sql: values, columns, hasDefaults: true };
  return { sql: `SELECT * FROM (${values}) AS __v(${columns.map(({ name }) => name).join(', ')})`, columns };
}

/** Only next to the table itself VALUES can hold `DEFAULT`. */
function insertDefaults(
  table: KnownTable,
  rows: Rows,
  { insert, targets, parts }: { insert: Node; targets: readonly Column[]; parts: readonly string[] },
): string {
  if (insert['overwrite'] === true) throw unsupported('DEFAULT in INSERT OVERWRITE');
  checkWidth(rows, targets, parts);
  return `INSERT INTO ${table.sql}${columnList(targets)} ${rows.sql}`;
}

/** `DEFAULT` in the place of a value. */
export function isDefault(node: unknown): boolean {
  const column = isNode(node) ? node['column'] : undefined;
  const name = isNode(column) && isNode(column['name']) ? String(column['name']['name']) : '';
  const word = isNode(node) && isNode(node['var']) ? String(node['var']['this']) : '';
  return [name, word].some((text) => text.toUpperCase() === 'DEFAULT') || (isNode(node) && 'default' in node);
}

/** The place where columns of the changed table are known, and how the table is written. */
export function targetPlace(table: unknown, context: Context): { known: KnownTable; text: string; place: Place } {
  const known = existing(table, context);
  const parts = tableParts(table);
  const wrapped = isNode(table) ? table['alias'] : undefined;
  const inner = isNode(wrapped) && isNode(wrapped['this']) ? wrapped : inside(table);
  const given = isNode(inner['alias']) ? String(inner['alias']['name']) : undefined;
  const alias = given ?? parts.at(-1) ?? '';
  const place = placeOf(context);
  const names =
    given === undefined ? parts.map((_part, i) => parts.slice(i).join('.').toLowerCase()) : [alias.toLowerCase()];
  place.scope.sources.push({ qualifier: identifier(alias), names, columns: known.columns });
  return { known, text: `${known.sql} AS ${identifier(alias)}`, place };
}

export function inside(table: unknown): Node {
  return isNode(table) && isNode(table['table']) ? table['table'] : isNode(table) ? table : {};
}

/** CREATE TABLE … AS, CREATE VIEW. */
export function compileCreate(
  inner: Node,
  what: 'TABLE' | 'VIEW',
  context: Context,
): { sql: string; viewName?: string; made: readonly Column[] } {
  const body = inner['as_select'] ?? inner['query'];
  if (!isNode(body)) throw unsupported(`CREATE ${what} of anything but a query`);
  if (inner['materialized'] === true) throw unsupported('CREATE MATERIALIZED VIEW');
  const query = compileQuery(body, placeOf(context));
  if (what === 'VIEW' && context.parameters.length > 0) throw unsupported('A view with parameters');
  const temporary = inner['temporary'] === true;
  if (what === 'VIEW' && context.usesVariables) throw withVariables(inner['name'], temporary);
  const names = (Array.isArray(inner['columns']) ? (inner['columns'] as unknown[]) : [])
    .filter(isNode)
    .map((column) => (isNode(column['name']) ? String(column['name']['name']) : ''));
  const name = temporary ? identifier(tableParts(inner['name']).at(-1) ?? '') : qualifiedName(inner['name'], context);
  if (what === 'VIEW' && names.length > 0) checkList(inner['name'], names, query.columns);
  // The columns of a list behind a view's name could not be commented on.
  const isNamed = what === 'VIEW' && names.length > 0;
  const text = isNamed ? `SELECT * FROM (${query.sql}) AS __v(${names.map(identifier).join(', ')})` : query.sql;
  const words = [
    'CREATE',
    inner['or_replace'] === true ? 'OR REPLACE' : '',
    temporary ? 'TEMPORARY' : '',
    what,
    inner['if_not_exists'] === true ? 'IF NOT EXISTS' : '',
  ];
  const sql = `${words.filter(Boolean).join(' ')} ${name} AS ${text}`;
  const made = query.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  return temporary && what === 'VIEW'
    ? { sql, made, viewName: (tableParts(inner['name']).at(-1) ?? '').toLowerCase() }
    : { sql, made };
}

function checkList(view: unknown, names: readonly string[], columns: readonly Column[]): void {
  if (names.length === columns.length) return;
  const [reason, state] =
    names.length > columns.length
      ? ['not enough data columns', 'NOT_ENOUGH_DATA_COLUMNS']
      : ['too many data columns', 'TOO_MANY_DATA_COLUMNS'];
  const listed = (all: readonly string[]): string => all.map((name) => `\`${name}\``).join(', ');
  throw new SqlError(
    `CREATE_VIEW_COLUMN_ARITY_MISMATCH.${state}`,
    '21S01',
    `Cannot create view \`${tableParts(view).join('`.`')}\`, the reason is ${reason}:\nView columns: ${listed(names)}.\n` +
      `Data columns: ${listed(columns.map(({ name }) => name))}.`,
  );
}

/** A view of the catalog cannot mean what a session alone knows. */
function withVariables(name: unknown, temporary: boolean): SqlError {
  if (temporary) return unsupported('A temporary view with variables');
  return new SqlError(
    'INVALID_TEMP_OBJ_REFERENCE',
    '42K0F',
    `Cannot create the persistent object \`${tableParts(name).join('`.`')}\` of the type VIEW because it references a temporary variable.`,
  );
}
