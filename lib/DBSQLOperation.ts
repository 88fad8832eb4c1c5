import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import { Adoption, type ObservedMethod } from './observe/adopt';
import type { ConnectionObserver } from './observe/ConnectionObserver';
import type { SessionObservation } from './observe/SessionObservation';
import type { StatementObservation } from './observe/StatementObservation';
import type { ErrorStage } from './telemetry/types';

interface OperationState {
  readonly observer: ConnectionObserver;
  readonly session: SessionObservation;
  readonly statement: StatementObservation;
}

type OnResult = (state: OperationState, result: unknown) => void;

/** A call that may wait for the result: its waiting is backend time, its failure the statement's. */
function waiting(stage: ErrorStage, onResult?: OnResult): ObservedMethod<OperationState> {
  return async (state, call) => {
    const { observer, statement } = state;
    observer.observe(() => statement.callStarted(performance.now()));
    try {
      const result = await call();
      if (onResult !== undefined) observer.observe(() => onResult(state, result));
      return result;
    } catch (thrown) {
      observer.observe(() => observer.statementFailed(statement, thrown, stage));
      throw thrown;
    } finally {
      observer.observe(() => statement.callEnded(performance.now()));
    }
  };
}

/** `status` inside another call, as older drivers poll: the outer call tells what the application sees. */
const askingStatus: ObservedMethod<OperationState> = (state, call, args) =>
  state.statement.isInCall ? call() : waiting('poll')(state, call, args);

const chunkDelivered: OnResult = ({ statement }, rows) => {
  if (!Array.isArray(rows)) return;
  const nowMs = performance.now();
  statement.resultSeen(nowMs);
  statement.rowsDelivered(rows.length, nowMs);
};

const resultReady: OnResult = ({ statement }) => statement.resultSeen(performance.now());

const moreRowsKnown: OnResult = ({ observer, statement }, hasMore) => {
  if (hasMore === false && statement.unresolved === undefined) observer.statementEnded(statement, 'delivered');
};

/** A cancel or close. A closed statement has ended for the application, whatever became of the close itself. */
function ending(stage: 'cancel' | 'close'): ObservedMethod<OperationState> {
  return async ({ observer, session, statement }, call) => {
    if (stage === 'cancel') statement.isCancelling = true;
    try {
      const result = await call();
      observer.observe(() => {
        const outcome = stage === 'cancel' ? 'cancelled' : statement.outcomeAtClose(session.isClosing);
        observer.statementEnded(statement, outcome);
      });
      return result;
    } catch (thrown) {
      statement.isCancelling = false;
      observer.observe(() => {
        observer.statementTroubled(statement, thrown, stage);
        if (stage === 'close') observer.statementEnded(statement, statement.outcomeAtClose(session.isClosing));
      });
      throw thrown;
    }
  };
}

const operations = new Adoption<OperationState>({
  fetchChunk: waiting('fetch', chunkDelivered),
  hasMoreRows: waiting('fetch', moreRowsKnown),
  finished: waiting('poll', resultReady),
  status: askingStatus,
  getSchema: waiting('metadata'),
  getMetadata: waiting('metadata'),
  getResultMetadata: waiting('metadata'),
  cancel: ending('cancel'),
  close: ending('close'),
});

/** Observes an operation that the driver returned, whoever calls it from now on. */
export function adoptOperation(operation: IOperation, state: OperationState): void {
  operations.adopt(operation, state);
}
