/* observe/rpc/: the RPC seam: requests, polls, pages, files and retries, seen between the driver and the network. */
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type {
  TFetchResultsResp,
  TGetOperationStatusResp,
  TOperationHandle,
  TSessionHandle,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { Statement } from '../../model/Statement';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { metadataSeen, pageSeen, pollAnswered, rareOf, stateSeen, submitAnswered } from '../statement/progress';
import { formatGuid } from './guid';
import { pageShapeOf } from './resultShape';
import type { RpcsInFlight } from './RpcsInFlight';
import { volumeOperationOf } from './stagingOperation';

const { TStatusCode } = TCLIService_types;

const STATEMENT = Symbol('statement');

/** A handle that the driver keeps to itself: a `WeakMap` in its place takes half a microsecond for each statement. */
type Handle = TOperationHandle & { [STATEMENT]?: Statement };

interface OperationRequest {
  readonly operationHandle: Handle;
}

interface SubmitRequest {
  readonly sessionHandle: TSessionHandle;
  readonly statement?: string;
}

interface SubmitResponse {
  readonly status: TStatus;
  readonly operationHandle?: Handle | null;
  readonly directResults?: TSparkDirectResults | null;
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
 * The wire seam: the driver's RPCs with their latency, answers and pages written into the statements they belong to.
 * Requests, answers and errors pass through untouched; what is not a statement is not looked at.
 */
export class ObservedDriver implements IDriver {
  /** By the GUID of their handle, which all requests of a session share. */
  private readonly sessionIds = new WeakMap<Buffer, string>();

  constructor(
    private readonly inner: IDriver,
    private readonly observer: ConnectionObserver,
    private readonly rpcs: RpcsInFlight,
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
    const { observer } = this;
    const startedAtMs = observer.clock.now();
    const answered = (): void =>
      observer.observe(() => {
        const sessionId = this.sessionIdOf(request.sessionHandle);
        observer.sessionCloseAnswered(sessionId, observer.clock.now() - startedAtMs);
      });
    return this.inner.closeSession(request).finally(answered);
  };

  getOperationStatus: IDriver['getOperationStatus'] = (request) => {
    const startedAtMs = this.observer.clock.now();
    return this.repeatable(
      'GetOperationStatus',
      request,
      this.inner.getOperationStatus(request),
      (statement, response) => {
        const nowMs = this.observer.clock.now();
        pollAnswered(statement, nowMs - startedAtMs);
        this.stateAnswered(statement, response, nowMs);
        if (hasEndedWithoutResult(statement)) this.observer.statementEnded(statement, 'delivered', nowMs);
      },
    );
  };

  getResultSetMetadata: IDriver['getResultSetMetadata'] = (request) =>
    this.repeatable('GetResultSetMetadata', request, this.inner.getResultSetMetadata(request), metadataSeen);

  fetchResults: IDriver['fetchResults'] = (request) => {
    const statement = statementOf(request);
    const running = this.inner.fetchResults(request);
    if (statement === undefined) return running;
    return running.then((response) => {
      try {
        if (isError(response.status)) this.failureSeen(statement, response.status);
        else this.pageAnswered(statement, response, false);
      } catch (thrown) {
        this.observer.swallowed(thrown);
      }
      return response;
    });
  };

  cancelOperation: IDriver['cancelOperation'] = (request) =>
    this.repeatable('CancelOperation', request, this.inner.cancelOperation(request), undefined);

  closeOperation: IDriver['closeOperation'] = (request) => {
    const startedAtMs = this.observer.clock.now();
    return this.repeatable('CloseOperation', request, this.inner.closeOperation(request), (statement) => {
      // May still be added to a statement that has ended, until its record is encoded.
      if (statement.eventId === undefined) rareOf(statement).closeLatencyMs ??= this.observer.clock.now() - startedAtMs;
    });
  };

  /** An RPC that the driver may repeat. Its good answer goes to `answered`, what the server says of a failure to the statement. */
  private repeatable<Response extends { status: TStatus }>(
    thriftMethod: string,
    request: OperationRequest,
    running: Promise<Response>,
    answered: ((statement: Statement, response: Response) => void) | undefined,
  ): Promise<Response> {
    const statement = statementOf(request);
    if (statement === undefined) return running;
    const over = this.rpcs.add({ thriftMethod, guid: request.operationHandle.operationId.guid, statement });
    return running.then(
      (response) => {
        over();
        try {
          if (isError(response.status)) this.failureSeen(statement, response.status);
          else answered?.(statement, response);
        } catch (thrown) {
          this.observer.swallowed(thrown);
        }
        return response;
      },
      (failure: unknown) => {
        over();
        throw failure;
      },
    );
  }

  private submit<M extends SubmitMethod>(method: M, request: Parameters<IDriver[M]>[0]): ReturnType<IDriver[M]> {
    const statement = this.claim(method, request);
    const running = this.inner[method](request as never) as ReturnType<IDriver[M]>;
    if (statement === undefined) return running;
    const answered = <R extends SubmitResponse>(response: R): R => {
      over?.();
      try {
        this.submitted(statement, response);
      } catch (thrown) {
        this.observer.swallowed(thrown);
      }
      return response;
    };
    // The driver never sends an `executeStatement` twice.
    const { guid } = request.sessionHandle.sessionId;
    const rpc = { thriftMethod: method[0]?.toUpperCase() + method.slice(1), guid, statement };
    const over = method === 'executeStatement' ? undefined : this.rpcs.add(rpc);
    const failed = (failure: unknown): never => {
      over?.();
      throw failure;
    };
    return (running as Promise<SubmitResponse>).then(answered, over && failed) as ReturnType<IDriver[M]>;
  }

  private claim(method: SubmitMethod, request: SubmitRequest): Statement | undefined {
    try {
      return this.observer.calls.claim(this.sessionIdOf(request.sessionHandle), method, request.statement);
    } catch (thrown) {
      this.observer.swallowed(thrown);
      return undefined;
    }
  }

  private submitted(statement: Statement, response: SubmitResponse): void {
    const { operationHandle: handle, directResults: direct, status } = response;
    if (isError(status)) this.failureSeen(statement, status);
    if (handle === undefined || handle === null) return;
    handle[STATEMENT] = statement;
    if (statement.outcome !== undefined) return;
    statement.statementId = formatGuid(handle.operationId.guid);
    const nowMs = this.observer.clock.now();
    submitAnswered(statement, nowMs, handle.hasResultSet, direct);
    if (direct !== undefined && direct !== null) {
      if (direct.operationStatus) this.stateAnswered(statement, direct.operationStatus, nowMs);
      if (direct.resultSetMetadata) metadataSeen(statement, direct.resultSetMetadata);
      if (direct.resultSet) this.pageAnswered(statement, direct.resultSet, statement.directResults === 'complete');
    }
    if (hasEndedWithoutResult(statement)) this.observer.statementEnded(statement, 'delivered', nowMs);
  }

  private stateAnswered(statement: Statement, response: TGetOperationStatusResp, nowMs: number): void {
    const outcome = stateSeen(statement, response, nowMs);
    if (outcome === undefined) return;
    this.failureSeen(statement, response);
    this.observer.troubled(statement).endedByServer = outcome;
  }

  private pageAnswered(statement: Statement, response: TFetchResultsResp, isLast: boolean): void {
    if (statement.outcome !== undefined) return;
    const page = pageShapeOf(response);
    pageSeen(statement, page, isLast);
    if (page.links.length > 0) this.observer.filesOffered(statement, page.links);
    if (statement.statementType === 'VOLUME') {
      rareOf(statement).volumeOperation ??= volumeOperationOf(response.results);
    }
  }

  private failureSeen(
    statement: Statement,
    { sqlState, errorMessage }: Pick<TStatus, 'sqlState' | 'errorMessage'>,
  ): void {
    this.observer.troubled(statement).serverFailure = { sqlState, message: errorMessage };
  }

  private sessionIdOf({ sessionId: { guid } }: TSessionHandle): string {
    let sessionId = this.sessionIds.get(guid);
    if (sessionId === undefined) {
      sessionId = formatGuid(guid);
      this.sessionIds.set(guid, sessionId);
    }
    return sessionId;
  }
}

function statementOf({ operationHandle }: OperationRequest): Statement | undefined {
  return operationHandle[STATEMENT];
}

/** The server is done, and there is nothing to read. */
function hasEndedWithoutResult(statement: Statement): boolean {
  return statement.isReady && !statement.hasResultSet && !statement.isTroubled;
}

function isError({ statusCode }: TStatus): boolean {
  return statusCode === TStatusCode.ERROR_STATUS || statusCode === TStatusCode.INVALID_HANDLE_STATUS;
}
