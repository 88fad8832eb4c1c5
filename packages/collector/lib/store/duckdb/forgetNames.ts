import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from './sql';

const isUsedIn = (table: string): string => `dim IN (SELECT dim FROM ${table} WHERE dim IS NOT NULL)`;

/**
 * Deletes the names of connections of which nothing is left that came since `keptMs`: they pass with their sessions.
 * Returns whether there were any.
 */
export async function forgetNames(connection: DuckDBConnection, keptMs: number): Promise<boolean> {
  const old = `"firstMs" < ${keptMs} AND NOT ${isUsedIn('sessions')}`;
  // Statements are read only when there is a reason.
  const [found] = await selectRows(connection, `SELECT dim FROM dims WHERE ${old} LIMIT 1`);
  if (found === undefined) return false;
  const gone = await selectRows(
    connection,
    `DELETE FROM dims WHERE ${old} AND NOT ${isUsedIn('all_statements')} AND NOT ${isUsedIn('errors')} RETURNING dim`,
  );
  return gone.length > 0;
}
