import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnChange } from '../sql/alterNotes';
import type { ColumnNotes } from '../sql/columnNotes';
import type { DeclaredColumn, DeclaredColumns } from '../sql/declaredColumns';
import { identifier, literal } from '../sql/quote';
import { CATALOG_PREFIX } from '../sql/rewrite';
import type { SqlSession } from '../sql/session';
import type { Change } from '../sql/changes';
import type { Drop } from '../sql/drops';
import type { TableNotes } from '../sql/tableNotes';
import { TABLES } from './catalogQueries';
import { checkChange, keepChange } from './columnChanges';
import { forget } from './copyInto/copiedFiles';
import { isThere } from './drops';
import { forgetGrants } from './grantQueries';
import { forgetHistory, recordChange } from './history';
import { columnComment, keepNotes, notView, qualify, type KeptColumn } from './notes';

export interface Definition {
  readonly declared?: DeclaredColumns;
  readonly replaced?: readonly string[];
  readonly notes?: TableNotes;
  readonly drop?: Drop;
  readonly altered?: ColumnChange;
  readonly change?: Change;
}

/**
 * Lets DDL run, writes it into the table's history, and keeps what the database would forget where it keeps comments:
 * types of columns, properties, …
 */
export async function runDdl(
  { declared, replaced, notes, drop, altered, change }: Definition,
  connection: DuckDBConnection,
  session: SqlSession,
  run: () => Promise<number>,
): Promise<void> {
  const name = notes?.name ?? declared?.table ?? altered?.table ?? change?.table;
  const [catalog = '', schema = '', table = ''] = qualify(name ?? [], session, 3);
  const conditional = notes?.ifNotExists === true || declared?.ifNotExists === true || change?.ifNotExists === true;
  const skip = conditional && (await exists(connection, catalog, schema, table));
  if (drop && !(await isThere(drop, connection, session))) return;
  if (change && !change.operation.startsWith('CREATE'))
    await notView(change.table, statementOf(change), connection, session);
  if (altered) await checkChange(altered, connection, session);
  const rows = await run();
  const isTemporary = replaced?.length === 1 && session.temporaryViews.delete((replaced[0] ?? '').toLowerCase());
  if (replaced && !isTemporary) {
    const [catalog = '', schema = '', table = ''] = qualify(replaced, session, 3);
    // Without the catalog there was nothing to drop.
    const gone = [
      forget(catalog, schema, table),
      ...(change ? [] : [forgetHistory(catalog, schema, table), forgetGrants(catalog, schema, table)]),
    ];
    for (const step of gone) await connection.run(step).catch(() => undefined);
  }
  if (skip) return;
  if (change) await recordChange(connection, session, change, rows);
  const target = [CATALOG_PREFIX + catalog.toLowerCase(), schema, table].map(identifier).join('.');
  const columns = keptColumns(declared?.columns ?? [], notes?.columns ?? altered?.added ?? []);
  const texts = columns.map((column) => columnComment(target, column));
  if (texts.length > 0) await connection.run(texts.join('; '));
  if (altered) await keepChange(altered, connection, session);
  if (notes) await keepNotes(notes, connection, session);
}

const statementOf = ({ operation }: Change): string => (operation === 'TRUNCATE' ? 'TRUNCATE TABLE' : 'ALTER TABLE');

function keptColumns(declared: readonly DeclaredColumn[], noted: readonly ColumnNotes[]): KeptColumn[] {
  const types = new Map(declared.map(({ name, type }) => [name.toLowerCase(), type]));
  const typed = noted.map((note) => ({ ...note, type: types.get(note.column.toLowerCase()) }));
  const known = new Set(noted.map(({ column }) => column.toLowerCase()));
  const others = declared.filter(({ name }) => !known.has(name.toLowerCase()));
  return [
    ...typed.filter(({ type, clause, comment }) => (type ?? clause ?? comment) !== undefined),
    ...others.map(({ name, type }) => ({ column: name, type, clause: undefined, comment: undefined })),
  ];
}

async function exists(connection: DuckDBConnection, catalog: string, schema: string, table: string): Promise<boolean> {
  const reader = await connection.runAndReadAll(
    `SELECT 1 FROM ${TABLES} WHERE catalog = ${literal(catalog.toLowerCase())} ` +
      `AND lower(schema) = ${literal(schema.toLowerCase())} AND lower(name) = ${literal(table.toLowerCase())}`,
  );
  return reader.currentRowCount > 0;
}
