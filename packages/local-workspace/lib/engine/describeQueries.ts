import { own } from '../own';
import { unresolvedColumn } from '../sql/compile/failures';
import { tableNotFound } from '../sql/compile/from';
import { unsupported } from '../sql/SqlError';
import { identifier, literal } from '../sql/quote';
import { informationSchema } from './informationSchema';
import { isSystemCatalog } from './systemCatalog';
import { COLUMNS, constantQuery, showLike, text } from './catalogQueries';
import { parseDuckType } from './duckTypeNames';
import { jsonType } from './jsonTypes';
import { keysOf } from './keys';
import { notedTable, notedTables, qualify, type NotedTable } from './notes';
import type { CommandContext } from './showQueries';
import { typeName } from './types';

export interface DescribedColumn {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly duckType: string;
  readonly declaredType: string | undefined;
  /** `DEFAULT …` or `GENERATED ALWAYS AS (…)`. */
  readonly clause: string | undefined;
  readonly comment: string | undefined;
  readonly nullable: boolean;
}

/** The columns of a table, view or temporary view, in order. Rejects with TABLE_OR_VIEW_NOT_FOUND. */
export async function columnsOf(name: readonly string[], context: CommandContext): Promise<DescribedColumn[]> {
  const { session, connection } = context;
  const [catalog = '', schema = '', table = ''] = qualify(name, session, 3);
  const reader = await connection.runAndReadAll(
    `SELECT name, data_type, declared_type, clause, comment, is_nullable FROM ${COLUMNS} ` +
      `WHERE catalog = ${literal(catalog.toLowerCase())} AND lower(schema) = ${literal(schema.toLowerCase())} ` +
      `AND lower(tbl) = ${literal(table.toLowerCase())} ORDER BY position`,
  );
  const found = reader.getRowsJson() as [string, string, string | null, string | null, string | null, boolean][];
  if (found.length > 0) {
    return found.map(([column, duckType, declaredType, clause, comment, nullable]) => ({
      name: column,
      duckType,
      declaredType: declaredType ?? undefined,
      clause: clause ?? undefined,
      comment: comment ?? undefined,
      nullable,
    }));
  }
  const query = isTemporary(name, context) ? identifier(table) : await informationTable(name, context);
  if (query !== undefined) {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${query}`);
    return (described.getRowsJson() as string[][]).map(([column = '', duckType = '']) => ({
      name: column,
      duckType,
      declaredType: undefined,
      clause: undefined,
      comment: undefined,
      nullable: true,
    }));
  }
  throw tableNotFound(name);
}

/** A table of `information_schema` as a query: nothing of it is stored. */
async function informationTable(
  name: readonly string[],
  { session, connection, database }: CommandContext,
): Promise<string | undefined> {
  const [catalog = '', schema = '', table = ''] = qualify(name, session, 3).map((part) => part.toLowerCase());
  if (schema !== 'information_schema' || !(await database.knowsCatalog(connection, catalog))) return undefined;
  return informationSchema(isSystemCatalog(catalog) ? undefined : catalog, table);
}

/** The type of a column as DESCRIBE prints it. */
export const columnType = ({ declaredType, duckType }: DescribedColumn): string =>
  declaredType ?? typeName(parseDuckType(duckType));

export async function describeTable(
  name: readonly string[],
  extended: boolean,
  context: CommandContext,
): Promise<string> {
  const columns = await columnsOf(name, context);
  const listed: (string | null)[][] = columns.map((column) => [
    column.name,
    columnType(column),
    column.comment ?? null,
  ]);
  const isStored = !isTemporary(name, context) && (await informationTable(name, context)) === undefined;
  const table = isStored ? await notedTable(name, context.connection, context.session) : undefined;
  if (table) listed.push(...partitions(table, columns));
  if (extended && table) {
    listed.push(['', '', ''], ['# Detailed Table Information', '', '']);
    listed.push(...details(table).map(([item, value]) => [item, value, '']));
    const keys = await keysOf(table, context.connection);
    const constraints = keys.map(({ name: key, text: definition }) => [key, definition, '']);
    if (keys.length > 0) listed.push(['', '', ''], ['# Constraints', '', ''], ...constraints);
  }
  return constantQuery(text('col_name', 'data_type', 'comment'), listed);
}

/** DESCRIBE TABLE of one column, which may be written behind the table's own name. Rejects with a SqlError. */
export async function describeColumn(
  name: readonly string[],
  column: readonly string[],
  context: CommandContext,
): Promise<string> {
  const columns = await columnsOf(name, context);
  const full = isTemporary(name, context) ? name : qualify(name, context.session, 3);
  const written = column.map((part) => part.toLowerCase());
  const before = full.map((part) => part.toLowerCase()).slice(full.length - written.length + 1);
  const isQualified = written.length > 1 && written.slice(0, -1).join('.') === before.join('.');
  const found = columns.find((each) => each.name.toLowerCase() === written[isQualified ? written.length - 1 : 0]);
  if (!found) throw unresolvedColumn(column.join('`.`'));
  if (written.length > 1 && !isQualified) throw unsupported('DESCRIBE TABLE of a nested column');
  return constantQuery(text('info_name', 'info_value'), [
    ['col_name', found.name],
    ['data_type', columnType(found)],
    ['comment', found.comment ?? 'NULL'],
  ]);
}

/** Whether it is a temporary view of the session. */
export function isTemporary(name: readonly string[], { session }: CommandContext): boolean {
  return name.length === 1 && session.temporaryViews.has((name[0] ?? '').toLowerCase());
}

function partitions({ notes }: NotedTable, columns: readonly DescribedColumn[]): (string | null)[][] {
  const names = notes.partitionedBy ?? [];
  if (names.length === 0) return [];
  const rows = columns.filter(({ name }) => names.some((other) => other.toLowerCase() === name.toLowerCase()));
  return [
    ['# Partition Information', '', ''],
    ['# col_name', 'data_type', 'comment'],
    ...rows.map((column) => [column.name, columnType(column), column.comment ?? null]),
  ];
}

const kindOf = ({ type }: NotedTable): string => (type === 'VIEW' ? 'VIEW' : 'MANAGED');

/** What is known of a table, under the names that DESCRIBE EXTENDED gives it. */
function details(table: NotedTable): [item: string, value: string][] {
  const { catalog, schema, name, comment, notes } = table;
  const properties = Object.entries(notes.properties).map(([key, value]) => `${key}=${value}`);
  const isView = table.type === 'VIEW';
  return [
    ['Catalog', catalog],
    ['Database', schema],
    ['Table', name],
    ['Owner', notes.owner],
    ['Created Time', new Date(notes.createdMs).toISOString()],
    ['Last Access', 'UNKNOWN'],
    ['Created By', notes.createdBy ?? notes.owner],
    ['Type', kindOf(table)],
    ...(isView ? [] : [['Provider', notes.provider ?? 'delta'] as [string, string]]),
    ...(comment === undefined ? [] : [['Comment', comment] as [string, string]]),
    ...(isView ? [['View Text', notes.text ?? ''] as [string, string]] : []),
    ...(properties.length === 0 ? [] : [['Table Properties', `[${properties.join(',')}]`] as [string, string]]),
  ];
}

/** DESCRIBE TABLE EXTENDED … AS JSON: one row, one column. */
export async function describeAsJson(name: readonly string[], context: CommandContext): Promise<string> {
  const columns = (await columnsOf(name, context)).map((column) => ({
    name: column.name,
    type: jsonType(column.declaredType, parseDuckType(column.duckType)),
    nullable: column.nullable,
    ...(column.comment !== undefined && { comment: column.comment }),
  }));
  const described = isTemporary(name, context)
    ? { table_name: name[0], columns, type: 'VIEW' }
    : jsonDetails(await notedTable(name, context.connection, context.session), columns);
  return constantQuery(text('json_metadata'), [[JSON.stringify(described)]]);
}

function jsonDetails(table: NotedTable, columns: readonly object[]): object {
  const { catalog, schema, comment, notes } = table;
  const isView = table.type === 'VIEW';
  return {
    table_name: table.name,
    catalog_name: catalog,
    namespace: [schema],
    schema_name: schema,
    columns,
    owner: notes.owner,
    created_time: new Date(notes.createdMs).toISOString(),
    last_access: 'UNKNOWN',
    created_by: notes.createdBy ?? notes.owner,
    type: kindOf(table),
    ...(!isView && { provider: notes.provider ?? 'delta' }),
    ...(comment !== undefined && { comment }),
    ...(isView && { view_text: notes.text ?? '', view_original_text: notes.text ?? '' }),
    ...(Object.keys(notes.properties).length > 0 && { table_properties: notes.properties }),
    ...(notes.partitionedBy && { partition_columns: notes.partitionedBy }),
  };
}

/** SHOW TBLPROPERTIES: all, or the one of that name. */
export async function showProperties(
  name: readonly string[],
  key: string | undefined,
  context: CommandContext,
): Promise<string> {
  const { notes, ...table } = await notedTable(name, context.connection, context.session);
  const missing = `Table ${table.catalog}.${table.schema}.${table.name} does not have property: ${key}`;
  const rows = key === undefined ? Object.entries(notes.properties) : [[key, own(notes.properties, key) ?? missing]];
  return constantQuery(text('key', 'value'), rows);
}

/** SHOW TABLE EXTENDED: a text of several lines for each table that the pattern matches. */
export async function showTableExtended(
  given: readonly string[],
  like: string,
  context: CommandContext,
): Promise<string> {
  const { session, connection, database } = context;
  const [catalog = '', schema = ''] = qualify(given.length > 0 ? given : [session.schema], session, 2);
  if (!(await database.hasSchema(connection, catalog, schema)))
    throw await database.missing(connection, catalog, schema);
  const tables = await notedTables(connection, catalog, schema, showLike('name', like));
  const rows: (string | boolean)[][] = [];
  for (const table of tables) {
    const columns = await columnsOf([table.catalog, table.schema, table.name], context);
    rows.push([table.schema, table.name, false, `${information(table, columns)}\n`]);
  }
  const columns = [...text('database', 'tableName'), { name: 'isTemporary', type: 'BOOLEAN' }, ...text('information')];
  return constantQuery(columns, rows);
}

function information(table: NotedTable, columns: readonly DescribedColumn[]): string {
  const items = details(table).map(([item, value]) => `${item}: ${value}`);
  const fields = columns.map(
    (column) => ` |-- ${column.name}: ${columnType(column)} (nullable = ${String(column.nullable)})`,
  );
  return [...items, 'Schema: root', ...fields].join('\n');
}
