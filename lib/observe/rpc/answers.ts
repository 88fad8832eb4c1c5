import type {
  TFetchResultsResp,
  TGetOperationStatusResp,
  TOperationHandle,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { Statement } from '../../model/Statement';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { metadataSeen, pageSeen, pollAnswered, rareOf, stateSeen, submitAnswered } from '../statement/progress';
import { formatGuid } from './guid';
import { volumeOperationOf } from './stagingOperation';

/** What the server's answers mean for the statement that they are about. */

const { TStatusCode } = TCLIService_types;

const STATEMENT = Symbol('statement');

/** A handle that the driver keeps to itself: a `WeakMap` in its place takes half a microsecond for each statement. */
export type Handle = TOperationHandle & { [STATEMENT]?: Statement };

export interface SubmitResponse {
  readonly status: TStatus;
  readonly operationHandle?: Handle | null;
  readonly directResults?: TSparkDirectResults | null;
}

/** The statement whose operation has this handle; undefined when it is not observed. */
export function statementOf(handle: Handle): Statement | undefined {
  return handle[STATEMENT];
}

/** A submission was answered. Cannot throw. */
export function submitted(observer: ConnectionObserver, statement: Statement, response: SubmitResponse): void {
  try {
    const { operationHandle: handle, directResults: direct, status } = response;
    if (isErrorStatus(status)) failureSeen(observer, statement, status);
    if (handle === undefined || handle === null) return;
    handle[STATEMENT] = statement;
    if (statement.outcome !== undefined) return;
    statement.statementId = formatGuid(handle.operationId.guid);
    const nowMs = observer.clock.now();
    submitAnswered(statement, nowMs, handle.hasResultSet, direct);
    if (direct !== undefined && direct !== null) directAnswered(observer, statement, direct, nowMs);
    endWithoutResult(observer, statement, nowMs);
  } catch (thrown) {
    observer.swallowed(thrown);
  }
}

function directAnswered(
  observer: ConnectionObserver,
  statement: Statement,
  { operationStatus, resultSetMetadata, resultSet }: TSparkDirectResults,
  nowMs: number,
): void {
  if (operationStatus) stateAnswered(observer, statement, operationStatus, nowMs);
  if (resultSetMetadata) metadataSeen(statement, resultSetMetadata);
  if (resultSet) pageAnswered(observer, statement, resultSet, statement.directResults === 'complete');
}

/** A status request that began at `startedAtMs` was answered. */
export function polled(
  observer: ConnectionObserver,
  statement: Statement,
  response: TGetOperationStatusResp,
  startedAtMs: number,
): void {
  const nowMs = observer.clock.now();
  pollAnswered(statement, nowMs - startedAtMs);
  stateAnswered(observer, statement, response, nowMs);
  endWithoutResult(observer, statement, nowMs);
}

/** A page of the result arrived; `isLast` when the server closed the operation with it. */
export function pageAnswered(
  observer: ConnectionObserver,
  statement: Statement,
  page: TFetchResultsResp,
  isLast: boolean,
): void {
  if (statement.outcome !== undefined) return;
  pageSeen(statement, page, isLast);
  const links = page.results?.resultLinks;
  if (links !== undefined && links !== null && links.length > 0) observer.files.offered(statement, links);
  if (statement.statementType === 'VOLUME') rareOf(statement).volumeOperation ??= volumeOperationOf(page.results);
}

/** The server said of something about `statement` that it failed. */
export function failureSeen(
  observer: ConnectionObserver,
  statement: Statement,
  { sqlState, errorMessage }: Pick<TStatus, 'sqlState' | 'errorMessage'>,
): void {
  observer.failureStateOf(statement).serverFailure = { sqlState, message: errorMessage };
}

export function isErrorStatus({ statusCode }: TStatus): boolean {
  return statusCode === TStatusCode.ERROR_STATUS || statusCode === TStatusCode.INVALID_HANDLE_STATUS;
}

function stateAnswered(
  observer: ConnectionObserver,
  statement: Statement,
  response: TGetOperationStatusResp,
  nowMs: number,
): void {
  const outcome = stateSeen(statement, response, nowMs);
  if (outcome === undefined) return;
  failureSeen(observer, statement, response);
  observer.failureStateOf(statement).endedByServer = outcome;
}

/** The server has succeeded, and there is nothing to read. An error on the way to that answer does not matter any more. */
function endWithoutResult(observer: ConnectionObserver, statement: Statement, nowMs: number): void {
  if (statement.hasResultSet || !statement.isReady) return;
  if (observer.failureOf(statement)?.endedByServer !== undefined) return;
  observer.statementEnded(statement, 'delivered', nowMs);
}
