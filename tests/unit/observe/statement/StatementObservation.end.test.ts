import { expect } from 'chai';
import { StatementObservation } from '../../../../lib/observe/statement/StatementObservation';
import { StatementAggregate } from '../../../../lib/model/StatementAggregate';
import type { StatementTotals } from '../../../../lib/telemetry/types';
import {
  arrowPage,
  direct,
  linkPage,
  metadata,
  OK,
  state,
  TOperationState,
  TSparkRowSetType,
} from '../../.stubs/thriftAnswers';

type Late = (statement: StatementObservation) => unknown;

/** Everything that can still be observed of a statement that has ended. */
const LATE: Readonly<Record<string, Late>> = {
  'an answer to the submission': (s) =>
    s.submitted(500, true, direct({ operationStatus: state(TOperationState.FINISHED_STATE), closeOperation: OK })),
  'an operation of another backend': (s) => s.acceptedUnseen({ id: 'late' }, 500),
  'a poll': (s) => s.polled(state(TOperationState.FINISHED_STATE, { numModifiedRows: {} }), 5, 500),
  'a poll that tells of a failure': (s) => s.polled(state(TOperationState.ERROR_STATE), 5, 500),
  metadata: (s) => s.metadataSeen(metadata(TSparkRowSetType.URL_BASED_SET, { lz4Compressed: true })),
  'a page': (s) => s.pageSeen(arrowPage(5), true),
  'a page of files': (s) => s.pageSeen(linkPage([5, 5]), true),
  rows: (s) => s.rowsDelivered(7, 500),
  'a retry': (s) => s.retried(2, ['503', '503']),
  'a call': (s) => {
    s.callStarted(500);
    s.resultSeen(510);
    s.callEnded(520);
  },
  'another end': (s) => s.end('failed', 500),
};

/** Every total as it is now. */
function totalsOf(totals: StatementTotals): object {
  const names = Object.getOwnPropertyNames(StatementAggregate.prototype).concat(Object.keys(totals));
  const made = new Set(['files', 'rare', 'statement']);
  return Object.fromEntries(
    names.filter((name) => !made.has(name)).map((name) => [name, totals[name as keyof StatementTotals]]),
  );
}

function observe(): StatementObservation {
  return new StatementObservation(undefined, 'session-1', 'EXECUTE_STATEMENT', 0, 100);
}

describe('StatementObservation: after the end', () => {
  const ends: ReadonlyArray<readonly [string, () => StatementObservation]> = [
    [
      'a statement that was cancelled while it was submitted',
      () => {
        const statement = observe();
        statement.end('cancelled', 200);
        return statement;
      },
    ],
    [
      'a statement that was cancelled while somebody waited',
      () => {
        const statement = observe();
        statement.submitted(130, true, undefined);
        statement.callStarted(140);
        statement.end('cancelled', 200);
        return statement;
      },
    ],
    [
      'a statement that was given up',
      () => {
        const statement = observe();
        statement.aggregate.complete('abandoned');
        return statement;
      },
    ],
  ];
  for (const [what, make] of ends) {
    for (const [name, late] of Object.entries(LATE)) {
      it(`${name} changes nothing of ${what}`, () => {
        const statement = make();
        const before = totalsOf(statement.aggregate);
        late(statement);
        expect(totalsOf(statement.aggregate)).to.deep.equal(before);
      });
    }
  }

  it('offers no file of a late page', () => {
    const statement = observe();
    statement.end('cancelled', 200);
    expect(statement.pageSeen(linkPage([5, 5]), true).links).to.deep.equal([]);
  });

  it('takes the latency of the close, once, and only until the row is serialised', () => {
    const [statement, sent] = [observe(), observe()];
    for (const one of [statement, sent]) one.end('delivered', 200);
    statement.closed(12);
    statement.closed(99);
    sent.aggregate.eventId = 'serialised';
    sent.closed(12);
    expect([statement, sent].map(({ aggregate }) => aggregate.closeLatencyMs)).to.deep.equal([12, undefined]);
  });
});
