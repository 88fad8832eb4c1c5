import type { CallRunner } from '../../contracts/CallRunner';
import type { ErrorStage, StatementOutcome } from '../../model/enums';
import type { Statement } from '../../model/Statement';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { callEnded, callStarted, isDelivered, resultSeen, rowsDelivered } from '../statement/progress';
import { HookedMethods, type MethodCall, type MethodHook, type Running } from './MethodHook';

interface OperationState {
  readonly observer: ConnectionObserver;
  readonly session: { readonly isClosing: boolean };
  readonly statement: Statement;
}

/** A call that may send requests runs where the statement does. */
function inStatement({ statement }: OperationState, runner: CallRunner, { args, invoke }: MethodCall): Running {
  return runner.runCall(statement, () => invoke(args));
}

/** False once the driver has the whole result of a statement and the server has closed it. */
function mayRequest({ statement }: OperationState): boolean {
  const { directResults, files, hasLastPage, isUnseen } = statement;
  return isUnseen || files !== undefined || !hasLastPage || directResults !== 'complete';
}

/** A call that may wait for the result: its waiting is backend time, its failure the statement's. */
function waiting(stage: ErrorStage): MethodHook<OperationState> {
  return {
    mayRequest,
    run: inStatement,
    before: ({ observer, statement }) => callStarted(statement, observer.clock.now()),
    after: ({ observer, statement }) => callEnded(statement, observer.clock.now()),
    onError: ({ observer, statement }, thrown) => waitFailed(observer, statement, thrown, stage, true),
  };
}

/** `isCounted`: its beginning was. */
function waitFailed(
  observer: ConnectionObserver,
  statement: Statement,
  thrown: unknown,
  stage: ErrorStage,
  isCounted: boolean,
): void {
  const nowMs = observer.clock.now();
  try {
    observer.statementFailed(statement, thrown, stage, nowMs);
  } finally {
    if (isCounted) callEnded(statement, nowMs);
  }
}

const fetchingChunk: MethodHook<OperationState> = {
  ...waiting('fetch'),
  after: ({ observer, statement }, rows) => {
    const nowMs = observer.clock.now();
    if (Array.isArray(rows) && statement.outcome === undefined) {
      if (statement.isUnseen) resultSeen(statement, nowMs);
      rowsDelivered(statement, rows.length, nowMs);
      if (statement.hasFailureState) observer.failureStateOf(statement).unresolved = undefined;
      if (statement.files !== undefined) observer.files.read(statement, statement.files);
    }
    callEnded(statement, nowMs);
  },
};

/** Waits for nothing once rows were read: the driver answers from what it has. Whether it may wait is what is noted. */
const askingForMore: MethodHook<OperationState, boolean> = {
  mayRequest,
  run: inStatement,
  before: ({ observer, statement }) => {
    const mayWait = !statement.hasSeenRows || statement.isUnseen;
    if (mayWait) callStarted(statement, observer.clock.now());
    return mayWait;
  },
  after: ({ observer, statement }, hasMore, mayWait) => {
    if (hasMore !== false && mayWait !== true) return;
    const nowMs = observer.clock.now();
    const isDone = hasMore === false && !(statement.hasFailureState && observer.failureOf(statement)?.unresolved);
    if (isDone) observer.statementEnded(statement, 'delivered', nowMs);
    if (mayWait === true) callEnded(statement, nowMs);
  },
  onError: ({ observer, statement }, thrown, mayWait) =>
    waitFailed(observer, statement, thrown, 'fetch', mayWait === true),
};

const finishing: MethodHook<OperationState> = {
  ...waiting('poll'),
  after: ({ observer, statement }) => {
    const nowMs = observer.clock.now();
    if (statement.isUnseen) resultSeen(statement, nowMs);
    callEnded(statement, nowMs);
  },
};

/** `status` inside another call, as older drivers poll: the outer call tells what the application sees. */
const askingStatus: MethodHook<OperationState> = {
  ...waiting('poll'),
  isPart: ({ statement }) => statement.activeCalls > 0,
};

const cancelling: MethodHook<OperationState> = {
  mayRequest,
  run: inStatement,
  before: ({ observer, statement }) => {
    observer.failureStateOf(statement).isCancelling = true;
  },
  after: ({ observer, statement }) => observer.statementEnded(statement, 'cancelled', observer.clock.now()),
  onError: ({ observer, statement }, thrown) => {
    observer.failureStateOf(statement).isCancelling = false;
    observer.callFailed(statement, thrown, 'cancel');
  },
};

/** A closed statement has ended for the application, whatever became of the close itself. */
const closing: MethodHook<OperationState> = {
  mayRequest,
  run: inStatement,
  after: (state) => closed(state),
  onError: (state, thrown) => {
    state.observer.callFailed(state.statement, thrown, 'close');
    closed(state);
  },
};

function closed(state: OperationState): void {
  const { observer, statement } = state;
  observer.statementEnded(statement, outcomeAtClose(state), observer.clock.now());
}

/** How a statement that the application closes has ended, unless it had ended before. */
function outcomeAtClose({ observer, session, statement }: OperationState): StatementOutcome {
  const failed = observer.failureOf(statement)?.outcome;
  if (failed !== undefined) return failed;
  if (isDelivered(statement)) return 'delivered';
  return session.isClosing ? 'session_closed' : 'closed_unfetched';
}

/** Observes operations that the driver returned, whoever calls them from then on. */
export const operationHooks = new HookedMethods<OperationState>({
  fetchChunk: fetchingChunk,
  hasMoreRows: askingForMore,
  finished: finishing,
  status: askingStatus,
  getSchema: waiting('metadata'),
  getMetadata: waiting('metadata'),
  getResultMetadata: waiting('metadata'),
  cancel: cancelling,
  close: closing,
});
