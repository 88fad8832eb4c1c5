/* observe/rpc/: the RPC seam: requests, polls, pages, files and retries, seen between the driver and the network. */
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type { TSessionHandle, TStatus } from '@databricks/sql/thrift/TCLIService_types';
import type { Statement } from '../../model/Statement';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { metadataSeen, rareOf } from '../statement/progress';
import { failureSeen, isErrorStatus, pageAnswered, polled, statementOf, submitted } from './answers';
import type { Handle, SubmitResponse } from './answers';
import { formatGuid } from './guid';

interface OperationRequest {
  readonly operationHandle: Handle;
}

interface SubmitRequest {
  readonly sessionHandle: TSessionHandle;
  readonly statement?: string;
}

/** Methods that submit a statement of metadata: same request and response shape. */
type ListMethod =
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
  ) {}

  openSession: IDriver['openSession'] = (request) => this.inner.openSession(request);
  getInfo: IDriver['getInfo'] = (request) => this.inner.getInfo(request);
  getDelegationToken: IDriver['getDelegationToken'] = (request) => this.inner.getDelegationToken(request);
  cancelDelegationToken: IDriver['cancelDelegationToken'] = (request) => this.inner.cancelDelegationToken(request);
  renewDelegationToken: IDriver['renewDelegationToken'] = (request) => this.inner.renewDelegationToken(request);

  /** The driver never sends it twice. */
  executeStatement: IDriver['executeStatement'] = (request) => {
    const statement = this.claim('executeStatement', request);
    const running = this.inner.executeStatement(request);
    if (statement === undefined) return running;
    return running.then((response) => {
      submitted(this.observer, statement, response);
      return response;
    });
  };

  getTypeInfo: IDriver['getTypeInfo'] = (request) => this.list('getTypeInfo', request);
  getCatalogs: IDriver['getCatalogs'] = (request) => this.list('getCatalogs', request);
  getSchemas: IDriver['getSchemas'] = (request) => this.list('getSchemas', request);
  getTables: IDriver['getTables'] = (request) => this.list('getTables', request);
  getTableTypes: IDriver['getTableTypes'] = (request) => this.list('getTableTypes', request);
  getColumns: IDriver['getColumns'] = (request) => this.list('getColumns', request);
  getFunctions: IDriver['getFunctions'] = (request) => this.list('getFunctions', request);
  getPrimaryKeys: IDriver['getPrimaryKeys'] = (request) => this.list('getPrimaryKeys', request);
  getCrossReference: IDriver['getCrossReference'] = (request) => this.list('getCrossReference', request);

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
        polled(this.observer, statement, response, startedAtMs);
      },
    );
  };

  getResultSetMetadata: IDriver['getResultSetMetadata'] = (request) =>
    this.repeatable('GetResultSetMetadata', request, this.inner.getResultSetMetadata(request), metadataSeen);

  fetchResults: IDriver['fetchResults'] = (request) => {
    const statement = statementOf(request.operationHandle);
    const running = this.inner.fetchResults(request);
    if (statement === undefined) return running;
    return running.then((response) => {
      try {
        if (isErrorStatus(response.status)) failureSeen(this.observer, statement, response.status);
        else pageAnswered(this.observer, statement, response, false);
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
    const statement = statementOf(request.operationHandle);
    if (statement === undefined) return running;
    const over = this.observer.rpcs.add({ thriftMethod, guid: request.operationHandle.operationId.guid, statement });
    return running.then(
      (response) => {
        over();
        try {
          if (isErrorStatus(response.status)) failureSeen(this.observer, statement, response.status);
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

  private list<M extends ListMethod>(method: M, request: Parameters<IDriver[M]>[0]): ReturnType<IDriver[M]> {
    const statement = this.claim(method, request);
    const running = this.inner[method](request as never) as ReturnType<IDriver[M]>;
    if (statement === undefined) return running;
    const thriftMethod = method.charAt(0).toUpperCase() + method.slice(1);
    const over = this.observer.rpcs.add({ thriftMethod, guid: request.sessionHandle.sessionId.guid, statement });
    return (running as Promise<SubmitResponse>).then(
      (response) => {
        over();
        submitted(this.observer, statement, response);
        return response;
      },
      (failure: unknown) => {
        over();
        throw failure;
      },
    ) as ReturnType<IDriver[M]>;
  }

  /** The statement of the call that `request` carries. Cannot throw. */
  private claim(method: ListMethod | 'executeStatement', request: SubmitRequest): Statement | undefined {
    const { calls } = this.observer;
    try {
      return calls.claim(this.sessionIdOf(request.sessionHandle), method, request.statement);
    } catch (thrown) {
      this.observer.swallowed(thrown);
      return undefined;
    }
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
