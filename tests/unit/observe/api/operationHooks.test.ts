import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import { expect } from 'chai';
import sinon from 'sinon';
import { operationHooks } from '../../../../lib/observe/api/operationHooks';
import type { SessionState } from '../../../../lib/observe/api/sessionHooks';
import type { Statement } from '../../../../lib/model/Statement';
import { acceptedUnseen, pageSeen, stateSeen, submitAnswered } from '../../../../lib/observe/statement/progress';
import { TelemetryEventType } from '../../../../lib/telemetry/types';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { arrowPage, direct, linkPage, state, TOperationState } from '../../.stubs/thriftAnswers';

const { STATEMENT_COMPLETE, ERROR } = TelemetryEventType;
const { FINISHED_STATE } = TOperationState;
const FAILURE = new Error('of the driver');
const RESET = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const METHODS = [
  'fetchChunk',
  'hasMoreRows',
  'finished',
  'status',
  'getSchema',
  'getMetadata',
  'getResultMetadata',
  'cancel',
  'close',
] as const;

type Method = (typeof METHODS)[number];

describe('operationHooks', () => {
  let connection: ObservedConnection;
  let session: SessionState;
  let statement: Statement;
  let inner: Record<Method, sinon.SinonStub>;
  let operation: Record<Method, (...args: unknown[]) => Promise<unknown>>;

  beforeEach(() => {
    connection = new ObservedConnection();
    session = {
      observer: connection.observer,
      id: 'session-1',
      isLocal: false,
      isClosing: false,
      transfers: new Set(),
    };
    statement = connection.start();
    inner = Object.fromEntries(METHODS.map((name) => [name, sinon.stub().resolves()])) as never;
    operation = Object.create(inner) as typeof operation;
    operationHooks.install(operation as unknown as IOperation, { observer: connection.observer, session, statement });
  });

  const outcomes = () => connection.eventsOf(STATEMENT_COMPLETE).map(({ outcome }) => outcome);
  const errors = () => connection.eventsOf(ERROR).map(({ stage }) => stage);
  const thrownBy = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );

  /** The server answered the submit with a finished result of `rows`. */
  function finishedWith(rows: number): void {
    const nowMs = performance.now();
    submitAnswered(statement, nowMs, true, direct({}));
    stateSeen(statement, state(FINISHED_STATE), nowMs);
    pageSeen(statement, arrowPage(rows), false);
  }

  for (const name of METHODS) {
    it(`passes the arguments, the answer and the error of ${name} on, the same objects`, async () => {
      const [options, answer] = [{ maxRows: 1 }, {}];
      inner[name].onFirstCall().resolves(answer).onSecondCall().rejects(FAILURE);
      expect(await operation[name](options)).to.equal(answer);
      expect(inner[name].firstCall.args[0]).to.equal(options);
      sinon.assert.calledOn(inner[name], operation);
      expect(await thrownBy(operation[name](options))).to.equal(FAILURE);
    });
  }

  const stages = [
    ['fetchChunk', 'fetch'],
    ['hasMoreRows', 'fetch'],
    ['finished', 'poll'],
    ['status', 'poll'],
    ['getSchema', 'metadata'],
    ['getMetadata', 'metadata'],
    ['getResultMetadata', 'metadata'],
  ] as const;
  for (const [name, stage] of stages) {
    it(`waits for the result in ${name}, and fails the statement at the stage ${stage}`, async () => {
      inner[name].callsFake(async () => {
        expect(statement.activeCalls).to.equal(1);
        throw FAILURE;
      });
      await thrownBy(operation[name]());
      expect(statement.activeCalls).to.equal(0);
      expect(errors()).to.deep.equal([stage]);
      expect(outcomes()).to.deep.equal(['failed']);
    });
  }

  it('leaves a status inside another call to that call', async () => {
    inner.status.rejects(FAILURE);
    inner.finished.callsFake(() => operation.status());
    expect(await thrownBy(operation.finished())).to.equal(FAILURE);
    expect(errors()).to.deep.equal(['poll']);
  });

  it('counts the rows of a chunk and takes the result for ready', async () => {
    acceptedUnseen(statement, 'statement-1', performance.now());
    inner.fetchChunk.resolves([{}, {}, {}]);
    await operation.fetchChunk();
    expect(statement.rowCount).to.equal(3);
    expect(statement.resultReadyLatencyMs).to.be.a('number');
  });

  it('counts nothing where a chunk is no list of rows', async () => {
    inner.fetchChunk.resolves('unheard of');
    expect(await operation.fetchChunk()).to.equal('unheard of');
    expect(statement.rowCount).to.equal(0);
  });

  it('takes the result for ready when finished() returns', async () => {
    acceptedUnseen(statement, 'statement-1', performance.now());
    await operation.finished();
    expect(statement.resultReadyLatencyMs).to.be.a('number');
  });

  it('is delivered when no more rows are left', async () => {
    inner.hasMoreRows.onFirstCall().resolves(true).onSecondCall().resolves(false);
    await operation.hasMoreRows();
    expect(outcomes()).to.deep.equal([]);
    await operation.hasMoreRows();
    expect(outcomes()).to.deep.equal(['delivered']);
  });

  it('is not delivered for want of rows while an error is in the way', async () => {
    inner.fetchChunk.rejects(RESET);
    await thrownBy(operation.fetchChunk());
    inner.hasMoreRows.resolves(false);
    await operation.hasMoreRows();
    expect(outcomes()).to.deep.equal([]);
    await operation.close();
    expect(outcomes()).to.deep.equal(['connection_lost']);
  });

  it('is delivered although one call failed, when a later one brought the rows', async () => {
    finishedWith(2);
    inner.fetchChunk.onFirstCall().rejects(RESET).onSecondCall().resolves([{}, {}]);
    await thrownBy(operation.fetchChunk());
    await operation.fetchChunk();
    await operation.close();
    expect(outcomes()).to.deep.equal(['delivered']);
    expect(errors()).to.deep.equal(['fetch']);
  });

  it('is cancelled by a cancel, whatever is called after it', async () => {
    await operation.cancel();
    await operation.close();
    await operation.cancel();
    expect(outcomes()).to.deep.equal(['cancelled']);
  });

  it('is cancelled by the application also when a poll hears of it before the cancel is answered', async () => {
    inner.cancel.callsFake(async () => {
      inner.finished.rejects(Object.assign(new Error(), { errorCode: 'CANCELED' }));
      await thrownBy(operation.finished());
    });
    await operation.cancel();
    expect(outcomes()).to.deep.equal(['cancelled']);
  });

  it('goes on when a cancel fails, and is then cancelled by the server alone', async () => {
    inner.cancel.rejects(FAILURE);
    await thrownBy(operation.cancel());
    expect(errors()).to.deep.equal(['cancel']);
    expect(outcomes()).to.deep.equal([]);
    inner.finished.rejects(Object.assign(new Error(), { errorCode: 'CANCELED' }));
    await thrownBy(operation.finished());
    expect(outcomes()).to.deep.equal(['cancelled_by_server']);
  });

  it('is closed unread, or with its session', async () => {
    await operation.close();
    expect(outcomes()).to.deep.equal(['closed_unfetched']);
  });

  it('is closed with its session', async () => {
    session.isClosing = true;
    await operation.close();
    expect(outcomes()).to.deep.equal(['session_closed']);
  });

  for (const outcome of ['failed', 'cancelled_by_server', 'timed_out'] as const) {
    it(`is ${outcome} as the server said, also when it is closed before anybody asked`, async () => {
      connection.observer.failureStateOf(statement).endedByServer = outcome;
      session.isClosing = true;
      await operation.close();
      expect(outcomes()).to.deep.equal([outcome]);
    });
  }

  it('counts the files that hold the rows which the application was given', async () => {
    const { resultLinks } = linkPage([10, 10, 10]).results ?? {};
    connection.observer.files.offered(statement, resultLinks ?? []);
    expect(statement.files).to.include({ present: 3, iterated: 0 });
    inner.fetchChunk.resolves(new Array(15).fill({}));
    await operation.fetchChunk();
    expect(statement.files).to.include({ iterated: 2 });
    await operation.fetchChunk();
    expect(statement.files).to.include({ iterated: 3 });
  });

  it('counts no rows that come after its end', async () => {
    inner.fetchChunk.callsFake(async () => {
      connection.observer.statementEnded(statement, 'cancelled', performance.now());
      return [{}];
    });
    await operation.fetchChunk();
    await operation.fetchChunk();
    expect(statement.rowCount).to.equal(0);
  });

  it('ends with a close that fails, and reports that', async () => {
    inner.close.rejects(FAILURE);
    expect(await thrownBy(operation.close())).to.equal(FAILURE);
    expect(outcomes()).to.deep.equal(['closed_unfetched']);
    expect(errors()).to.deep.equal(['close']);
  });
});
