/* observe/api/: the API seam: hooks on the sessions and operations that the driver gives to the application. */
import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import type { OperationType } from '../../model/enums';
import type { Statement } from '../../model/Statement';
import type { CallNames, ConnectionObserver } from '../connection/ConnectionObserver';
import { overlaid } from '../../util/overlaid';
import { acceptedUnseen, end } from '../statement/progress';
import { HookedMethods, type MethodHook } from './MethodHook';
import { operationHooks } from './operationHooks';
import type { PendingCall } from './PendingCalls';
import { VolumeTransfer } from './VolumeTransfer';

/** One session of an observed connection. */
export interface SessionState {
  readonly observer: ConnectionObserver;
  readonly id: string;
  /** It said `telemetryEnabled: false`: what it does is kept from Databricks. */
  readonly isLocal: boolean;
  /** True from the application's call of `close()` on: what is closed now is closed by its session. */
  isClosing: boolean;
  /** Transfers of volumes that may be on their way; most sessions never have one. */
  readonly transfers: Set<VolumeTransfer>;
}

/** What the options of one call say that matters here. */
interface SubmitOptions {
  readonly telemetryEnabled?: unknown;
  readonly telemetryObserve?: unknown;
  readonly stagingAllowedLocalPath?: unknown;
}

/**
 * A call that becomes a statement when the server accepts it. The wire seam finds it among the pending calls; one that
 * opted out is pending too, so that its RPC is not taken for another's.
 */
function submitting(names: CallNames, optionsIndex: 0 | 1): MethodHook<SessionState, PendingCall> {
  return {
    before: (session, args) => {
      const { observer, id: sessionId } = session;
      const text = optionsIndex === 1 && typeof args[0] === 'string' ? args[0] : undefined;
      const options = args[optionsIndex] as SubmitOptions | null | undefined;
      // Anything but a plain yes closes.
      const wish = options?.telemetryEnabled;
      const isLocal = session.isLocal || (wish !== undefined && wish !== true);
      const observe = options?.telemetryObserve;
      const isHidden = (observe !== undefined && observe !== true) || (isLocal && !observer.isHeardHere);
      const statement = isHidden ? undefined : observer.statementStarted(sessionId, names, isLocal, text);
      const isTransfer = statement !== undefined && options?.stagingAllowedLocalPath !== undefined;
      const transfer = isTransfer ? transferBegins(session, statement) : undefined;
      const call: PendingCall = { sessionId, rpc: names.rpc, text, statement, transfer, isClaimed: false };
      observer.calls.add(call);
      return call;
    },
    run: (_session, runner, { args, invoke }, call) =>
      call?.statement === undefined
        ? invoke(args)
        : runner.runSubmit(call.statement, (tags) =>
            invoke(optionsIndex === 1 && tags !== undefined ? withQueryTags(args, tags) : args),
          ),
    after: (session, result, call) => {
      if (call?.isClaimed === false) session.observer.calls.remove(call);
      if (call?.statement === undefined) return;
      const { observer } = session;
      const { statement, transfer } = call;
      const operation = result as IOperation;
      if (statement.statementId === undefined) acceptedUnseen(statement, operation.id, observer.clock.now());
      operationHooks.install(operation, { observer, session, statement });
      if (transfer !== undefined) transferReturned(session, statement, transfer);
    },
    onError: (session, thrown, call) => {
      if (call === undefined) return;
      const { observer, transfers } = session;
      observer.calls.remove(call);
      if (call.transfer !== undefined) transfers.delete(call.transfer);
      if (call.statement !== undefined) observer.submitFailed(call.statement, thrown, observer.clock.now());
    },
  };
}

/** The arguments of `executeStatement` with `tags` among its query tags, where the application has none of that name. */
function withQueryTags(
  [text, options, ...others]: readonly unknown[],
  tags: Readonly<Record<string, string>>,
): readonly unknown[] {
  const given = (options ?? {}) as { readonly queryTags?: object | null };
  return [text, overlaid(given, { queryTags: { ...tags, ...given.queryTags } }), ...others];
}

/** A call that allows a local path may turn out to transfer a file. */
function transferBegins(session: SessionState, statement: Statement): VolumeTransfer {
  const transfer = new VolumeTransfer(statement);
  session.transfers.add(transfer);
  return transfer;
}

/** A volume statement has done its work when its call returns; only the size may be known a little later. */
function transferReturned({ observer, transfers }: SessionState, statement: Statement, transfer: VolumeTransfer): void {
  transfers.delete(transfer);
  if (statement.statementType !== 'VOLUME' || !end(statement, 'delivered', observer.clock.now())) return;
  transfer.whenKnown(() => observer.statementKnown(statement));
}

/**
 * The driver's own method between the server's instruction and the end of the transfer. Where a driver has none of this
 * name, the bytes of a transfer stay unknown.
 */
const transferring: MethodHook<SessionState, VolumeTransfer | undefined> = {
  before: ({ observer, transfers }, args) => {
    const operation = args[0] as IOperation;
    const transfer = [...transfers].find(({ statementId }) => statementId === operation.id);
    transfer?.watch(operation, observer);
    return transfer;
  },
  after: ({ observer }, _result, transfer) => transfer?.succeeded(observer.clock.now()),
};

const GET_INFO: CallNames = { rpc: 'getInfo', operationType: undefined, statementType: 'METADATA' };

/** `getInfo` is answered at once and has no operation. */
const gettingInfo: MethodHook<SessionState, Statement> = {
  before: ({ observer, id, isLocal }) => observer.statementStarted(id, GET_INFO, isLocal),
  run: (_session, runner, { args, invoke }, statement) =>
    statement === undefined ? invoke(args) : runner.runSubmit(statement, () => invoke(args)),
  after: ({ observer }, _result, statement) => {
    if (statement !== undefined) observer.statementEnded(statement, 'delivered', observer.clock.now());
  },
  onError: ({ observer }, thrown, statement) => {
    if (statement !== undefined) observer.submitFailed(statement, thrown, observer.clock.now());
  },
};

const closing: MethodHook<SessionState> = {
  before: (session) => {
    session.isClosing = true;
  },
  run: ({ observer, id }, runner, { args, invoke }) => runner.runCloseSession(observer.info, id, () => invoke(args)),
  after: ({ observer, id }) => observer.sessionClosed(id),
  onError: ({ observer, id, isLocal }, thrown) => {
    observer.connectionFailed(thrown, 'close_session', { sessionId: id, isLocal });
    observer.sessionClosed(id);
  },
};

const EXECUTE: CallNames = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined };

function listing(rpc: string, operationType: OperationType): MethodHook<SessionState, PendingCall> {
  return submitting({ rpc, operationType, statementType: 'METADATA' }, 0);
}

const sessions = new HookedMethods<SessionState>({
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

/** Observes a session that the driver returned, and every operation it will return, for the connection of `observer`. */
export function hookSession(session: Pick<IDBSQLSession, 'id'>, observer: ConnectionObserver, isLocal = false): void {
  sessions.install(session, { observer, id: session.id, isLocal, isClosing: false, transfers: new Set() });
}
