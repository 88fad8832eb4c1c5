import { performance } from 'node:perf_hooks';
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type {
  TCloseOperationResp,
  TFetchResultsResp,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TOperationHandle,
  TSessionHandle,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { formatGuid } from './guid';
import type { StatementObservation } from '../statement/StatementObservation';

const { TStatusCode } = TCLIService_types;

const SESSION_ID = Symbol('session id');

interface SubmitRequest {
  readonly sessionHandle: TSessionHandle;
  readonly statement?: string;
}

interface SubmitResponse {
  readonly status: TStatus;
  readonly operationHandle?: TOperationHandle;
  readonly directResults?: TSparkDirectResults;
}

/** Methods that submit a statement: same request and response shape. */
type SubmitMethod =
  | 'executeStatement'
  | 'getTypeInfo'
  | 'getCatalogs'
  | 'getSchemas'
  | 'getTables'
  | 'getTableTypes'
  | 'getColumns'
  | 'getFunctions'
  | 'getPrimaryKeys'
  | 'getCrossReference';

/** Their names in the protocol. */
const THRIFT_METHODS: Readonly<Record<SubmitMethod, string>> = {
  executeStatement: 'ExecuteStatement',
  getTypeInfo: 'GetTypeInfo',
  getCatalogs: 'GetCatalogs',
  getSchemas: 'GetSchemas',
  getTables: 'GetTables',
  getTableTypes: 'GetTableTypes',
  getColumns: 'GetColumns',
  getFunctions: 'GetFunctions',
  getPrimaryKeys: 'GetPrimaryKeys',
  getCrossReference: 'GetCrossReference',
};

/**
 * The wire seam: the driver's RPCs with their latency, answers and pages reported to the connection's observer.
 * Requests, answers and errors pass through untouched; what is not a statement is not looked at.
 */
export class ObservedDriver implements IDriver {
  constructor(
    private readonly inner: IDriver,
    private readonly observer: ConnectionObserver,
  ) {}

  openSession: IDriver['openSession'] = (request) => this.inner.openSession(request);
  getInfo: IDriver['getInfo'] = (request) => this.inner.getInfo(request);
  getDelegationToken: IDriver['getDelegationToken'] = (request) => this.inner.getDelegationToken(request);
  cancelDelegationToken: IDriver['cancelDelegationToken'] = (request) => this.inner.cancelDelegationToken(request);
  renewDelegationToken: IDriver['renewDelegationToken'] = (request) => this.inner.renewDelegationToken(request);

  executeStatement: IDriver['executeStatement'] = (request) => this.submit('executeStatement', request);
  getTypeInfo: IDriver['getTypeInfo'] = (request) => this.submit('getTypeInfo', request);
  getCatalogs: IDriver['getCatalogs'] = (request) => this.submit('getCatalogs', request);
  getSchemas: IDriver['getSchemas'] = (request) => this.submit('getSchemas', request);
  getTables: IDriver['getTables'] = (request) => this.submit('getTables', request);
  getTableTypes: IDriver['getTableTypes'] = (request) => this.submit('getTableTypes', request);
  getColumns: IDriver['getColumns'] = (request) => this.submit('getColumns', request);
  getFunctions: IDriver['getFunctions'] = (request) => this.submit('getFunctions', request);
  getPrimaryKeys: IDriver['getPrimaryKeys'] = (request) => this.submit('getPrimaryKeys', request);
  getCrossReference: IDriver['getCrossReference'] = (request) => this.submit('getCrossReference', request);

  closeSession: IDriver['closeSession'] = (request) => {
    const startedAtMs = performance.now();
    const answered = (): void =>
      this.observer.sessionCloseAnswered(this.sessionIdOf(request.sessionHandle), performance.now() - startedAtMs);
    return this.settled(this.inner.closeSession(request), answered, answered);
  };

  getOperationStatus: IDriver['getOperationStatus'] = (request) =>
    this.onOperation('GetOperationStatus', request, performance.now(), this.inner.getOperationStatus(request), polled);

  getResultSetMetadata: IDriver['getResultSetMetadata'] = (request) =>
    this.onOperation('GetResultSetMetadata', request, 0, this.inner.getResultSetMetadata(request), metadataSeen);

  fetchResults: IDriver['fetchResults'] = (request) =>
    this.onOperation('FetchResults', request, 0, this.inner.fetchResults(request), pageSeen);

  cancelOperation: IDriver['cancelOperation'] = (request) =>
    this.onOperation('CancelOperation', request, 0, this.inner.cancelOperation(request), undefined);

  closeOperation: IDriver['closeOperation'] = (request) =>
    this.onOperation('CloseOperation', request, performance.now(), this.inner.closeOperation(request), closed);

  /** An RPC about an operation; its good answer goes to `seen`, what the server says of a failure to the statement. */
  private onOperation<Response extends { status: TStatus }>(
    thriftMethod: string,
    request: { readonly operationHandle: TOperationHandle },
    startedAtMs: number,
    running: Promise<Response>,
    seen: OnAnswer<Response> | undefined,
  ): Promise<Response> {
    const { observer } = this;
    const observation = observer.byOperationHandle(request.operationHandle);
    if (observation === undefined) return running;
    const rpc = { thriftMethod, guid: request.operationHandle.operationId.guid, observation };
    observer.rpcs.add(rpc);
    return this.settled(
      running,
      (response) => {
        observer.rpcs.remove(rpc);
        if (isError(response.status)) observation.failureSeen(response.status);
        else seen?.(observer, observation, response, startedAtMs);
      },
      () => observer.rpcs.remove(rpc),
    );
  }

  private submit<M extends SubmitMethod>(method: M, request: Parameters<IDriver[M]>[0]): ReturnType<IDriver[M]> {
    const observation = this.claim(method, request);
    const running = this.inner[method](request as never) as ReturnType<IDriver[M]>;
    if (observation === undefined) return running;
    const { rpcs } = this.observer;
    const rpc = { thriftMethod: THRIFT_METHODS[method], guid: request.sessionHandle.sessionId.guid, observation };
    rpcs.add(rpc);
    return this.settled(
      running as Promise<SubmitResponse>,
      (response) => {
        rpcs.remove(rpc);
        this.submitted(observation, response);
      },
      () => rpcs.remove(rpc),
    ) as ReturnType<IDriver[M]>;
  }

  /** `running` with its end seen; derived with `then`, for the reasons that `adopt.ts` has. */
  private settled<R>(running: Promise<R>, answered: (response: R) => void, failed: () => void): Promise<R> {
    const { observer } = this;
    return running.then(
      (response) => {
        try {
          answered(response);
        } catch (thrown) {
          observer.swallowed(thrown);
        }
        return response;
      },
      (failure: unknown) => {
        observer.observe(failed);
        throw failure;
      },
    );
  }

  private claim(method: SubmitMethod, request: SubmitRequest): StatementObservation | undefined {
    try {
      return this.observer.calls.claim(this.sessionIdOf(request.sessionHandle), method, request.statement);
    } catch (thrown) {
      this.observer.swallowed(thrown);
      return undefined;
    }
  }

  private submitted(observation: StatementObservation, response: SubmitResponse): void {
    const { operationHandle, directResults } = response;
    if (isError(response.status)) observation.failureSeen(response.status);
    if (operationHandle === undefined || operationHandle === null) return;
    this.observer.bindHandle(operationHandle, observation);
    if (observation.aggregate.isComplete) return;
    observation.aggregate.statementId = formatGuid(operationHandle.operationId.guid);
    const page = observation.submitted(performance.now(), operationHandle.hasResultSet, directResults);
    if (page !== undefined) this.observer.linksOffered(observation, page.links);
    if (observation.hasNoResultSet) this.observer.statementEnded(observation, 'delivered');
  }

  /** Kept with the handle, which the driver keeps to itself: a `WeakMap` takes ten times as long. */
  private sessionIdOf(handle: TSessionHandle & { [SESSION_ID]?: string }): string {
    return (handle[SESSION_ID] ??= formatGuid(handle.sessionId.guid));
  }
}

type OnAnswer<Response> = (
  observer: ConnectionObserver,
  statement: StatementObservation,
  response: Response,
  startedAtMs: number,
) => void;

const polled: OnAnswer<TGetOperationStatusResp> = (observer, statement, response, startedAtMs) => {
  const nowMs = performance.now();
  statement.polled(response, nowMs - startedAtMs, nowMs);
  if (statement.hasNoResultSet) observer.statementEnded(statement, 'delivered', nowMs);
};

const metadataSeen: OnAnswer<TGetResultSetMetadataResp> = (_observer, statement, response) =>
  statement.metadataSeen(response);

const pageSeen: OnAnswer<TFetchResultsResp> = (observer, statement, response) =>
  observer.linksOffered(statement, statement.pageSeen(response, false).links);

const closed: OnAnswer<TCloseOperationResp> = (_observer, statement, _response, startedAtMs) =>
  statement.closed(performance.now() - startedAtMs);

function isError(status: TStatus): boolean {
  return status.statusCode === TStatusCode.ERROR_STATUS || status.statusCode === TStatusCode.INVALID_HANDLE_STATUS;
}
