import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import { adoptOperation } from './DBSQLOperation';
import { Adoption, type ObservedMethod } from './observe/adopt';
import type { CallNames, ConnectionObserver } from './observe/ConnectionObserver';
import { SessionObservation } from './observe/SessionObservation';
import type { StatementObservation } from './observe/StatementObservation';
import { VolumeTransfer } from './observe/VolumeTransfer';
import type { OperationType } from './telemetry/types';

interface SessionState {
  readonly observer: ConnectionObserver;
  readonly session: SessionObservation;
}

/** What the options of one call say that matters here. */
interface CallOptions {
  readonly telemetryEnabled?: boolean;
  readonly stagingAllowedLocalPath?: unknown;
}

/**
 * A call that becomes a statement when the server accepts it. The wire seam finds it among the pending calls; one that
 * opted out is pending too, so that its RPC is not taken for another's.
 */
function submitting(names: CallNames, optionsIndex: 0 | 1): ObservedMethod<SessionState> {
  return async ({ observer, session }, call, args) => {
    const text = optionsIndex === 1 && typeof args[0] === 'string' ? args[0] : undefined;
    const options = args[optionsIndex] as CallOptions | null | undefined;
    const statement = options?.telemetryEnabled === false ? undefined : observer.statementStarted(session.id, names);
    const pending = { sessionId: session.id, rpc: names.rpc, text, observation: statement };
    observer.calls.add(pending);
    const transfer = transferOf(statement, options);
    if (transfer !== undefined) session.transferStarted(transfer);
    try {
      const result = await call();
      if (statement !== undefined) {
        observer.observe(() => {
          const operation = result as IOperation;
          statement.acceptedUnseen(operation.id, performance.now());
          adoptOperation(operation, { observer, session, statement });
          if (transfer !== undefined) observer.transferReturned(statement, transfer);
        });
      }
      return result;
    } catch (thrown) {
      if (statement !== undefined) observer.observe(() => observer.submitFailed(statement, thrown));
      throw thrown;
    } finally {
      observer.calls.remove(pending);
      if (transfer !== undefined) session.transferEnded(transfer);
    }
  };
}

/** A call that allows a local path may turn out to transfer a file. */
function transferOf(statement: StatementObservation | undefined, options: CallOptions | null | undefined) {
  if (statement === undefined || options?.stagingAllowedLocalPath === undefined) return undefined;
  return new VolumeTransfer(statement);
}

/**
 * The driver's own method between the server's instruction and the end of the transfer. Where a driver has none of this
 * name, the bytes of a transfer stay unknown.
 */
const transferring: ObservedMethod<SessionState> = async ({ observer, session }, call, args) => {
  const operation = args[0] as IOperation;
  let transfer: VolumeTransfer | undefined;
  observer.observe(() => {
    transfer = session.transferOf(operation.id);
    transfer?.watch(operation);
  });
  const result = await call();
  observer.observe(() => transfer?.succeeded());
  return result;
};

/** `getInfo` is answered at once and has no operation. */
const gettingInfo: ObservedMethod<SessionState> = async ({ observer, session }, call) => {
  const statement = observer.statementStarted(session.id, GET_INFO);
  try {
    const result = await call();
    observer.observe(() => observer.statementEnded(statement, 'delivered'));
    return result;
  } catch (thrown) {
    observer.observe(() => observer.submitFailed(statement, thrown));
    throw thrown;
  }
};

const closing: ObservedMethod<SessionState> = async ({ observer, session }, call) => {
  session.isClosing = true;
  try {
    return await call();
  } catch (thrown) {
    observer.observe(() => observer.connectionFailed(thrown, 'close_session', session.id));
    throw thrown;
  } finally {
    observer.observe(() => observer.sessionClosed(session.id));
  }
};

const GET_INFO: CallNames = { rpc: 'getInfo', operationType: undefined, statementType: 'METADATA' };
const EXECUTE: CallNames = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined };

function listing(rpc: string, operationType: OperationType): ObservedMethod<SessionState> {
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
