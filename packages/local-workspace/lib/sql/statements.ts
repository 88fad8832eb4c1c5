import { own } from '../own';
import type { Context, KnownColumn, KnownTable, Place } from './compile/context';
import { tableNotFound } from './compile/from';
import { compileQuery } from './compile/query';
import { Scope } from './compile/scope';
import type { Column } from './compile/Typed';
import { isNode, type Node } from './nodes';
import { identifier } from './quote';
import { CATALOG_PREFIX, HIDDEN_SCHEMAS } from './rewrite';
import { schemaNotFound, SqlError, unsupported } from './SqlError';
import { checkNames, refuseColumns } from './tableColumns';

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

export function columnNamed(table: KnownTable, name: string): KnownColumn {
  const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (column) return column;
  throw new SqlError(
    'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    '42703',
    `A column, variable, or function parameter with name \`${name}\` cannot be resolved.`,
  );
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
  if (what === 'TABLE') refuseColumns(inner);
  const query = compileQuery(body, placeOf(context));
  if (what === 'VIEW' && context.parameters.length > 0) throw unsupported('A view with parameters');
  const temporary = inner['temporary'] === true;
  if (what === 'VIEW' && context.usesVariables) throw withVariables(inner['name'], temporary);
  if (what === 'VIEW') checkView(inner, query.sql, context);
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
  checkNames(made.map((column) => column.name));
  return temporary && what === 'VIEW'
    ? { sql, made, viewName: (tableParts(inner['name']).at(-1) ?? '').toLowerCase() }
    : { sql, made };
}

/** A view of a catalog is made of neither itself nor what a session alone has. */
function checkView({ name, temporary }: Node, query: string, context: Context): void {
  const parts = tableParts(name);
  if (temporary === true) {
    if (parts.length === 1) return;
    throw new SqlError(
      'TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS',
      '428EK',
      `CREATE TEMPORARY VIEW or the corresponding Dataset APIs only accept single-part view names, but got: \`${parts.join('`.`')}\`.`,
    );
  }
  const full = qualifiedName(name, context);
  const read = Object.values(context.environment.tables).filter(({ sql }) => query.includes(sql));
  if (read.some(({ sql }) => sql.startsWith('temp.'))) throw ofSession(parts, 'VIEW');
  if (read.some(({ sql }) => sql.toLowerCase() === full.toLowerCase()))
    throw new SqlError('RECURSIVE_VIEW', '42K0H', `Recursive view \`${parts.join('`.`')}\` detected.`);
}

/** What a session alone knows is nothing to others. */
function ofSession(parts: readonly string[], what: string): SqlError {
  return new SqlError(
    'INVALID_TEMP_OBJ_REFERENCE',
    '42K0F',
    `Cannot create the persistent object \`${parts.join('`.`')}\` of the type VIEW because it references a temporary ${what}.`,
  );
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
  return temporary ? unsupported('A temporary view with variables') : ofSession(tableParts(name), 'variable');
}
