import type {
  TFetchResultsResp,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import { StatementAggregate } from '../../model/StatementAggregate';
import type { StatementOutcome } from '../../telemetry/types';
import { OfferedFiles } from './ResultManifest';
import { volumeOperationOf } from '../rpc/stagingOperation';
import { outcomeOfState } from '../rpc/serverState';
import { Fact, NO_TROUBLE, Trouble } from './FailureState';
import { executionResultOf, NO_PAGE, pageShapeOf, type PageShape } from '../rpc/resultShape';

const { TOperationState } = TCLIService_types;

/**
 * One statement as both seams see it: the wire seam reports RPCs and pages, the API seam the application's calls.
 * Keeps the phases apart: time counts as backend work only while a call of the application waits for the result.
 * Nothing that is observed after the end changes the record, with one exception: see `closed`.
 */
export class StatementObservation extends StatementAggregate {
  #offered: OfferedFiles | undefined;
  #trouble: Trouble | undefined;
  /** What is known so far: the sum of `Fact`s. One number in place of six fields. */
  private facts = Fact.RESULT_SET;
  private rowsAvailable = 0;
  private activeCalls = 0;
  /** Since when a call of the application waits, or reads. */
  private sinceMs = 0;
  private consumedMs: number | undefined;

  /** The record of this statement: one object for both is a third less to allocate. */
  get aggregate(): StatementAggregate {
    return this;
  }

  /** CloudFetch files that the server offered, if any. Their URLs are not for those who print a record. */
  get offered(): OfferedFiles | undefined {
    return this.#offered;
  }

  set offered(files: OfferedFiles | undefined) {
    this.#offered = files;
  }

  /** What went wrong so far; `troubled()` is the same to write to. */
  get trouble(): Readonly<Trouble> {
    return this.#trouble ?? NO_TROUBLE;
  }

  troubled(): Trouble {
    return (this.#trouble ??= new Trouble());
  }

  private is(fact: Fact): boolean {
    return (this.facts & fact) !== 0;
  }

  private note(fact: Fact, value: boolean): void {
    this.facts = value ? this.facts | fact : this.facts & ~fact;
  }

  // ---- wire seam -------------------------------------------------------------------------------------------------

  /** The execute RPC was answered at `nowMs`. */
  submitted(nowMs: number, hasResultSet: boolean, direct: TSparkDirectResults | undefined): PageShape | undefined {
    if (this.isComplete) return undefined;
    this.submitLatencyMs = nowMs - this.startedAtMs;
    this.latencyMs = this.submitLatencyMs;
    this.note(Fact.RESULT_SET, hasResultSet);
    this.sinceMs = nowMs;
    if (direct === undefined || direct === null) {
      if (!this.is(Fact.UNSEEN)) this.directResults = 'none';
      return undefined;
    }
    const isClosed = direct.closeOperation !== undefined && direct.closeOperation !== null;
    this.directResults = isClosed ? 'complete' : 'partial';
    if (direct.operationStatus) this.stateSeen(direct.operationStatus, nowMs);
    if (direct.resultSetMetadata) this.metadataSeen(direct.resultSetMetadata);
    return direct.resultSet ? this.pageSeen(direct.resultSet, isClosed) : undefined;
  }

  /** The operation's RPC was not seen (another backend): what follows is known from the application's calls alone. */
  acceptedUnseen(operation: { readonly id: string }, nowMs: number): void {
    if (this.statementId !== undefined || this.isComplete) return;
    this.note(Fact.UNSEEN, true);
    this.statementId = operation.id;
    this.submitted(nowMs, true, undefined);
  }

  /** A status request was answered at `nowMs` after `latencyMs`. */
  polled(response: TGetOperationStatusResp, latencyMs: number, nowMs: number): void {
    if (!this.isComplete) {
      this.addPoll(latencyMs);
      // A poll from outside any waiting call (the application asks by itself) is backend time too.
      if (!this.is(Fact.READY) && this.activeCalls === 0) this.latencyMs += latencyMs;
    }
    this.stateSeen(response, nowMs);
  }

  metadataSeen(metadata: TGetResultSetMetadataResp): void {
    if (this.isComplete) return;
    this.executionResult = executionResultOf(metadata.resultFormat);
    this.compressed = metadata.lz4Compressed === true;
    if (metadata.isStagingOperation === true) this.statementType = 'VOLUME';
  }

  /** One page of the result arrived; `isLast` when the server closed the operation with it. */
  pageSeen(response: TFetchResultsResp, isLast: boolean): PageShape {
    if (this.isComplete) return NO_PAGE;
    const page = pageShapeOf(response);
    if (this.statementType === 'VOLUME') this.rare.volumeOperation ??= volumeOperationOf(response.results);
    this.pageCount += 1;
    this.byteCount += page.bytes;
    this.rowsAvailable += page.rows;
    this.note(Fact.LAST_PAGE, isLast || !page.hasMoreRows);
    if (page.links.length > 0) {
      this.offered ??= new OfferedFiles();
      this.offered.offer(page.links);
      this.files.present = this.offered.count;
      this.files.read ??= 0;
    }
    return page;
  }

  failureSeen(status: Pick<TStatus, 'sqlState' | 'errorMessage'>): void {
    this.troubled().serverFailure = { sqlState: status.sqlState, message: status.errorMessage };
  }

  /** Requests beyond the first, with what made the driver send them. */
  retried(count: number, causes: readonly string[] | undefined): void {
    if (this.isComplete || count === 0) return;
    this.retryCount += count;
    for (const cause of causes ?? []) this.rare.addRetryCause(cause);
  }

  /** The close RPC took `latencyMs`: may still be added to a completed record, until that is serialised. */
  closed(latencyMs: number): void {
    if (this.eventId === undefined) this.rare.closeLatencyMs ??= latencyMs;
  }

  private stateSeen(response: TGetOperationStatusResp, nowMs: number): void {
    if (typeof response.hasResultSet === 'boolean') this.note(Fact.RESULT_SET, response.hasResultSet);
    switch (response.operationState) {
      case TOperationState.INITIALIZED_STATE:
      case TOperationState.PENDING_STATE:
      case TOperationState.RUNNING_STATE:
      case undefined:
        return;
      case TOperationState.FINISHED_STATE:
        if (this.isComplete) return;
        if (response.numModifiedRows !== undefined && response.numModifiedRows !== null) {
          this.statementType ??= 'UPDATE';
        }
        return this.becomeReady(nowMs);
      default:
        this.failureSeen(response);
        this.troubled().endedByServer = outcomeOfState(response.operationState);
        this.becomeDecided(nowMs);
    }
  }

  private becomeReady(nowMs: number): void {
    this.becomeDecided(nowMs);
    this.resultReadyLatencyMs ??= this.latencyMs;
  }

  /** The server has finished its work, one way or the other: from here on nobody waits for it. */
  private becomeDecided(nowMs: number): void {
    if (this.is(Fact.READY) || this.isComplete) return;
    if (this.activeCalls > 0) this.latencyMs += nowMs - this.sinceMs;
    this.note(Fact.READY, true);
    this.sinceMs = nowMs;
  }

  // ---- API seam --------------------------------------------------------------------------------------------------

  /** A call of the application that may wait for the result begins. Calls may overlap and nest. */
  callStarted(nowMs: number): void {
    this.activeCalls += 1;
    if (this.activeCalls > 1 || this.isComplete) return;
    this.sinceMs = nowMs;
  }

  get isInCall(): boolean {
    return this.activeCalls > 0;
  }

  callEnded(nowMs: number): void {
    this.activeCalls -= 1;
    if (this.activeCalls > 0 || this.isComplete) return;
    if (this.is(Fact.READY)) this.consumedMs = (this.consumedMs ?? 0) + nowMs - this.sinceMs;
    else this.latencyMs += nowMs - this.sinceMs;
  }

  /** A call that needs the result came back without an error: without the wire seam that is how it shows. */
  resultSeen(nowMs: number): void {
    if (this.is(Fact.UNSEEN) && !this.isComplete) this.becomeReady(nowMs);
  }

  /** The application gets `count` rows at `nowMs`. */
  rowsDelivered(count: number, nowMs: number): void {
    if (this.isComplete) return;
    this.note(Fact.SAW_ROWS, true);
    if (this.#trouble !== undefined) this.#trouble.unresolved = undefined;
    if (this.rowCount === 0 && count > 0) this.firstRowLatencyMs = this.callTimeMs(nowMs);
    this.rowCount += count;
    if (this.offered !== undefined) this.files.read = this.offered.readAt(this.rowCount);
  }

  /** How long the calls of the application took until `nowMs`, from the submission on. */
  private callTimeMs(nowMs: number): number {
    const earlierMs = this.latencyMs + (this.consumedMs ?? 0);
    if (this.activeCalls === 0) return earlierMs;
    return earlierMs + nowMs - this.sinceMs;
  }

  /** Whether nothing is left to deliver: no result set at all, or every row of the last page was read. */
  get isDelivered(): boolean {
    if (!this.is(Fact.READY) || this.trouble.outcome !== undefined) return false;
    if (!this.is(Fact.RESULT_SET)) return true;
    return this.is(Fact.SAW_ROWS) && this.is(Fact.LAST_PAGE) && this.rowCount >= this.rowsAvailable;
  }

  /** How a statement that the application closes has ended, unless it had ended before. */
  outcomeAtClose(sessionIsClosing: boolean): StatementOutcome {
    if (this.isDelivered) return 'delivered';
    return this.trouble.outcome ?? (sessionIsClosing ? 'session_closed' : 'closed_unfetched');
  }

  get hasNoResultSet(): boolean {
    return this.is(Fact.READY) && !this.is(Fact.RESULT_SET) && this.trouble.endedByServer === undefined;
  }

  /** Ends the statement. The first outcome stands; returns whether this call ended it. */
  end(outcome: StatementOutcome, nowMs: number): boolean {
    if (this.isComplete) return false;
    if (this.activeCalls > 0) {
      if (this.is(Fact.READY)) this.consumedMs = (this.consumedMs ?? 0) + nowMs - this.sinceMs;
      else this.latencyMs += nowMs - this.sinceMs;
    }
    if (this.submitLatencyMs === undefined) this.latencyMs = nowMs - this.startedAtMs;
    if (outcome === 'delivered' && this.is(Fact.SAW_ROWS)) this.resultConsumptionLatencyMs = this.consumedMs ?? 0;
    this.statementType ??= this.is(Fact.RESULT_SET) ? 'QUERY' : 'UPDATE';
    return this.complete(outcome);
  }
}
