import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { tableNotFound } from '../sql/compile/from';
import type { NoteCommand } from '../sql/noteCommands';
import { identifier, literal } from '../sql/quote';
import { CATALOG_PREFIX } from '../sql/rewrite';
import type { SqlSession } from '../sql/session';
import { SqlError } from '../sql/SqlError';
import { keyOf, type CheckNotes, type ConstraintNotes } from '../sql/columnNotes';
import type { TableNotes } from '../sql/tableNotes';
import { CLAUSE_MARK, COLUMNS, NOTE_MARK, TABLES } from './catalogQueries';

/** What is kept of a table or view in the database's comment on it, before the comment of its own. */
export interface KeptNotes {
  readonly id?: string;
  readonly owner: string;
  /** Where it is not the owner. */
  readonly createdBy?: string;
  readonly createdMs: number;
  readonly provider?: string | undefined;
  readonly partitionedBy?: readonly string[];
  readonly clusteredBy?: readonly string[];
  /** Names that keys were given, by kind and columns as in `keyOf`. */
  readonly keyNames?: Readonly<Record<string, string>>;
  readonly checks?: readonly CheckNotes[];
  readonly text?: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly columnTags: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A table or view with what is known of it. */
export interface NotedTable {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
  readonly type: 'TABLE' | 'VIEW';
  readonly comment: string | undefined;
  readonly notes: KeptNotes;
}

/** `name` completed from the session to `parts` parts: catalog, schema, … */
export function qualify(name: readonly string[], session: SqlSession, parts: 2 | 3): string[] {
  const context = parts === 2 ? [session.catalog] : [session.catalog, session.schema];
  return [...context.slice(0, Math.max(0, parts - name.length)), ...name].slice(-parts);
}

/** Tables and views of a schema whose names fulfil `condition`, by name. */
export async function notedTables(
  connection: DuckDBConnection,
  catalog: string,
  schema: string,
  condition: string,
): Promise<NotedTable[]> {
  const reader = await connection.runAndReadAll(
    `SELECT catalog, schema, name, type, comment, notes FROM ${TABLES} WHERE catalog = ${literal(catalog.toLowerCase())} ` +
      `AND lower(schema) = ${literal(schema.toLowerCase())} AND ${condition} ORDER BY name`,
  );
  return (reader.getRowsJson() as (string | null)[][]).map(([ofCatalog, ofSchema, name, type, comment, notes]) => ({
    catalog: ofCatalog ?? '',
    schema: ofSchema ?? '',
    name: name ?? '',
    type: type === 'VIEW' ? 'VIEW' : 'TABLE',
    comment: comment ?? undefined,
    notes: notes === null || notes === undefined ? NOTHING_NOTED : (JSON.parse(notes) as KeptNotes),
  }));
}

const NOTHING_NOTED: KeptNotes = { owner: '', createdMs: 0, properties: {}, tags: {}, columnTags: {} };

/** Rejects with TABLE_OR_VIEW_NOT_FOUND. */
export async function notedTable(
  name: readonly string[],
  connection: DuckDBConnection,
  session: SqlSession,
): Promise<NotedTable> {
  const [catalog = '', schema = '', table = ''] = qualify(name, session, 3);
  const condition = `lower(name) = ${literal(table.toLowerCase())}`;
  const [found] = await notedTables(connection, catalog, schema, condition);
  if (found === undefined) throw tableNotFound(name);
  return found;
}

/** A table, for a statement that does nothing to views. Rejects with a SqlError for a view and for what is not there. */
export async function notView(
  name: readonly string[],
  statement: string,
  connection: DuckDBConnection,
  session: SqlSession,
): Promise<NotedTable> {
  const table = await notedTable(name, connection, session);
  if (table.type !== 'VIEW') return table;
  throw new SqlError(
    'EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE',
    '42809',
    `'${statement}' expects a table but \`${qualify(name, session, 3).join('`.`')}\` is a view.`,
  );
}

/** Keeps what a statement said of the table or view that it has made. */
export async function keepNotes(made: TableNotes, connection: DuckDBConnection, session: SqlSession): Promise<void> {
  const { comment, properties, provider, partitionedBy, clusteredBy, constraints, text } = made;
  const { catalog, schema, name, type } = await notedTable(made.name, connection, session);
  const notes: KeptNotes = {
    id: randomUUID(),
    owner: session.user,
    createdMs: Date.now(),
    provider,
    ...(partitionedBy.length > 0 && { partitionedBy }),
    ...(clusteredBy.length > 0 && { clusteredBy }),
    ...constraintsKept(constraints),
    text,
    properties,
    tags: {},
    columnTags: {},
  };
  await write({ catalog, schema, name, type, comment, notes }, connection);
}

function constraintsKept(constraints: readonly ConstraintNotes[]): Pick<KeptNotes, 'keyNames' | 'checks'> {
  const named = constraints.flatMap(({ name, type, columns }) =>
    name === undefined || type === 'CHECK' ? [] : [[keyOf(type, columns), name] as const],
  );
  const checks = constraints.flatMap(({ name, condition }) => (condition === undefined ? [] : [{ name, condition }]));
  return {
    ...(named.length > 0 && { keyNames: Object.fromEntries(named) }),
    ...(checks.length > 0 && { checks }),
  };
}

export function noColumn(column: string): SqlError {
  return new SqlError(
    'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    '42703',
    `A column, variable, or function parameter with name \`${column}\` cannot be resolved.`,
  );
}

/** Keeps what is known of a table or view, and its comment. */
export async function write(
  { type, comment, notes, ...table }: NotedTable,
  connection: DuckDBConnection,
): Promise<void> {
  const text = `${NOTE_MARK}${JSON.stringify(notes)}${NOTE_MARK}${unmarked(comment)}`;
  await connection.run(`COMMENT ON ${type} ${inDuckDb(table)} IS ${literal(text)}`);
}

/** Its full name in the database. */
export function inDuckDb({ catalog, schema, name }: Pick<NotedTable, 'catalog' | 'schema' | 'name'>): string {
  return [CATALOG_PREFIX + catalog, schema, name].map(identifier).join('.');
}

/** Changes a comment, properties or tags. Rejects with a SqlError for a table or column that does not exist. */
export async function changeNotes(
  command: Extract<NoteCommand, { kind: 'comment-on' | 'alter-properties' | 'alter-tags' }>,
  connection: DuckDBConnection,
  session: SqlSession,
): Promise<void> {
  if (command.kind === 'comment-on' && command.subject === 'COLUMN') {
    const column = command.name.at(-1) ?? '';
    const table = await notedTable(command.name.slice(0, -1), connection, session);
    await changeColumn(table, column, { comment: command.text }, connection);
    return;
  }
  const table = await notedTable(command.name, connection, session);
  const { notes } = table;
  switch (command.kind) {
    case 'comment-on':
      await write({ ...table, comment: command.text }, connection);
      return;
    case 'alter-properties':
      await write({ ...table, notes: { ...notes, properties: changed(notes.properties, command) } }, connection);
      return;
    case 'alter-tags':
      await write({ ...table, notes: tagged(notes, command) }, connection);
  }
}

function changed(
  before: Readonly<Record<string, string>> = {},
  { set, unset }: { set: Readonly<Record<string, string>>; unset: readonly string[] },
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...before, ...set }).filter(([key]) => !unset.includes(key)));
}

function tagged(notes: KeptNotes, command: Extract<NoteCommand, { kind: 'alter-tags' }>): KeptNotes {
  const { column } = command;
  if (column === undefined) return { ...notes, tags: changed(notes.tags, command) };
  return { ...notes, columnTags: { ...notes.columnTags, [column]: changed(notes.columnTags[column], command) } };
}

/** Changes what is kept of a column; the rest stays. Rejects with a SqlError for one that is not there. */
export async function changeColumn(
  table: NotedTable,
  column: string,
  change: Partial<KeptColumn>,
  connection: DuckDBConnection,
): Promise<void> {
  const { catalog, schema, name } = table;
  const reader = await connection.runAndReadAll(
    `SELECT name, declared_type, clause, comment FROM ${COLUMNS} WHERE catalog = ${literal(catalog)} AND schema = ${literal(schema)} ` +
      `AND tbl = ${literal(name)} AND lower(name) = ${literal(column.toLowerCase())}`,
  );
  const [found] = reader.getRowsJson() as [string, ...(string | null)[]][];
  if (found === undefined) throw noColumn(column);
  const [written, ...others] = found;
  const [type, clause, comment] = others.map((value) => value ?? undefined);
  await connection.run(columnComment(inDuckDb(table), { column: written, type, clause, comment, ...change }));
}

/** What is kept of a column. */
export interface KeptColumn {
  readonly column: string;
  /** As declared, where the database keeps a part of it only. */
  readonly type: string | undefined;
  readonly clause: string | undefined;
  readonly comment: string | undefined;
}

/** A statement of DuckDB's that keeps what a column was declared with, and its comment. */
export function columnComment(table: string, { column, type = '', clause = '', comment }: KeptColumn): string {
  const declared = clause === '' ? type : `${type}${CLAUSE_MARK}${unmarked(clause)}`;
  const own = unmarked(comment);
  const text = declared === '' ? own : `${NOTE_MARK}${declared}${NOTE_MARK}${own}`;
  return `COMMENT ON COLUMN ${table}.${identifier(column)} IS ${text === '' ? 'NULL' : literal(text)}`;
}

/** A comment cannot pass for what is kept before it. */
const unmarked = (comment = ''): string => comment.replaceAll(NOTE_MARK, '').replaceAll(CLAUSE_MARK, '');
