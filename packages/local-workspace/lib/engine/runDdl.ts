import type { DuckDBConnection } from '@duckdb/node-api';
import type { DeclaredColumns } from '../sql/declaredColumns';
import { identifier, literal } from '../sql/quote';
import { CATALOG_PREFIX } from '../sql/rewrite';
import type { SqlSession } from '../sql/session';
import { DECLARATION_MARK, TABLES } from './catalogQueries';
import { forget } from './copyInto/copiedFiles';
import { qualify } from './showQueries';

/** Lets DDL run, and keeps what the database would forget of the columns' types where it keeps comments. */
export async function runDdl(
  { declared, replaced }: { readonly declared?: DeclaredColumns; readonly replaced?: readonly string[] },
  connection: DuckDBConnection,
  session: SqlSession,
  run: () => Promise<unknown>,
): Promise<void> {
  const [catalog = '', schema = '', table = ''] = qualify(declared?.table ?? [], session, 3);
  const skip = declared?.ifNotExists === true && (await exists(connection, catalog, schema, table));
  await run();
  if (replaced) {
    const [catalog = '', schema = '', table = ''] = qualify(replaced, session, 3);
    // Without the catalog there was nothing to drop.
    await connection.run(forget(catalog, schema, table)).catch(() => undefined);
  }
  if (!declared || skip) return;
  const target = [CATALOG_PREFIX + catalog.toLowerCase(), schema, table].map(identifier).join('.');
  const comments = declared.columns.map(
    ({ name, type }) =>
      `COMMENT ON COLUMN ${target}.${identifier(name)} IS ${literal(`${DECLARATION_MARK}${type}${DECLARATION_MARK}`)}`,
  );
  await connection.run(comments.join('; '));
}

async function exists(connection: DuckDBConnection, catalog: string, schema: string, table: string): Promise<boolean> {
  const reader = await connection.runAndReadAll(
    `SELECT 1 FROM ${TABLES} WHERE catalog = ${literal(catalog.toLowerCase())} ` +
      `AND lower(schema) = ${literal(schema.toLowerCase())} AND lower(name) = ${literal(table.toLowerCase())}`,
  );
  return reader.currentRowCount > 0;
}
