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
import { toSqlError } from '../engine/errors';
import type { ExecutionContext, ExecutionResult } from '../engine/Execution';
import type { ResolvedCloudFetch } from '../options';
import type { StatementRecord } from '../received/types';
import { chooseFormat, type ClientAbilities } from '../results/chooseFormat';
import { int64 } from '../results/columnar';
import { ResultReader, type LinkSettings, type ResultFormatChoice } from '../results/ResultReader';
import { tableSchema } from '../results/schema';
import { StatementRun, type RunState } from '../service/StatementRun';
import { handleIdentifier } from './handles';
import { progressOf } from './progress';
import { failure, sqlFailure, success } from './status';

export interface OperationSettings {
  id: string;
  type: TOperationType;
  record: StatementRecord;
  execution: ExecutionContext;
  abilities: ClientAbilities;
  cloudFetch: ResolvedCloudFetch;
  /** Zero: no limit. */
  timeoutMs: number;
  onClose: () => void;
}

/** A statement or metadata call as Thrift clients see it. */
export class Operation {
  readonly run: StatementRun<ResultReader>;
  private reading: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: OperationSettings) {
    const { record, execution, timeoutMs, abilities, cloudFetch, onClose } = settings;
    this.run = new StatementRun({
      record,
      execution,
      timeoutMs,
      onClose,
      deliver: (result) => readerOf(result, chooseFormat(result, abilities, cloudFetch), record),
    });
  }

  get id(): string {
    return this.settings.id;
  }

  get record(): StatementRecord {
    return this.settings.record;
  }

  handle(): TOperationHandle {
    const { state } = this.run;
    return new TOperationHandle({
      operationId: handleIdentifier(this.id),
      operationType: this.settings.type,
      hasResultSet: state.kind !== 'finished' || state.result.columns.length > 0,
    });
  }

  status(withProgress: boolean): TGetOperationStatusResp {
    const { state, startedAt, completedAt } = this.run;
    const response = new TGetOperationStatusResp({
      status: success(),
      operationState: STATES[state.kind],
      operationStarted: int64(startedAt),
      ...(completedAt === undefined ? {} : { operationCompleted: int64(completedAt) }),
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
      response.progressUpdateResponse = progressOf(state.kind === 'running', this.run.progress(), startedAt);
    return response;
  }

  metadata(): TGetResultSetMetadataResp {
    const { state } = this.run;
    if (state.kind === 'failed' || state.kind === 'timed-out') {
      return new TGetResultSetMetadataResp({ status: sqlFailure(state.error) });
    }
    if (state.kind !== 'finished') return new TGetResultSetMetadataResp({ status: notReady(state.kind) });
    const { result, delivery: reader } = state;
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
    const { state } = this.run;
    if (state.kind === 'failed' || state.kind === 'timed-out') {
      return new TFetchResultsResp({ status: sqlFailure(state.error) });
    }
    if (state.kind !== 'finished') return new TFetchResultsResp({ status: notReady(state.kind) });
    try {
      const { rowSet, hasMore } = await state.delivery.next(maxRows, links);
      if (!hasMore) this.run.release();
      return new TFetchResultsResp({ status: success(), hasMoreRows: hasMore, results: rowSet });
    } catch (error) {
      if (this.run.state !== state) return new TFetchResultsResp({ status: notReady(this.run.state.kind) });
      const sqlError = toSqlError(error);
      this.run.failLate(sqlError);
      return new TFetchResultsResp({ status: sqlFailure(sqlError) });
    }
  }

  /** Everything that fits into the first answer; closes the operation when that is all there is. */
  async directResults(maxRows: number, links: LinkSettings): Promise<TSparkDirectResults> {
    const results = new TSparkDirectResults({ operationStatus: this.status(false) });
    if (this.hasFailed()) return this.closedBy(results);
    const { state } = this.run;
    if (state.kind !== 'finished') return results;
    results.resultSetMetadata = this.metadata();
    if (state.result.columns.length === 0) return this.closedBy(results);
    const page = await this.fetch(maxRows, links);
    if (this.hasFailed()) return this.closedBy(new TSparkDirectResults({ operationStatus: this.status(false) }));
    results.resultSet = page;
    return page.hasMoreRows === false ? this.closedBy(results) : results;
  }

  private hasFailed(): boolean {
    const { kind } = this.run.state;
    return kind === 'failed' || kind === 'timed-out';
  }

  private closedBy(results: TSparkDirectResults): TSparkDirectResults {
    this.run.close('direct-results');
    results.closeOperation = new TCloseOperationResp({ status: success() });
    return results;
  }
}

function readerOf(result: ExecutionResult, choice: ResultFormatChoice, record: StatementRecord): ResultReader {
  const reader = new ResultReader(result.columns, result.rows, choice, record);
  record.resultFormat = result.columns.length > 0 ? choice.format : undefined;
  record.compressed = choice.lz4;
  return reader;
}

const STATES: Readonly<Record<RunState<unknown>['kind'], TOperationState>> = {
  running: TOperationState.RUNNING_STATE,
  finished: TOperationState.FINISHED_STATE,
  failed: TOperationState.ERROR_STATE,
  'timed-out': TOperationState.TIMEDOUT_STATE,
  cancelled: TOperationState.CANCELED_STATE,
  closed: TOperationState.CLOSED_STATE,
};

function notReady(kind: RunState<unknown>['kind']): ReturnType<typeof failure> {
  return failure(`Expected state FINISHED, but found ${kind.toUpperCase()}`, 'HY000');
}
