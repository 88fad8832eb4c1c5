import { ConnectionPool } from './engine/ConnectionPool';
import type { Database } from './engine/database';
import { Execution } from './engine/Execution';
import type { StagingCommands } from './engine/staging';
import { ArrowEncoder } from './results/ArrowEncoder';
import { newSqlSession } from './sql/session';

/** Runs one query through every stage, so that the first statement of a client is no slower than the next. */
export async function warmUp(database: Database, staging: StagingCommands): Promise<void> {
  const session = newSqlSession('nobody', 'main', 'default');
  const pool = new ConnectionPool(database, session);
  const execution = new Execution({ database, pool, session, staging });
  const { columns, rows } = await execution.run({ kind: 'statement', sql: `SELECT 1 AS a, 'b' AS b`, parameters: [] });
  const encoder = new ArrowEncoder(columns, { timestamps: true, decimals: true, complex: true, intervals: false });
  const batch = encoder.startBatch();
  const slice = await rows?.next(1);
  if (slice) batch.append(slice);
  encoder.messages(batch.finish());
  execution.close();
  pool.close();
}
