import type { DuckDBConnection } from '@duckdb/node-api';
import { tableNotFound } from '../sql/compile/from';
import type { Drop } from '../sql/drops';
import { literal } from '../sql/quote';
import type { SqlSession } from '../sql/session';
import { SqlError } from '../sql/SqlError';
import { CATALOGS } from './catalogQueries';
import { catalogNotFound } from './database';
import { notedTables, qualify, type NotedTable } from './notes';

/**
 * Whether there is something to drop. Rejects with a SqlError for what is of the other kind, and without IF EXISTS for what is
 * not there.
 */
export async function isThere(drop: Drop, connection: DuckDBConnection, session: SqlSession): Promise<boolean> {
  const { type, name, ifExists } = drop;
  if (name.length === 1 && session.temporaryViews.has((name[0] ?? '').toLowerCase())) return true;
  const [catalog = '', schema = '', table = ''] = qualify(name, session, 3);
  const [found] = await notedTables(connection, catalog, schema, `lower(name) = ${literal(table.toLowerCase())}`);
  if (found && found.type !== type) throw ofOtherKind(type, found);
  if (found || ifExists) return found !== undefined;
  const known = await connection.runAndReadAll(
    `SELECT 1 FROM ${CATALOGS} WHERE catalog = ${literal(catalog.toLowerCase())}`,
  );
  throw known.currentRowCount > 0 ? tableNotFound(name) : catalogNotFound(catalog);
}

function ofOtherKind(type: Drop['type'], { catalog, schema, name }: NotedTable): SqlError {
  const [required, found, other] =
    type === 'TABLE' ? ['EXTERNAL or MANAGED', 'VIEW', 'VIEW'] : ['VIEW', 'MANAGED', 'TABLE'];
  return new SqlError(
    'WRONG_COMMAND_FOR_OBJECT_TYPE',
    '42809',
    `The operation DROP ${type} requires a ${required}. But ${[catalog, schema, name].join('.')} is a ${found}. Use DROP ${other} instead.`,
  );
}
