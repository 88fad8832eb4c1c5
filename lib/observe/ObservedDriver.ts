import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type {
  TCancelOperationReq,
  TCloseSessionReq,
  TFetchResultsReq,
  TGetOperationStatusReq,
  TGetResultSetMetadataReq,
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
  closeOperation: IDriver['closeOperation'] = (request) => this.inner.closeOperation(request);
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

  async getOperationStatus(request: TGetOperationStatusReq): ReturnType<IDriver['getOperationStatus']> {
    const observation = this.observer.byOperationHandle(request.operationHandle);
    if (observation === undefined) return this.inner.getOperationStatus(request);
    const startedAtMs = performance.now();
    const response = await this.inner.getOperationStatus(request);
    this.observer.observe(() => {
      const nowMs = performance.now();
      if (isError(response.status)) observation.failureSeen(response.status);
      else observation.polled(response, nowMs - startedAtMs, nowMs);
      if (observation.hasNoResultSet) this.observer.statementEnded(observation, 'delivered');
    });
    return response;
  }

  async getResultSetMetadata(request: TGetResultSetMetadataReq): ReturnType<IDriver['getResultSetMetadata']> {
    const response = await this.inner.getResultSetMetadata(request);
    this.observer.observe(() => {
      this.observer.byOperationHandle(request.operationHandle)?.metadataSeen(response);
    });
    return response;
  }

  async fetchResults(request: TFetchResultsReq): ReturnType<IDriver['fetchResults']> {
    const response = await this.inner.fetchResults(request);
    this.observer.observe(() => {
      const observation = this.observer.byOperationHandle(request.operationHandle);
      if (observation === undefined) return;
      if (isError(response.status)) observation.failureSeen(response.status);
      else this.observer.linksOffered(observation, observation.pageSeen(response, false).links);
    });
    return response;
  }

  cancelOperation(request: TCancelOperationReq): ReturnType<IDriver['cancelOperation']> {
    return this.inner.cancelOperation(request);
  }

  private async submit<M extends SubmitMethod>(
    method: M,
    request: Parameters<IDriver[M]>[0],
  ): Promise<Awaited<ReturnType<IDriver[M]>>> {
    const observation = this.claim(method, request);
    const call = this.inner[method] as (r: typeof request) => Promise<Awaited<ReturnType<IDriver[M]>>>;
    const response = await call.call(this.inner, request);
    if (observation !== undefined) this.observer.observe(() => this.submitted(observation, response));
    return response;
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
