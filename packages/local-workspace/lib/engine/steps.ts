import type { DuckDBMaterializedResult } from '@duckdb/node-api';
import { STEP } from '../sql/placeholders';
import { asTransaction } from './makeTable';
import type { CommandContext } from './showQueries';

/** Runs the statements that one of the client's needs, all or none; the answer is what the last one tells. */
export function runSteps(
  sql: string,
  context: Pick<CommandContext, 'connection' | 'database' | 'session' | 'signal'>,
): Promise<DuckDBMaterializedResult> {
  const { connection, database, session, signal } = context;
  const [first = '', ...others] = sql.split(STEP);
  if (others.length === 0) return database.turns.run(session.user, signal, () => connection.run(first));
  return asTransaction(context, async () => {
    let result = await connection.run(first);
    for (const step of others) result = await connection.run(step);
    return result;
  });
}

/** The columns of what a statement answers that changes rows, with its counts. */
export type RowCounts = Readonly<Record<string, number>>;

/** What the database told of a statement of that kind: how many rows it changed; of MERGE, what became of each. */
export async function countsOf(kind: string, result: DuckDBMaterializedResult): Promise<RowCounts> {
  if (kind !== 'merge') {
    const rows = result.rowsChanged;
    return { num_affected_rows: rows, ...(kind === 'insert' && { num_inserted_rows: rows }) };
  }
  const [actions = []] = await result.getColumnsJson();
  const count = (wanted: string): number => actions.filter((action) => action === wanted).length;
  return {
    num_affected_rows: actions.length,
    num_updated_rows: count('UPDATE'),
    num_deleted_rows: count('DELETE'),
    num_inserted_rows: count('INSERT'),
  };
}
