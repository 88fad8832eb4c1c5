import { setTimeout as delay } from 'node:timers/promises';
import {
  TCloseOperationResp,
  TFetchResultsResp,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TOperationHandle,
  TOperationState,
  TSparkDirectResults,
  type TOperationType,
} from '@databricks/sql/thrift/TCLIService_types';
import { Execution, type ExecutionContext, type ExecutionResult, type Work } from '../engine/Execution';
import type { StatementRecord } from '../received/types';
import { chooseFormat, type ClientAbilities } from '../results/chooseFormat';
import { int64 } from '../results/columnar';
import { ResultReader, type LinkSettings } from '../results/ResultReader';
import { tableSchema } from '../results/schema';
import { toSqlError } from '../engine/errors';
import { SqlError } from '../sql/SqlError';
import type { HandleId } from './handles';
import { progressOf } from './progress';
import { failure, sqlFailure, success } from './status';

type State =
  | { kind: 'running' }
  | { kind: 'finished'; result: ExecutionResult; reader: ResultReader }
  | { kind: 'failed'; error: SqlError }
  | { kind: 'timed-out'; error: SqlError }
  | { kind: 'cancelled' }
  | { kind: 'closed' };

export interface OperationSettings {
  id: HandleId;
  type: TOperationType;
  record: StatementRecord;
  execution: ExecutionContext;
  abilities: ClientAbilities;
  /** Zero: no limit. */
  timeoutMs: number;
  onClose: () => void;
}

/** One statement or metadata call, from its creation until it is closed. */
export class Operation {
  private state: State = { kind: 'running' };
  private readonly execution: Execution;
  private settled: Promise<void> = Promise.resolve();
  private readonly startedAt = Date.now();
  private completedAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: OperationSettings) {
    this.execution = new Execution(settings.execution);
  }

  get id(): string {
    return this.settings.id.text;
  }

  get record(): StatementRecord {
    return this.settings.record;
  }

  handle(): TOperationHandle {
    return new TOperationHandle({
      operationId: this.settings.id.identifier,
      operationType: this.settings.type,
      hasResultSet: this.state.kind !== 'finished' || this.state.result.columns.length > 0,
    });
  }

  start(work: Work, links: Pick<LinkSettings, 'cloudFetch'>): void {
    const { timeoutMs } = this.settings;
    if (timeoutMs > 0) {
      this.timer = setTimeout(() => this.timeOut(timeoutMs), timeoutMs);
      this.timer.unref();
    }
    this.settled = this.execution.run(work).then(
      (result) => {
        const choice = chooseFormat(result, this.settings.abilities, links.cloudFetch);
        const reader = new ResultReader(result.columns, result.rows, choice, this.record);
        this.settle({ kind: 'finished', result, reader });
        if (this.state.kind !== 'finished') this.execution.close();
      },
      (error: unknown) => this.settle({ kind: 'failed', error: toSqlError(error) }),
    );
  }

  private settle(state: Exclude<State, { kind: 'running' | 'closed' }>): void {
    if (this.state.kind !== 'running') return;
    clearTimeout(this.timer);
    this.state = state;
    this.completedAt = Date.now();
    const { record } = this;
    record.finishedAt = this.completedAt;
    record.outcome = state.kind === 'finished' ? 'succeeded' : state.kind;
    if (state.kind === 'finished') {
      record.resultFormat = state.result.columns.length > 0 ? state.reader.choice.format : undefined;
      record.compressed = state.reader.choice.lz4;
    } else if (state.kind !== 'cancelled') {
      record.sqlState = state.error.sqlState;
      record.errorMessage = state.error.message;
    }
  }

  private timeOut(timeoutMs: number): void {
    const text = `Query timed out after ${Math.round(timeoutMs / 1000)} seconds.`;
    this.settle({ kind: 'timed-out', error: new SqlError('QUERY_EXECUTION_TIMEOUT_EXCEEDED', '57KD0', text) });
    this.execution.interrupt();
  }

  /** Resolves when the operation is no longer running, or after `ms`. */
  async wait(ms: number): Promise<void> {
    const stop = new AbortController();
    const pause = delay(ms, undefined, { signal: stop.signal }).catch(() => undefined);
    await Promise.race([this.settled, pause]);
    stop.abort();
  }

  status(withProgress: boolean): TGetOperationStatusResp {
    const { state } = this;
    const response = new TGetOperationStatusResp({
      status: success(),
      operationState: STATES[state.kind],
      operationStarted: int64(this.startedAt),
      ...(this.completedAt === undefined ? {} : { operationCompleted: int64(this.completedAt) }),
    });
    if (state.kind === 'failed' || state.kind === 'timed-out') {
      response.sqlState = state.error.sqlState;
      response.errorCode = 0;
      response.errorMessage = state.error.message;
      response.displayMessage = state.error.message;
    }
    if (state.kind === 'finished') {
      response.hasResultSet = state.result.columns.length > 0;
      if (state.result.modifiedRows !== undefined) response.numModifiedRows = int64(state.result.modifiedRows);
    }
    if (withProgress)
      response.progressUpdateResponse = progressOf(state.kind === 'running', this.execution.progress(), this.startedAt);
    return response;
  }

  metadata(): TGetResultSetMetadataResp {
    const { state } = this;
    if (state.kind === 'failed' || state.kind === 'timed-out') {
      return new TGetResultSetMetadataResp({ status: sqlFailure(state.error) });
    }
    if (state.kind !== 'finished') return new TGetResultSetMetadataResp({ status: notReady(state.kind) });
    const { result, reader } = state;
    return new TGetResultSetMetadataResp({
      status: success(),
      schema: tableSchema(result.columns),
      resultFormat: reader.rowSetType,
      lz4Compressed: reader.choice.lz4,
      isStagingOperation: result.isStaging,
      ...(reader.arrowSchema === undefined ? {} : { arrowSchema: reader.arrowSchema }),
    });
  }

  /** Pages are read one after the other, also when a client asks for several at once. */
  fetch(maxRows: number, links: LinkSettings): Promise<TFetchResultsResp> {
    const page = this.reading.then(() => this.fetchNow(maxRows, links));
    this.reading = page;
    return page;
  }

  private async fetchNow(maxRows: number, links: LinkSettings): Promise<TFetchResultsResp> {
    const { state } = this;
    if (state.kind === 'failed' || state.kind === 'timed-out') {
      return new TFetchResultsResp({ status: sqlFailure(state.error) });
    }
    if (state.kind !== 'finished') return new TFetchResultsResp({ status: notReady(state.kind) });
    try {
      const { rowSet, hasMore } = await state.reader.next(maxRows, links);
      if (!hasMore) this.execution.close();
      return new TFetchResultsResp({ status: success(), hasMoreRows: hasMore, results: rowSet });
    } catch (error) {
      if (this.state !== state) return new TFetchResultsResp({ status: notReady(this.state.kind) });
      const sqlError = toSqlError(error);
      this.state = { kind: 'failed', error: sqlError };
      this.record.outcome = 'failed';
      this.record.sqlState = sqlError.sqlState;
      this.record.errorMessage = sqlError.message;
      this.execution.close();
      return new TFetchResultsResp({ status: sqlFailure(sqlError) });
    }
  }

  /** Everything that fits into the first answer; closes the operation when that is all there is. */
  async directResults(maxRows: number, links: LinkSettings): Promise<TSparkDirectResults> {
    const results = new TSparkDirectResults({ operationStatus: this.status(false) });
    if (this.hasFailed()) return this.closedBy(results);
    if (this.state.kind !== 'finished') return results;
    results.resultSetMetadata = this.metadata();
    if (this.state.result.columns.length === 0) return this.closedBy(results);
    const page = await this.fetch(maxRows, links);
    if (this.hasFailed()) return this.closedBy(new TSparkDirectResults({ operationStatus: this.status(false) }));
    results.resultSet = page;
    return page.hasMoreRows === false ? this.closedBy(results) : results;
  }

  private hasFailed(): boolean {
    return this.state.kind === 'failed' || this.state.kind === 'timed-out';
  }

  private closedBy(results: TSparkDirectResults): TSparkDirectResults {
    this.close('direct-results');
    results.closeOperation = new TCloseOperationResp({ status: success() });
    return results;
  }

  /** Ends a running operation at once; a finished one only gives up its unread rows. */
  cancel(): void {
    this.settle({ kind: 'cancelled' });
    this.execution.interrupt();
    this.execution.close();
  }

  /** Idempotent. */
  close(by: NonNullable<StatementRecord['closedBy']>): void {
    if (this.state.kind === 'closed') return;
    const { record } = this;
    clearTimeout(this.timer);
    if (this.state.kind === 'running') {
      record.outcome = 'closed';
      record.finishedAt = Date.now();
    }
    this.state = { kind: 'closed' };
    record.closedBy = by;
    this.execution.interrupt();
    this.execution.close();
    this.settings.onClose();
  }
}

const STATES: Readonly<Record<State['kind'], TOperationState>> = {
  running: TOperationState.RUNNING_STATE,
  finished: TOperationState.FINISHED_STATE,
  failed: TOperationState.ERROR_STATE,
  'timed-out': TOperationState.TIMEDOUT_STATE,
  cancelled: TOperationState.CANCELED_STATE,
  closed: TOperationState.CLOSED_STATE,
};

function notReady(kind: State['kind']): ReturnType<typeof failure> {
  return failure(`Expected state FINISHED, but found ${kind.toUpperCase()}`, 'HY000');
}
