import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import type { ErrorStage, StatementOutcome } from '../../model/enums';
import type { Statement } from '../../model/Statement';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { callEnded, callStarted, isDelivered, resultSeen, rowsDelivered } from '../statement/progress';
import { HookedMethods, type MethodHook } from './MethodHook';
import type { SessionState } from './sessionHooks';

interface OperationState {
  readonly observer: ConnectionObserver;
  readonly session: SessionState;
  readonly statement: Statement;
}

type OnResult = (state: OperationState, nowMs: number, result: unknown) => void;

/** A call that may wait for the result: its waiting is backend time, its failure the statement's. */
function waiting(stage: ErrorStage, onResult?: OnResult): MethodHook<OperationState> {
  return {
    before: ({ statement }, nowMs) => callStarted(statement, nowMs),
    after: (state, nowMs, result) => {
      try {
        onResult?.(state, nowMs, result);
      } finally {
        callEnded(state.statement, nowMs);
      }
    },
    onError: ({ observer, statement }, nowMs, thrown) => {
      try {
        observer.statementFailed(statement, thrown, stage, nowMs);
      } finally {
        callEnded(statement, nowMs);
      }
    },
  };
}

/** `status` inside another call, as older drivers poll: the outer call tells what the application sees. */
const askingStatus: MethodHook<OperationState> = {
  ...waiting('poll'),
  isPart: ({ statement }) => statement.activeCalls > 0,
};

const chunkDelivered: OnResult = ({ observer, statement }, nowMs, rows) => {
  if (!Array.isArray(rows) || statement.outcome !== undefined) return;
  resultSeen(statement, nowMs);
  rowsDelivered(statement, rows.length, nowMs);
  const failure = observer.failureOf(statement);
  if (failure !== undefined) failure.unresolved = undefined;
  if (statement.files !== undefined) observer.filesRead(statement, statement.files);
};

const resultReady: OnResult = ({ statement }, nowMs) => resultSeen(statement, nowMs);

const moreRowsKnown: OnResult = ({ observer, statement }, nowMs, hasMore) => {
  if (hasMore !== false || observer.failureOf(statement)?.unresolved !== undefined) return;
  observer.statementEnded(statement, 'delivered', nowMs);
};

const cancelling: MethodHook<OperationState> = {
  before: ({ observer, statement }) => {
    observer.troubled(statement).isCancelling = true;
  },
  after: ({ observer, statement }, nowMs) => observer.statementEnded(statement, 'cancelled', nowMs),
  onError: ({ observer, statement }, _nowMs, thrown) => {
    observer.troubled(statement).isCancelling = false;
    observer.statementTroubled(statement, thrown, 'cancel');
  },
};

/** A closed statement has ended for the application, whatever became of the close itself. */
const closing: MethodHook<OperationState> = {
  after: (state, nowMs) => state.observer.statementEnded(state.statement, outcomeAtClose(state), nowMs),
  onError: (state, nowMs, thrown) => {
    state.observer.statementTroubled(state.statement, thrown, 'close');
    state.observer.statementEnded(state.statement, outcomeAtClose(state), nowMs);
  },
};

/** How a statement that the application closes has ended, unless it had ended before. */
function outcomeAtClose({ observer, session, statement }: OperationState): StatementOutcome {
  const failed = observer.failureOf(statement)?.outcome;
  if (failed !== undefined) return failed;
  if (isDelivered(statement)) return 'delivered';
  return session.isClosing ? 'session_closed' : 'closed_unfetched';
}

const operations = new HookedMethods<OperationState>({
  fetchChunk: waiting('fetch', chunkDelivered),
  hasMoreRows: waiting('fetch', moreRowsKnown),
  finished: waiting('poll', resultReady),
  status: askingStatus,
  getSchema: waiting('metadata'),
  getMetadata: waiting('metadata'),
  getResultMetadata: waiting('metadata'),
  cancel: cancelling,
  close: closing,
});

/** Observes an operation that the driver returned, whoever calls it from now on. */
export function hookOperation(operation: IOperation, state: OperationState): void {
  operations.install(operation, state);
}
