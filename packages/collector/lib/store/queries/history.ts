import { literal } from '../Selection';
import { numberOrNull, textOrNull, type AnswerRow, type Database } from './Query';

/** What the warehouse's query history says of a statement. Durations in milliseconds. */
export interface ServerSide {
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly totalMs: number | null;
  readonly waitingForComputeMs: number | null;
  readonly waitingAtCapacityMs: number | null;
  readonly compilationMs: number | null;
  readonly executionMs: number | null;
  readonly resultFetchMs: number | null;
  readonly readBytes: number | null;
  readonly readRows: number | null;
  readonly producedRows: number | null;
  readonly spilledBytes: number | null;
  readonly fromResultCache: boolean | null;
  readonly executionStatus: string | null;
}

export async function historyOf(database: Database, statementId: string): Promise<ServerSide | null> {
  const [row] = await database.rows(
    `SELECT * FROM history WHERE "statementId" = ${literal(statementId.toLowerCase())} LIMIT 1`,
  );
  return row === undefined ? null : serverSideOf(row);
}

function serverSideOf(row: AnswerRow): ServerSide {
  const number = (name: string): number | null => numberOrNull(row[name]);
  return {
    startMs: number('startMs'),
    endMs: number('endMs'),
    totalMs: number('totalMs'),
    waitingForComputeMs: number('waitingForComputeMs'),
    waitingAtCapacityMs: number('waitingAtCapacityMs'),
    compilationMs: number('compilationMs'),
    executionMs: number('executionMs'),
    resultFetchMs: number('resultFetchMs'),
    readBytes: number('readBytes'),
    readRows: number('readRows'),
    producedRows: number('producedRows'),
    spilledBytes: number('spilledBytes'),
    fromResultCache: typeof row['fromResultCache'] === 'boolean' ? row['fromResultCache'] : null,
    executionStatus: textOrNull(row['executionStatus']),
  };
}
