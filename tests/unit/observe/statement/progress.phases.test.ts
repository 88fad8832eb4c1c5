import { expect } from 'chai';
import { Statement } from '../../../../lib/model/Statement';
import {
  acceptedUnseen,
  callEnded,
  callStarted,
  end,
  pageSeen,
  pollAnswered,
  resultSeen,
  rowsDelivered,
  stateSeen,
  submitAnswered,
} from '../../../../lib/observe/statement/progress';
import { arrowPage, direct, OK, state, TOperationState } from '../../.stubs/thriftAnswers';

const { RUNNING_STATE, PENDING_STATE, INITIALIZED_STATE, FINISHED_STATE, ERROR_STATE } = TOperationState;

/** Times in these tests: the statement starts at 100. */
const START_MS = 100;

function observe(): Statement {
  return new Statement(undefined, 'session-1', 'EXECUTE_STATEMENT', 0, START_MS);
}

/** A status request that took `latencyMs` was answered. */
function polled(statement: Statement, answer: ReturnType<typeof state>, latencyMs: number, nowMs: number): void {
  pollAnswered(statement, latencyMs);
  stateSeen(statement, answer, nowMs);
}

describe('the phases of a statement', () => {
  it('takes the time until the execute RPC was answered as the submit phase and as latency', () => {
    const statement = observe();
    submitAnswered(statement, 130, true, undefined);
    expect(statement.submitLatencyMs).to.equal(30);
    expect(statement.latencyMs).to.equal(30);
    expect(statement.resultReadyLatencyMs).to.equal(undefined);
  });

  it('leaves out what the application thinks between its calls', () => {
    const statement = observe();
    submitAnswered(statement, 130, true, undefined);
    callStarted(statement, 1000);
    callEnded(statement, 1010);
    callStarted(statement, 5000);
    polled(statement, state(FINISHED_STATE), 4, 5005);
    callEnded(statement, 5006);
    expect(statement.latencyMs).to.equal(30 + 10 + 5);
    expect(statement.resultReadyLatencyMs).to.equal(45);
  });

  it('stops the latency where the result is ready, and counts reading it as consumption', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    callStarted(statement, 200);
    polled(statement, state(FINISHED_STATE), 5, 220);
    pageSeen(statement, arrowPage(5), false);
    rowsDelivered(statement, 5, 230);
    callEnded(statement, 260);
    callStarted(statement, 900);
    end(statement, 'delivered', 903);
    expect(statement.latencyMs).to.equal(10 + 20);
    expect(statement.resultConsumptionLatencyMs).to.equal(40 + 3);
  });

  it('takes as first-row phase what the calls took until the first row, without the thinking between them', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    callStarted(statement, 200);
    polled(statement, state(FINISHED_STATE), 5, 220);
    callEnded(statement, 225);
    callStarted(statement, 900);
    rowsDelivered(statement, 0, 910);
    callEnded(statement, 910);
    callStarted(statement, 2000);
    rowsDelivered(statement, 5, 2007);
    callEnded(statement, 2008);
    callStarted(statement, 3000);
    rowsDelivered(statement, 5, 3100);
    expect(statement.firstRowLatencyMs).to.equal(10 + 20 + 5 + 10 + 7);
  });

  it('has no first-row phase without a row', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    callStarted(statement, 200);
    polled(statement, state(FINISHED_STATE), 5, 220);
    rowsDelivered(statement, 0, 230);
    end(statement, 'delivered', 240);
    expect(statement.firstRowLatencyMs).to.equal(undefined);
  });

  it('takes no time of what comes after the end', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    callStarted(statement, 200);
    end(statement, 'cancelled', 230);
    polled(statement, state(ERROR_STATE), 5, 300);
    polled(statement, state(FINISHED_STATE), 5, 310);
    callEnded(statement, 320);
    polled(statement, state(RUNNING_STATE), 5, 400);
    expect(statement.latencyMs).to.equal(10 + 30);
    expect(statement.resultReadyLatencyMs).to.equal(undefined);
  });

  it('counts polls with their summed latency', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    for (const still of [INITIALIZED_STATE, PENDING_STATE, RUNNING_STATE]) polled(statement, state(still), 3, 200);
    polled(statement, state(undefined), 3, 200);
    expect(statement.pollCount).to.equal(4);
    expect(statement.pollLatencyMs).to.equal(12);
    expect(statement.resultReadyLatencyMs).to.equal(undefined);
  });

  it('takes a poll outside any call as backend time, until the result is ready', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    polled(statement, state(RUNNING_STATE), 6, 300);
    polled(statement, state(FINISHED_STATE), 4, 400);
    polled(statement, state(FINISHED_STATE), 9, 500);
    expect(statement.latencyMs).to.equal(10 + 6 + 4);
    expect(statement.pollCount).to.equal(3);
  });

  it('takes overlapping and nested calls as one wait', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    callStarted(statement, 200);
    expect(statement.activeCalls).to.be.greaterThan(0);
    callStarted(statement, 220);
    callEnded(statement, 250);
    expect(statement.activeCalls).to.be.greaterThan(0);
    callEnded(statement, 290);
    expect(statement.activeCalls).to.equal(0);
    expect(statement.latencyMs).to.equal(10 + 90);
  });

  it('has no wait at all when the result came with the execute RPC', () => {
    const statement = observe();
    submitAnswered(statement, 125, true, direct({ closeOperation: { status: OK } }));
    stateSeen(statement, state(FINISHED_STATE), 125);
    expect(statement).to.include({ latencyMs: 25, resultReadyLatencyMs: 25, directResults: 'complete' });
  });

  for (const [what, answer, expected] of [
    ['no direct results', undefined, 'none'],
    ['null for direct results', null, 'none'],
    ['a status alone', direct({ operationStatus: state(RUNNING_STATE) }), 'partial'],
  ] as const) {
    it(`says what came with the answer to the submission: ${what}`, () => {
      const statement = observe();
      submitAnswered(statement, 125, true, answer);
      expect(statement.directResults).to.equal(expected);
    });
  }

  it('ends the clock of a call that is still open when the statement ends', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    callStarted(statement, 200);
    end(statement, 'cancelled', 260);
    callEnded(statement, 900);
    expect(statement.latencyMs).to.equal(10 + 60);
  });

  it('takes everything as latency when the submit failed', () => {
    const statement = observe();
    end(statement, 'failed', 175);
    expect(statement.latencyMs).to.equal(75);
    expect(statement.submitLatencyMs).to.equal(undefined);
  });

  it('does not say that a result was ready when the server reports a failure', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, undefined);
    callStarted(statement, 200);
    polled(statement, state(ERROR_STATE, { sqlState: '42P01' }), 5, 220);
    callEnded(statement, 221);
    end(statement, 'failed', 222);
    expect(statement.latencyMs).to.equal(10 + 20);
    expect(statement.resultReadyLatencyMs).to.equal(undefined);
  });

  it('has no consumption for a result that nobody read', () => {
    const statement = observe();
    submitAnswered(statement, 110, true, direct({ operationStatus: state(FINISHED_STATE) }));
    end(statement, 'delivered', 120);
    expect(statement.resultConsumptionLatencyMs).to.equal(undefined);
  });

  describe('of a backend that the wire seam does not see', () => {
    it('takes the submit from the call and the result from the first call that succeeds', () => {
      const statement = observe();
      acceptedUnseen(statement, 'statement-1', 140);
      callStarted(statement, 200);
      resultSeen(statement, 230);
      resultSeen(statement, 239);
      callEnded(statement, 240);
      expect(statement).to.include({ statementId: 'statement-1', submitLatencyMs: 40, latencyMs: 70 });
      expect(statement.resultReadyLatencyMs).to.equal(70);
    });

    it('changes nothing where the wire seam has seen the statement', () => {
      const statement = observe();
      statement.statementId = 'from-the-wire';
      submitAnswered(statement, 110, true, undefined);
      acceptedUnseen(statement, 'statement-1', 140);
      resultSeen(statement, 150);
      expect(statement).to.include({ statementId: 'from-the-wire', submitLatencyMs: 10 });
      expect(statement.resultReadyLatencyMs).to.equal(undefined);
    });

    it('changes nothing once the statement has ended', () => {
      const statement = observe();
      acceptedUnseen(statement, 'statement-1', 140);
      end(statement, 'cancelled', 150);
      resultSeen(statement, 160);
      expect(statement.resultReadyLatencyMs).to.equal(undefined);
    });
  });
});
