import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnChange } from '../sql/alterNotes';
import { keyOf } from '../sql/columnNotes';
import { keyword, lex } from '../sql/lexer';
import type { SqlSession } from '../sql/session';
import { SqlError } from '../sql/SqlError';
import { literal } from '../sql/quote';
import { COLUMNS } from './catalogQueries';
import { changeColumn, notedTables, qualify, write, type KeptNotes, type NotedTable } from './notes';

/** The table that a change is about, if it is there. */
async function tableOf(
  { table }: ColumnChange,
  connection: DuckDBConnection,
  session: SqlSession,
): Promise<NotedTable | undefined> {
  const [catalog = '', schema = '', name = ''] = qualify(table, session, 3);
  const [found] = await notedTables(connection, catalog, schema, `lower(name) = ${literal(name.toLowerCase())}`);
  return found?.type === 'TABLE' ? found : undefined;
}

/** Rejects with a SqlError for a change of a column that a check or a generated column is made with, as Delta does. */
export async function checkChange(
  change: ColumnChange,
  connection: DuckDBConnection,
  session: SqlSession,
): Promise<void> {
  const column = change.renamed?.from ?? change.retyped?.column ?? change.dropped;
  const table = column === undefined ? undefined : await tableOf(change, connection, session);
  if (column === undefined || table === undefined) return;
  const operation = change.renamed ? 'rename' : change.dropped === undefined ? 'change' : 'drop';
  const checks = (table.notes.checks ?? []).filter(({ condition }) => mentions(condition, column));
  if (checks.length > 0) {
    const listed = checks.map(({ name, condition }) => `${name ?? ''} -> ${condition}`).join('\n');
    throw dependent('DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE', 'check constraint(s)', operation, column, listed);
  }
  const generated = (await generatedColumns(table, connection)).filter(([, clause]) => mentions(clause, column));
  if (generated.length === 0) return;
  const listed = generated.map(([name, clause]) => `${name} -> ${clause}`).join('\n');
  throw dependent('DELTA_GENERATED_COLUMNS_DEPENDENT_COLUMN_CHANGE', 'generated column(s)', operation, column, listed);
}

const mentions = (expression: string, column: string): boolean =>
  lex(expression).some((token) => /^(?:word|quoted)$/.test(token.kind) && sameName(token.value, column));

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

async function generatedColumns(
  { catalog, schema, name }: NotedTable,
  connection: DuckDBConnection,
): Promise<[name: string, clause: string][]> {
  const reader = await connection.runAndReadAll(
    `SELECT name, clause FROM ${COLUMNS} WHERE catalog = ${literal(catalog)} AND schema = ${literal(schema)} ` +
      `AND tbl = ${literal(name)} AND clause IS NOT NULL`,
  );
  const clauses = reader.getRowsJson() as [string, string][];
  return clauses.filter(([, clause]) => keyword(lex(clause)[0]) === 'GENERATED');
}

function dependent(condition: string, what: string, operation: string, column: string, listed: string): SqlError {
  return new SqlError(
    condition,
    '42K09',
    `Cannot ${operation} column ${column} because this column is referenced by the following ${what}:\n${listed}`,
  );
}

/** Keeps what is known of columns with those that were renamed, and what they are declared with anew. */
export async function keepChange(
  change: ColumnChange,
  connection: DuckDBConnection,
  session: SqlSession,
): Promise<void> {
  const { renamed, retyped, defaulted } = change;
  const table = (renamed ?? retyped ?? defaulted) && (await tableOf(change, connection, session));
  if (!table) return;
  if (renamed) await write({ ...table, notes: withName(table.notes, renamed) }, connection);
  if (retyped) await changeColumn(table, retyped.column, { type: retyped.type }, connection);
  if (defaulted) await changeColumn(table, defaulted.column, { clause: defaulted.clause }, connection);
}

function withName(notes: KeptNotes, { from, to }: { from: string; to: string }): KeptNotes {
  const named = (name: string): string => (sameName(name, from) ? to : name);
  const { partitionedBy, clusteredBy, keyNames } = notes;
  const keys = Object.entries(keyNames ?? {}).map(([key, name]) => {
    const [, type = '', columns = ''] = /^(\w+ key) (.*)$/.exec(key) ?? [];
    return [keyOf(type, columns.split(',').map(named)), name] as const;
  });
  return {
    ...notes,
    ...(partitionedBy && { partitionedBy: partitionedBy.map(named) }),
    ...(clusteredBy && { clusteredBy: clusteredBy.map(named) }),
    ...(keyNames && { keyNames: Object.fromEntries(keys) }),
    columnTags: Object.fromEntries(Object.entries(notes.columnTags).map(([name, tags]) => [named(name), tags])),
  };
}
