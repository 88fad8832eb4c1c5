import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import { adoptOperation } from './operationHooks';
import { Adoption, type Watch } from './MethodHook';
import type { CallNames, ConnectionObserver } from '../connection/ConnectionObserver';
import type { PendingCall } from './PendingCalls';
import { SessionObservation } from './ObservedSession';
import type { StatementObservation } from '../statement/StatementObservation';
import { VolumeTransfer } from './VolumeTransfer';
import type { OperationType } from '../../telemetry/types';

interface SessionState {
  readonly observer: ConnectionObserver;
  readonly session: SessionObservation;
}

/** What the options of one call say that matters here. */
interface CallOptions {
  readonly telemetryEnabled?: boolean;
  readonly stagingAllowedLocalPath?: unknown;
}

/** One submission on its way. */
interface Submission {
  readonly pending: PendingCall;
  readonly transfer: VolumeTransfer | undefined;
}

/**
 * A call that becomes a statement when the server accepts it. The wire seam finds it among the pending calls; one that
 * opted out is pending too, so that its RPC is not taken for another's.
 */
function submitting(names: CallNames, optionsIndex: 0 | 1): Watch<SessionState, Submission> {
  return {
    began: ({ observer, session }, nowMs, args) => {
      const text = optionsIndex === 1 && typeof args[0] === 'string' ? args[0] : undefined;
      const options = args[optionsIndex] as CallOptions | null | undefined;
      const isObserved = options?.telemetryEnabled !== false;
      const observation = isObserved ? observer.statementStarted(session.id, names, nowMs) : undefined;
      const pending = { sessionId: session.id, rpc: names.rpc, text, observation };
      observer.calls.add(pending);
      return { pending, transfer: transferOf(session, observation, options) };
    },
    returned: ({ observer, session }, nowMs, result, submission) => {
      const statement = endOf(observer, session, submission);
      if (statement === undefined) return;
      const operation = result as IOperation;
      statement.acceptedUnseen(operation, nowMs);
      adoptOperation(operation, { observer, session, statement });
      if (submission?.transfer !== undefined) observer.transferReturned(statement, submission.transfer, nowMs);
    },
    threw: ({ observer, session }, nowMs, thrown, submission) => {
      const statement = endOf(observer, session, submission);
      if (statement !== undefined) observer.submitFailed(statement, thrown, nowMs);
    },
  };
}

/** Takes a submission off the lists of what is on its way; its statement, if it is observed. */
function endOf(
  observer: ConnectionObserver,
  session: SessionObservation,
  submission: Submission | undefined,
): StatementObservation | undefined {
  if (submission === undefined) return undefined;
  observer.calls.remove(submission.pending);
  if (submission.transfer !== undefined) session.transferEnded(submission.transfer);
  return submission.pending.observation;
}

/** A call that allows a local path may turn out to transfer a file. */
function transferOf(
  session: SessionObservation,
  statement: StatementObservation | undefined,
  options: CallOptions | null | undefined,
): VolumeTransfer | undefined {
  if (statement === undefined || options?.stagingAllowedLocalPath === undefined) return undefined;
  const transfer = new VolumeTransfer(statement);
  session.transferStarted(transfer);
  return transfer;
}

/**
 * The driver's own method between the server's instruction and the end of the transfer. Where a driver has none of this
 * name, the bytes of a transfer stay unknown.
 */
const transferring: Watch<SessionState, VolumeTransfer | undefined> = {
  began: ({ observer, session }, _nowMs, args) => {
    const operation = args[0] as IOperation;
    const transfer = session.transferOf(operation.id);
    transfer?.watch(operation, observer);
    return transfer;
  },
  returned: (_state, nowMs, _result, transfer) => transfer?.succeeded(nowMs),
  threw: () => undefined,
};

/** `getInfo` is answered at once and has no operation. */
const gettingInfo: Watch<SessionState, StatementObservation> = {
  began: ({ observer, session }, nowMs) => observer.statementStarted(session.id, GET_INFO, nowMs),
  returned: ({ observer }, nowMs, _result, statement) => {
    if (statement !== undefined) observer.statementEnded(statement, 'delivered', nowMs);
  },
  threw: ({ observer }, nowMs, thrown, statement) => {
    if (statement !== undefined) observer.submitFailed(statement, thrown, nowMs);
  },
};

const closing: Watch<SessionState> = {
  began: ({ session }) => {
    session.isClosing = true;
  },
  returned: ({ observer, session }) => observer.sessionClosed(session.id),
  threw: ({ observer, session }, _nowMs, thrown) => {
    observer.connectionFailed(thrown, 'close_session', session.id);
    observer.sessionClosed(session.id);
  },
};

const GET_INFO: CallNames = { rpc: 'getInfo', operationType: undefined, statementType: 'METADATA' };
const EXECUTE: CallNames = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined };

function listing(rpc: string, operationType: OperationType): Watch<SessionState, Submission> {
  return submitting({ rpc, operationType, statementType: 'METADATA' }, 0);
}

const sessions = new Adoption<SessionState>({
  executeStatement: submitting(EXECUTE, 1),
  getTypeInfo: listing('getTypeInfo', 'LIST_TYPE_INFO'),
  getCatalogs: listing('getCatalogs', 'LIST_CATALOGS'),
  getSchemas: listing('getSchemas', 'LIST_SCHEMAS'),
  getTables: listing('getTables', 'LIST_TABLES'),
  getTableTypes: listing('getTableTypes', 'LIST_TABLE_TYPES'),
  getColumns: listing('getColumns', 'LIST_COLUMNS'),
  getFunctions: listing('getFunctions', 'LIST_FUNCTIONS'),
  getPrimaryKeys: listing('getPrimaryKeys', 'LIST_PRIMARY_KEYS'),
  getCrossReference: listing('getCrossReference', 'LIST_CROSS_REFERENCES'),
  getInfo: gettingInfo,
  handleStagingOperation: transferring,
  close: closing,
});

/** Observes a session that the driver returned, and every operation it will return. */
export function adoptSession(session: IDBSQLSession, observer: ConnectionObserver): void {
  sessions.adopt(session, { observer, session: new SessionObservation(session.id) });
}
