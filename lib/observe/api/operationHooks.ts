import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import { Adoption, type Watch } from './MethodHook';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import type { SessionObservation } from './ObservedSession';
import type { StatementObservation } from '../statement/StatementObservation';
import type { ErrorStage } from '../../telemetry/types';

interface OperationState {
  readonly observer: ConnectionObserver;
  readonly session: SessionObservation;
  readonly statement: StatementObservation;
}

type OnResult = (state: OperationState, nowMs: number, result: unknown) => void;

/** A call that may wait for the result: its waiting is backend time, its failure the statement's. */
function waiting(stage: ErrorStage, onResult?: OnResult): Watch<OperationState> {
  return {
    began: ({ statement }, nowMs) => statement.callStarted(nowMs),
    returned: (state, nowMs, result) => {
      try {
        onResult?.(state, nowMs, result);
      } finally {
        state.statement.callEnded(nowMs);
      }
    },
    threw: ({ observer, statement }, nowMs, thrown) => {
      try {
        observer.statementFailed(statement, thrown, stage, nowMs);
      } finally {
        statement.callEnded(nowMs);
      }
    },
  };
}

/** `status` inside another call, as older drivers poll: the outer call tells what the application sees. */
const askingStatus: Watch<OperationState> = { ...waiting('poll'), isPart: ({ statement }) => statement.isInCall };

const chunkDelivered: OnResult = ({ statement }, nowMs, rows) => {
  if (!Array.isArray(rows)) return;
  statement.resultSeen(nowMs);
  statement.rowsDelivered(rows.length, nowMs);
};

const resultReady: OnResult = ({ statement }, nowMs) => statement.resultSeen(nowMs);

const moreRowsKnown: OnResult = ({ observer, statement }, nowMs, hasMore) => {
  if (hasMore === false && statement.trouble.unresolved === undefined) {
    observer.statementEnded(statement, 'delivered', nowMs);
  }
};

const cancelling: Watch<OperationState> = {
  began: ({ statement }) => {
    statement.troubled().isCancelling = true;
  },
  returned: ({ observer, statement }, nowMs) => observer.statementEnded(statement, 'cancelled', nowMs),
  threw: ({ observer, statement }, _nowMs, thrown) => {
    statement.troubled().isCancelling = false;
    observer.statementTroubled(statement, thrown, 'cancel');
  },
};

/** A closed statement has ended for the application, whatever became of the close itself. */
const closing: Watch<OperationState> = {
  began: () => undefined,
  returned: ({ observer, session, statement }, nowMs) =>
    observer.statementEnded(statement, statement.outcomeAtClose(session.isClosing), nowMs),
  threw: ({ observer, session, statement }, nowMs, thrown) => {
    observer.statementTroubled(statement, thrown, 'close');
    observer.statementEnded(statement, statement.outcomeAtClose(session.isClosing), nowMs);
  },
};

const operations = new Adoption<OperationState>({
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
export function adoptOperation(operation: IOperation, state: OperationState): void {
  operations.adopt(operation, state);
}
