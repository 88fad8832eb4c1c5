import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBPendingResult, DuckDBResult } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** How long a statement is asked at every turn of the event loop, before it is asked by the clock. */
const EAGER_MS = 2;
const LONGEST_PAUSE_MS = 10;

/**
 * Runs a statement on the threads of the database alone. The threads that Node.js shares among everything stay free, and
 * the database gives every statement that runs its part of the time. Rejects with what the statement throws.
 */
export async function runPending(connection: DuckDBConnection, sql: string): Promise<DuckDBResult> {
  return settled(await connection.start(sql));
}

/** As `runPending`, for a query whose rows are read while it runs. */
export async function streamPending(connection: DuckDBConnection, sql: string): Promise<DuckDBResult> {
  return settled(await connection.startStream(sql));
}

async function settled(pending: DuckDBPendingResult): Promise<DuckDBResult> {
  const handle = handleOf(pending);
  const startedAt = performance.now();
  for (let pause = 1; isRunning(handle);) {
    if (performance.now() - startedAt < EAGER_MS) await nextTurn();
    else {
      await delay(pause, undefined, { ref: false });
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
  const error = duckdb.pending_error(handle);
  if (error !== '') throw new Error(error);
  return pending.getResult();
}

/** The state of a finished statement is another than that of one that waits or works. */
function isRunning(handle: duckdb.PendingResult): boolean {
  const state = duckdb.pending_execute_check_state(handle);
  return state === duckdb.PendingState.RESULT_NOT_READY || state === duckdb.PendingState.NO_TASKS_AVAILABLE;
}

/** The binding has a call that its wrapper lacks: to look at a statement without working on it. */
function handleOf(pending: DuckDBPendingResult): duckdb.PendingResult {
  return Reflect.get(pending, 'pending_result') as duckdb.PendingResult;
}
