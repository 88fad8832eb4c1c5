import { expect } from 'chai';
import { StatementObservation } from '../../../../lib/observe/statement/StatementObservation';
import { type StatementAggregate } from '../../../../lib/model/StatementAggregate';
import { arrowPage, direct, metadata, OK, state, TOperationState, TSparkRowSetType } from '../../.stubs/thriftAnswers';

const { RUNNING_STATE, PENDING_STATE, INITIALIZED_STATE, FINISHED_STATE, ERROR_STATE } = TOperationState;
const { ARROW_BASED_SET } = TSparkRowSetType;

/** Times in these tests: the statement starts at 100. */
const START_MS = 100;

function observe(): { statement: StatementObservation; aggregate: StatementAggregate } {
  const statement = new StatementObservation(undefined, 'session-1', 'EXECUTE_STATEMENT', 0, START_MS);
  return { statement, aggregate: statement };
}

describe('StatementObservation: the phases', () => {
  it('takes the time until the execute RPC was answered as the submit phase and as latency', () => {
    const { statement, aggregate } = observe();
    statement.submitted(130, true, undefined);
    expect(aggregate.submitLatencyMs).to.equal(30);
    expect(aggregate.latencyMs).to.equal(30);
    expect(aggregate.resultReadyLatencyMs).to.equal(undefined);
  });

  it('leaves out what the application thinks between its calls', () => {
    const { statement, aggregate } = observe();
    statement.submitted(130, true, undefined);
    statement.callStarted(1000);
    statement.callEnded(1010);
    statement.callStarted(5000);
    statement.polled(state(FINISHED_STATE), 4, 5005);
    statement.callEnded(5006);
    expect(aggregate.latencyMs).to.equal(30 + 10 + 5);
    expect(aggregate.resultReadyLatencyMs).to.equal(45);
  });

  it('stops the latency where the result is ready, and counts reading it as consumption', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.callStarted(200);
    statement.polled(state(FINISHED_STATE), 5, 220);
    statement.pageSeen(arrowPage(5), false);
    statement.rowsDelivered(5, 230);
    statement.callEnded(260);
    statement.callStarted(900);
    statement.end('delivered', 903);
    expect(aggregate.latencyMs).to.equal(10 + 20);
    expect(aggregate.resultConsumptionLatencyMs).to.equal(40 + 3);
  });

  it('takes as first-row phase what the calls took until the first row, without the thinking between them', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.callStarted(200);
    statement.polled(state(FINISHED_STATE), 5, 220);
    statement.callEnded(225);
    statement.callStarted(900);
    statement.rowsDelivered(0, 910);
    statement.callEnded(910);
    statement.callStarted(2000);
    statement.rowsDelivered(5, 2007);
    statement.callEnded(2008);
    statement.callStarted(3000);
    statement.rowsDelivered(5, 3100);
    expect(aggregate.firstRowLatencyMs).to.equal(10 + 20 + 5 + 10 + 7);
  });

  it('has no first-row phase without a row', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.callStarted(200);
    statement.polled(state(FINISHED_STATE), 5, 220);
    statement.rowsDelivered(0, 230);
    statement.end('delivered', 240);
    expect(aggregate.firstRowLatencyMs).to.equal(undefined);
  });

  it('takes no time of what comes after the end', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.callStarted(200);
    statement.end('cancelled', 230);
    statement.polled(state(ERROR_STATE), 5, 300);
    statement.polled(state(FINISHED_STATE), 5, 310);
    statement.callEnded(320);
    statement.polled(state(RUNNING_STATE), 5, 400);
    expect(aggregate.latencyMs).to.equal(10 + 30);
    expect(aggregate.resultReadyLatencyMs).to.equal(undefined);
  });

  it('counts polls with their summed latency', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    for (const still of [INITIALIZED_STATE, PENDING_STATE, RUNNING_STATE]) statement.polled(state(still), 3, 200);
    statement.polled(state(undefined), 3, 200);
    expect(aggregate.pollCount).to.equal(4);
    expect(aggregate.pollLatencyMs).to.equal(12);
    expect(aggregate.resultReadyLatencyMs).to.equal(undefined);
  });

  it('takes a poll outside any call as backend time, until the result is ready', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.polled(state(RUNNING_STATE), 6, 300);
    statement.polled(state(FINISHED_STATE), 4, 400);
    statement.polled(state(FINISHED_STATE), 9, 500);
    expect(aggregate.latencyMs).to.equal(10 + 6 + 4);
    expect(aggregate.pollCount).to.equal(3);
  });

  it('takes overlapping and nested calls as one wait', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.callStarted(200);
    expect(statement.isInCall).to.equal(true);
    statement.callStarted(220);
    statement.callEnded(250);
    expect(statement.isInCall).to.equal(true);
    statement.callEnded(290);
    expect(statement.isInCall).to.equal(false);
    expect(aggregate.latencyMs).to.equal(10 + 90);
  });

  it('has no wait at all when the result came with the execute RPC', () => {
    const { statement, aggregate } = observe();
    const answer = {
      operationStatus: state(FINISHED_STATE),
      resultSetMetadata: metadata(ARROW_BASED_SET, { lz4Compressed: true }),
      resultSet: arrowPage(2),
      closeOperation: { status: OK },
    };
    const page = statement.submitted(125, true, direct(answer));
    expect(page).to.include({ rows: 2, bytes: 20 });
    expect(aggregate).to.include({ latencyMs: 25, resultReadyLatencyMs: 25, executionResult: 'INLINE_ARROW' });
    expect(aggregate).to.include({ compressed: true, pageCount: 1, byteCount: 20 });
  });

  it('gives back no page when the direct results have none', () => {
    const { statement } = observe();
    expect(statement.submitted(125, true, direct({ operationStatus: state(RUNNING_STATE) }))).to.equal(undefined);
    expect(statement.submitted(125, true, null as never)).to.equal(undefined);
  });

  it('ends the clock of a call that is still open when the statement ends', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.callStarted(200);
    statement.end('cancelled', 260);
    statement.callEnded(900);
    expect(aggregate.latencyMs).to.equal(10 + 60);
  });

  it('takes everything as latency when the submit failed', () => {
    const { statement, aggregate } = observe();
    statement.end('failed', 175);
    expect(aggregate.latencyMs).to.equal(75);
    expect(aggregate.submitLatencyMs).to.equal(undefined);
  });

  it('does not say that a result was ready when the server reports a failure', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, undefined);
    statement.callStarted(200);
    statement.polled(state(ERROR_STATE, { sqlState: '42P01' }), 5, 220);
    statement.callEnded(221);
    statement.end('failed', 222);
    expect(aggregate.latencyMs).to.equal(10 + 20);
    expect(aggregate.resultReadyLatencyMs).to.equal(undefined);
  });

  it('has no consumption for a result that nobody read', () => {
    const { statement, aggregate } = observe();
    statement.submitted(110, true, direct({ operationStatus: state(FINISHED_STATE) }));
    statement.end('delivered', 120);
    expect(aggregate.resultConsumptionLatencyMs).to.equal(undefined);
  });

  describe('of a backend that the wire seam does not see', () => {
    it('takes the submit from the call and the result from the first call that succeeds', () => {
      const { statement, aggregate } = observe();
      statement.acceptedUnseen({ id: 'statement-1' }, 140);
      statement.callStarted(200);
      statement.resultSeen(230);
      statement.resultSeen(239);
      statement.callEnded(240);
      expect(aggregate).to.include({ statementId: 'statement-1', submitLatencyMs: 40, latencyMs: 70 });
      expect(aggregate.resultReadyLatencyMs).to.equal(70);
    });

    it('changes nothing where the wire seam has seen the statement', () => {
      const { statement, aggregate } = observe();
      aggregate.statementId = 'from-the-wire';
      statement.submitted(110, true, undefined);
      statement.acceptedUnseen({ id: 'statement-1' }, 140);
      statement.resultSeen(150);
      expect(aggregate).to.include({ statementId: 'from-the-wire', submitLatencyMs: 10 });
      expect(aggregate.resultReadyLatencyMs).to.equal(undefined);
    });

    it('changes nothing once the statement has ended', () => {
      const { statement, aggregate } = observe();
      statement.acceptedUnseen({ id: 'statement-1' }, 140);
      statement.end('cancelled', 150);
      statement.resultSeen(160);
      expect(aggregate.resultReadyLatencyMs).to.equal(undefined);
    });
  });
});
