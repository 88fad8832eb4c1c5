import type {
  TFetchResultsResp,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { StatementAggregate } from '../telemetry/statements/StatementAggregate';
import type { StatementOutcome } from '../telemetry/types';
import { OfferedFiles } from './OfferedFiles';
import { volumeOperationOf } from './stagingOperation';
import { outcomeOfState, type ServerFailure } from './serverState';
import { executionResultOf, NO_PAGE, pageShapeOf, type PageShape } from './resultShape';

const { TOperationState } = TCLIService_types;

/**
 * One statement as both seams see it: the wire seam reports RPCs and pages, the API seam the application's calls.
 * Keeps the phases apart: time counts as backend work only while a call of the application waits for the result.
 * Nothing that is observed after the end changes the record, with one exception: see `closed`.
 */
export class StatementObservation {
  serverFailure: ServerFailure | undefined;
  /** The last thrown value reported for this statement: one failure passes several calls. */
  lastThrown: unknown;
  /** The error that is still in the way of the result; undefined again after a later success. */
  unresolved: StatementOutcome | undefined;
  /** The application's cancel is on its way, or was answered: that the statement is cancelled is its doing. */
  isCancelling = false;

  private ready = false;
  /** How the server says that the statement ended, when it did not succeed. */
  private endedByServer: StatementOutcome | undefined;
  private isUnseen = false;
  private hasResultSet = true;
  private lastPage = false;
  private rowsAvailable = 0;
  /** CloudFetch files; most statements have none. */
  files: OfferedFiles | undefined;
  private sawRows = false;
  private activeCalls = 0;
  private waitingSinceMs = 0;
  private consumingSinceMs = 0;
  private consumedMs = 0;

  constructor(readonly aggregate: StatementAggregate) {}

  // ---- wire seam -------------------------------------------------------------------------------------------------

  /** The execute RPC was answered at `nowMs`. */
  submitted(nowMs: number, hasResultSet: boolean, direct: TSparkDirectResults | undefined): PageShape | undefined {
    const { aggregate } = this;
    if (aggregate.isComplete) return undefined;
    aggregate.submitLatencyMs = nowMs - aggregate.startedAtMs;
    aggregate.latencyMs = aggregate.submitLatencyMs;
    this.hasResultSet = hasResultSet;
    this.waitingSinceMs = nowMs;
    if (direct === undefined || direct === null) {
      if (!this.isUnseen) aggregate.directResults = 'none';
      return undefined;
    }
    const isClosed = direct.closeOperation !== undefined && direct.closeOperation !== null;
    aggregate.directResults = isClosed ? 'complete' : 'partial';
    if (direct.operationStatus) this.stateSeen(direct.operationStatus, nowMs);
    if (direct.resultSetMetadata) this.metadataSeen(direct.resultSetMetadata);
    return direct.resultSet ? this.pageSeen(direct.resultSet, isClosed) : undefined;
  }

  /**
   * The call that submits returned an operation whose RPC was not seen: a backend that does not use the wire seam. What
   * follows is known from the application's calls alone.
   */
  acceptedUnseen(operation: { readonly id: string }, nowMs: number): void {
    if (this.aggregate.statementId !== undefined || this.aggregate.isComplete) return;
    this.isUnseen = true;
    this.aggregate.statementId = operation.id;
    this.submitted(nowMs, true, undefined);
  }

  /** A status request was answered at `nowMs` after `latencyMs`. */
  polled(response: TGetOperationStatusResp, latencyMs: number, nowMs: number): void {
    const { aggregate } = this;
    if (!aggregate.isComplete) {
      aggregate.addPoll(latencyMs);
      // A poll from outside any waiting call (the application asks by itself) is backend time too.
      if (!this.ready && this.activeCalls === 0) aggregate.latencyMs += latencyMs;
    }
    this.stateSeen(response, nowMs);
  }

  metadataSeen(metadata: TGetResultSetMetadataResp): void {
    if (this.aggregate.isComplete) return;
    this.aggregate.executionResult = executionResultOf(metadata.resultFormat);
    this.aggregate.compressed = metadata.lz4Compressed === true;
    if (metadata.isStagingOperation === true) this.aggregate.statementType = 'VOLUME';
  }

  /** One page of the result arrived; `isLast` when the server closed the operation with it. */
  pageSeen(response: TFetchResultsResp, isLast: boolean): PageShape {
    const { aggregate } = this;
    if (aggregate.isComplete) return NO_PAGE;
    const page = pageShapeOf(response);
    if (aggregate.statementType === 'VOLUME') aggregate.rare.volumeOperation ??= volumeOperationOf(response.results);
    aggregate.pageCount += 1;
    aggregate.byteCount += page.bytes;
    this.rowsAvailable += page.rows;
    this.lastPage = isLast || !page.hasMoreRows;
    if (page.links.length > 0) {
      this.files ??= new OfferedFiles();
      this.files.offer(page.links);
      aggregate.files.present = this.files.count;
      aggregate.files.read ??= 0;
    }
    return page;
  }

  failureSeen(status: Pick<TStatus, 'sqlState' | 'errorMessage'>): void {
    this.serverFailure = { sqlState: status.sqlState, message: status.errorMessage };
  }

  /** Requests beyond the first, with what made the driver send them. */
  retried(count: number, causes: readonly string[] | undefined): void {
    const { aggregate } = this;
    if (aggregate.isComplete || count === 0) return;
    aggregate.retryCount += count;
    for (const cause of causes ?? []) aggregate.rare.addRetryCause(cause);
  }

  /**
   * The close RPC took `latencyMs`. A result that was read to its end is complete before it is closed, so that this alone
   * may still be added to a completed record, until the record is serialised.
   */
  closed(latencyMs: number): void {
    const { aggregate } = this;
    if (aggregate.eventId === undefined) aggregate.rare.closeLatencyMs ??= latencyMs;
  }

  private stateSeen(response: TGetOperationStatusResp, nowMs: number): void {
    if (typeof response.hasResultSet === 'boolean') this.hasResultSet = response.hasResultSet;
    switch (response.operationState) {
      case TOperationState.INITIALIZED_STATE:
      case TOperationState.PENDING_STATE:
      case TOperationState.RUNNING_STATE:
      case undefined:
        return;
      case TOperationState.FINISHED_STATE:
        if (this.aggregate.isComplete) return;
        if (response.numModifiedRows !== undefined && response.numModifiedRows !== null) {
          this.aggregate.statementType ??= 'UPDATE';
        }
        return this.becomeReady(nowMs);
      default:
        this.failureSeen(response);
        this.endedByServer = outcomeOfState(response.operationState);
        this.becomeDecided(nowMs);
    }
  }

  private becomeReady(nowMs: number): void {
    this.becomeDecided(nowMs);
    this.aggregate.resultReadyLatencyMs ??= this.aggregate.latencyMs;
  }

  /** The server has finished its work, one way or the other: from here on nobody waits for it. */
  private becomeDecided(nowMs: number): void {
    if (this.ready || this.aggregate.isComplete) return;
    if (this.activeCalls > 0) this.aggregate.latencyMs += nowMs - this.waitingSinceMs;
    this.ready = true;
    this.consumingSinceMs = nowMs;
  }

  // ---- API seam --------------------------------------------------------------------------------------------------

  /** A call of the application that may wait for the result begins. Calls may overlap and nest. */
  callStarted(nowMs: number): void {
    this.activeCalls += 1;
    if (this.activeCalls > 1) return;
    this.waitingSinceMs = nowMs;
    this.consumingSinceMs = nowMs;
  }

  get isInCall(): boolean {
    return this.activeCalls > 0;
  }

  callEnded(nowMs: number): void {
    this.activeCalls -= 1;
    if (this.activeCalls > 0 || this.aggregate.isComplete) return;
    if (this.ready) this.consumedMs += nowMs - this.consumingSinceMs;
    else this.aggregate.latencyMs += nowMs - this.waitingSinceMs;
  }

  /** A call that needs the result came back without an error: without the wire seam that is how it shows. */
  resultSeen(nowMs: number): void {
    if (this.isUnseen && !this.aggregate.isComplete) this.becomeReady(nowMs);
  }

  /** The application gets `count` rows at `nowMs`. */
  rowsDelivered(count: number, nowMs: number): void {
    const { aggregate } = this;
    if (aggregate.isComplete) return;
    this.sawRows = true;
    this.unresolved = undefined;
    if (aggregate.rowCount === 0 && count > 0) aggregate.firstRowLatencyMs = this.callTimeMs(nowMs);
    aggregate.rowCount += count;
    if (this.files !== undefined) aggregate.files.read = this.files.readAt(aggregate.rowCount);
  }

  /** How long the calls of the application took until `nowMs`, from the submission on. */
  private callTimeMs(nowMs: number): number {
    const earlierMs = this.aggregate.latencyMs + this.consumedMs;
    if (this.activeCalls === 0) return earlierMs;
    return earlierMs + nowMs - (this.ready ? this.consumingSinceMs : this.waitingSinceMs);
  }

  /** Whether nothing is left to deliver: no result set at all, or every row of the last page was read. */
  get isDelivered(): boolean {
    if (!this.ready || (this.unresolved ?? this.endedByServer) !== undefined) return false;
    if (!this.hasResultSet) return true;
    return this.sawRows && this.lastPage && this.aggregate.rowCount >= this.rowsAvailable;
  }

  /** How a statement that the application closes has ended, unless it had ended before. */
  outcomeAtClose(sessionIsClosing: boolean): StatementOutcome {
    if (this.isDelivered) return 'delivered';
    return this.unresolved ?? this.endedByServer ?? (sessionIsClosing ? 'session_closed' : 'closed_unfetched');
  }

  get hasNoResultSet(): boolean {
    return this.ready && !this.hasResultSet && this.endedByServer === undefined;
  }

  /** Ends the statement. The first outcome stands; returns whether this call ended it. */
  complete(outcome: StatementOutcome, nowMs: number): boolean {
    const { aggregate } = this;
    if (aggregate.isComplete) return false;
    if (this.activeCalls > 0) {
      if (this.ready) this.consumedMs += nowMs - this.consumingSinceMs;
      else aggregate.latencyMs += nowMs - this.waitingSinceMs;
    }
    if (aggregate.submitLatencyMs === undefined) aggregate.latencyMs = nowMs - aggregate.startedAtMs;
    if (outcome === 'delivered' && this.sawRows) aggregate.resultConsumptionLatencyMs = this.consumedMs;
    aggregate.statementType ??= this.hasResultSet ? 'QUERY' : 'UPDATE';
    return aggregate.complete(outcome);
  }
}
