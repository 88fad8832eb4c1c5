import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type {
  TCloseSessionReq,
  TOperationHandle,
  TSessionHandle,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { ConnectionObserver } from './ConnectionObserver';
import { formatGuid } from './guid';
import type { StatementObservation } from './StatementObservation';

const { TStatusCode } = TCLIService_types;

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

/**
 * The wire seam: the driver's RPCs with their latency, answers and pages reported to the connection's observer.
 * Requests, answers and errors pass through untouched; what is not a statement is not looked at.
 */
export class ObservedDriver implements IDriver {
  private readonly sessionIds = new WeakMap<TSessionHandle, string>();

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

  async closeSession(request: TCloseSessionReq): ReturnType<IDriver['closeSession']> {
    const startedAtMs = performance.now();
    try {
      return await this.inner.closeSession(request);
    } finally {
      const latencyMs = performance.now() - startedAtMs;
      this.observer.observe(() => {
        this.observer.sessionCloseAnswered(this.sessionIdOf(request.sessionHandle), latencyMs);
      });
    }
  }

  getOperationStatus: IDriver['getOperationStatus'] = (request) =>
    this.onOperation(
      'GetOperationStatus',
      request,
      () => this.inner.getOperationStatus(request),
      (statement, response, startedAtMs) => {
        const nowMs = performance.now();
        statement.polled(response, nowMs - startedAtMs, nowMs);
        if (statement.hasNoResultSet) this.observer.statementEnded(statement, 'delivered');
      },
    );

  getResultSetMetadata: IDriver['getResultSetMetadata'] = (request) =>
    this.onOperation(
      'GetResultSetMetadata',
      request,
      () => this.inner.getResultSetMetadata(request),
      (statement, response) => {
        statement.metadataSeen(response);
      },
    );

  fetchResults: IDriver['fetchResults'] = (request) =>
    this.onOperation(
      'FetchResults',
      request,
      () => this.inner.fetchResults(request),
      (statement, response) => {
        this.observer.linksOffered(statement, statement.pageSeen(response, false).links);
      },
    );

  cancelOperation: IDriver['cancelOperation'] = (request) =>
    this.onOperation('CancelOperation', request, () => this.inner.cancelOperation(request));

  closeOperation: IDriver['closeOperation'] = (request) =>
    this.onOperation(
      'CloseOperation',
      request,
      () => this.inner.closeOperation(request),
      (statement, _response, startedAtMs) => {
        statement.closed(performance.now() - startedAtMs);
      },
    );

  /** An RPC about an operation; its good answer goes to `seen`, what the server says of a failure to the statement. */
  private async onOperation<
    Request extends { operationHandle: TOperationHandle },
    Response extends { status: TStatus },
  >(
    thriftMethod: string,
    request: Request,
    call: () => Promise<Response>,
    seen?: (statement: StatementObservation, response: Response, startedAtMs: number) => void,
  ): Promise<Response> {
    const { observer } = this;
    const observation = observer.byOperationHandle(request.operationHandle);
    if (observation === undefined) return call();
    const rpc = { thriftMethod, guid: request.operationHandle.operationId.guid, observation };
    observer.rpcs.add(rpc);
    const startedAtMs = performance.now();
    try {
      const response = await call();
      observer.observe(() => {
        if (isError(response.status)) observation.failureSeen(response.status);
        else seen?.(observation, response, startedAtMs);
      });
      return response;
    } finally {
      observer.rpcs.remove(rpc);
    }
  }

  private async submit<M extends SubmitMethod>(
    method: M,
    request: Parameters<IDriver[M]>[0],
  ): Promise<Awaited<ReturnType<IDriver[M]>>> {
    const call = this.inner[method] as (r: typeof request) => Promise<Awaited<ReturnType<IDriver[M]>>>;
    const observation = this.claim(method, request);
    if (observation === undefined) return call.call(this.inner, request);
    const thriftMethod = method.charAt(0).toUpperCase() + method.slice(1);
    const rpc = { thriftMethod, guid: request.sessionHandle.sessionId.guid, observation };
    this.observer.rpcs.add(rpc);
    try {
      const response = await call.call(this.inner, request);
      this.observer.observe(() => this.submitted(observation, response));
      return response;
    } finally {
      this.observer.rpcs.remove(rpc);
    }
  }

  private claim(method: SubmitMethod, request: SubmitRequest): StatementObservation | undefined {
    let claimed: StatementObservation | undefined;
    this.observer.observe(() => {
      claimed = this.observer.calls.claim(this.sessionIdOf(request.sessionHandle), method, request.statement);
    });
    return claimed;
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

  private sessionIdOf(handle: TSessionHandle): string {
    const known = this.sessionIds.get(handle);
    if (known !== undefined) return known;
    const id = formatGuid(handle.sessionId.guid);
    this.sessionIds.set(handle, id);
    return id;
  }
}

function isError(status: TStatus): boolean {
  return status.statusCode === TStatusCode.ERROR_STATUS || status.statusCode === TStatusCode.INVALID_HANDLE_STATUS;
}
