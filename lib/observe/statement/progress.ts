/* observe/statement/: what a statement goes through, from either seam: progress, failures, the files of its result. */
import type {
  TFetchResultsResp,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TSparkDirectResults,
} from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { StatementOutcome } from '../../model/enums';
import { levelOf, RareFacts, type Statement } from '../../model/Statement';
import { EXECUTION_RESULTS, readPage } from '../rpc/resultShape';

/**
 * How a statement gets on, one function for an event: its RPCs, the pages of its result, and the application's calls. Times
 * are monotonic. Time counts as backend work only while a call of the application waits for the result. Nothing that is
 * observed after the end changes the record.
 */

const { TOperationState } = TCLIService_types;

/** Different causes that one statement keeps; further ones are counted together. */
const MAX_CAUSES = 8;
const OTHER = 'OTHER';

/** The execute RPC was answered. */
export function submitAnswered(
  statement: Statement,
  nowMs: number,
  hasResultSet: boolean,
  direct: TSparkDirectResults | null | undefined,
): void {
  const latencyMs = nowMs - statement.startedAtMs;
  statement.submitLatencyMs = latencyMs;
  statement.latencyMs = latencyMs;
  statement.sinceMs = nowMs;
  statement.hasResultSet = hasResultSet;
  if (direct === undefined || direct === null) statement.directResults = 'none';
  else statement.directResults = direct.closeOperation ? 'complete' : 'partial';
}

/** The server accepted it by an RPC that was not seen (another backend): the rest is known from the application's calls. */
export function acceptedUnseen(statement: Statement, statementId: string, nowMs: number): void {
  if (statement.statementId !== undefined || statement.outcome !== undefined) return;
  statement.isUnseen = true;
  statement.statementId = statementId;
  submitAnswered(statement, nowMs, true, undefined);
  statement.directResults = undefined;
}

/** A status request was answered after `latencyMs`. */
export function pollAnswered(statement: Statement, latencyMs: number): void {
  if (statement.outcome !== undefined) return;
  statement.pollCount += 1;
  statement.pollLatencyMs += latencyMs;
  // A poll from outside any waiting call (the application asks by itself) is backend time too.
  if (!statement.isReady && statement.activeCalls === 0) statement.latencyMs += latencyMs;
}

/** The server said how far it is. Returns how the statement ended for it, when it did not succeed. */
export function stateSeen(
  statement: Statement,
  response: TGetOperationStatusResp,
  nowMs: number,
): StatementOutcome | undefined {
  if (typeof response.hasResultSet === 'boolean') statement.hasResultSet = response.hasResultSet;
  switch (response.operationState) {
    case TOperationState.INITIALIZED_STATE:
    case TOperationState.PENDING_STATE:
    case TOperationState.RUNNING_STATE:
    case undefined:
      return undefined;
    case TOperationState.FINISHED_STATE:
      if (statement.outcome !== undefined) return undefined;
      if (response.numModifiedRows !== undefined && response.numModifiedRows !== null) {
        statement.statementType ??= 'UPDATE';
      }
      resultReady(statement, nowMs);
      return undefined;
    case TOperationState.CANCELED_STATE:
      serverDone(statement, nowMs);
      return 'cancelled_by_server';
    case TOperationState.TIMEDOUT_STATE:
      serverDone(statement, nowMs);
      return 'timed_out';
    default:
      serverDone(statement, nowMs);
      return 'failed';
  }
}

/** The server has finished its work, one way or the other: from here on nobody waits for it. */
function serverDone(statement: Statement, nowMs: number): void {
  if (statement.isReady || statement.outcome !== undefined) return;
  if (statement.activeCalls > 0) statement.latencyMs += nowMs - statement.sinceMs;
  statement.isReady = true;
  statement.readyAtMs = nowMs;
  statement.sinceMs = nowMs;
}

function resultReady(statement: Statement, nowMs: number): void {
  serverDone(statement, nowMs);
  statement.resultReadyLatencyMs ??= statement.latencyMs;
}

/** A call that needs the result came back without an error: without the wire seam that is how it shows. */
export function resultSeen(statement: Statement, nowMs: number): void {
  if (statement.isUnseen && statement.outcome === undefined) resultReady(statement, nowMs);
}

export function metadataSeen(statement: Statement, metadata: TGetResultSetMetadataResp): void {
  if (statement.outcome !== undefined) return;
  statement.executionResult = EXECUTION_RESULTS[metadata.resultFormat ?? -1];
  statement.compressed = metadata.lz4Compressed === true;
  if (metadata.isStagingOperation === true) statement.statementType = 'VOLUME';
  if (metadata.schema?.columns.length === 0) statement.hasResultSet = false;
}

/** One page of the result arrived; `isLast` when the server closed the operation with it. */
export function pageSeen(statement: Statement, page: TFetchResultsResp, isLast: boolean): void {
  statement.pageCount += 1;
  statement.hasLastPage = isLast || page.hasMoreRows !== true;
  if (page.results !== undefined && page.results !== null) readPage(page.results, statement);
}

/** Requests beyond the first, with what made the driver send them. */
export function retried(statement: Statement, count: number, causes: readonly string[] | undefined): void {
  if (statement.outcome !== undefined || count === 0) return;
  statement.retryCount += count;
  for (const cause of causes ?? []) addRetryCause(rareOf(statement), cause);
}

export function rareOf(statement: Statement): RareFacts {
  return (statement.rare ??= new RareFacts());
}

function addRetryCause(rare: RareFacts, cause: string): void {
  const counts = new Map<string, number>();
  for (const entry of rare.retryCauses?.split(' ') ?? []) {
    const [known = OTHER, count = '0'] = entry.split(':');
    counts.set(known, Number(count));
  }
  const key = counts.has(cause) || counts.size < MAX_CAUSES ? cause : OTHER;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  rare.retryCauses = [...counts].map(([known, count]) => `${known}:${count}`).join(' ');
}

/** A call of the application that may wait for the result begins. Calls may overlap and nest. */
export function callStarted(statement: Statement, nowMs: number): void {
  statement.activeCalls += 1;
  if (statement.activeCalls === 1) statement.sinceMs = nowMs;
}

export function callEnded(statement: Statement, nowMs: number): void {
  statement.activeCalls -= 1;
  if (statement.activeCalls === 0 && statement.outcome === undefined) passTime(statement, nowMs);
}

/** The time of a call goes to the backend until the result is there, and to reading it from then on. */
function passTime(statement: Statement, nowMs: number): void {
  const ms = nowMs - statement.sinceMs;
  if (statement.isReady) statement.consumedMs = (statement.consumedMs ?? 0) + ms;
  else statement.latencyMs += ms;
}

/** The application gets `count` rows. */
export function rowsDelivered(statement: Statement, count: number, nowMs: number): void {
  if (!statement.hasSeenRows) statement.firstReadAtMs = statement.activeCalls === 0 ? nowMs : statement.sinceMs;
  statement.hasSeenRows = true;
  if (statement.rowCount === 0 && count > 0) {
    const currentMs = statement.activeCalls === 0 ? 0 : nowMs - statement.sinceMs;
    statement.firstRowLatencyMs = statement.latencyMs + (statement.consumedMs ?? 0) + currentMs;
  }
  statement.rowCount += count;
}

/** Whether nothing is left to deliver: no result set at all, or every row of the last page was read. */
export function isDelivered(statement: Statement): boolean {
  if (!statement.isReady) return false;
  if (!statement.hasResultSet) return true;
  return statement.hasSeenRows && statement.hasLastPage && statement.rowCount >= statement.rowsAvailable;
}

/** Ends the statement. The first outcome stands; returns whether this call ended it. */
export function end(statement: Statement, outcome: StatementOutcome, nowMs: number): boolean {
  if (statement.outcome !== undefined) return false;
  if (statement.activeCalls > 0) passTime(statement, nowMs);
  if (statement.submitLatencyMs === undefined) statement.latencyMs = nowMs - statement.startedAtMs;
  if (outcome === 'delivered' && statement.hasSeenRows)
    statement.resultConsumptionLatencyMs = statement.consumedMs ?? 0;
  if (statement.statementType === undefined) statement.statementType = typeOf(statement, outcome);
  statement.outcome = outcome;
  statement.endedAtMs = nowMs;
  if (outcome !== 'delivered') statement.level = levelOf(outcome);
  return true;
}

/**
 * What the server does not say of a statement shows in its result: a format that was read, or that it did well and has none.
 * Of one that came to neither nobody knows whether it was a query.
 */
function typeOf(statement: Statement, outcome: StatementOutcome): Statement['statementType'] {
  const { executionResult, hasResultSet, isReady, isUnseen } = statement;
  if (executionResult !== undefined && hasResultSet) return 'QUERY';
  const isSuccess = outcome === 'delivered' || outcome === 'closed_unfetched' || outcome === 'session_closed';
  if (!isSuccess || !isReady || isUnseen) return 'SQL';
  return hasResultSet ? 'QUERY' : 'UPDATE';
}
