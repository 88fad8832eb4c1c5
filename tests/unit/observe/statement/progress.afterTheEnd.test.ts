import { expect } from 'chai';
import { FileTotals, RareFacts, Statement } from '../../../../lib/model/Statement';
import {
  acceptedUnseen,
  callEnded,
  callStarted,
  end,
  metadataSeen,
  pollAnswered,
  resultSeen,
  retried,
  stateSeen,
  submitAnswered,
} from '../../../../lib/observe/statement/progress';
import { toStatementSummary } from '../../../../lib/model/StatementSummary';
import { metadata, state, TOperationState, TSparkRowSetType } from '../../.stubs/thriftAnswers';

type Late = (statement: Statement) => unknown;

/** What its own functions may still be told of a statement that has ended. */
const LATE: Readonly<Record<string, Late>> = {
  'an operation of another backend': (s) => acceptedUnseen(s, 'late', 500),
  'a poll': (s) => {
    pollAnswered(s, 5);
    stateSeen(s, state(TOperationState.FINISHED_STATE, { numModifiedRows: {} }), 500);
  },
  'a poll that tells of a failure': (s) => {
    pollAnswered(s, 5);
    stateSeen(s, state(TOperationState.ERROR_STATE), 500);
  },
  metadata: (s) => metadataSeen(s, metadata(TSparkRowSetType.URL_BASED_SET, { lz4Compressed: true })),
  'a retry': (s) => retried(s, 2, ['503', '503']),
  'a call': (s) => {
    callStarted(s, 500);
    resultSeen(s, 510);
    callEnded(s, 520);
  },
  'another end': (s) => end(s, 'failed', 500),
};

function observe(): Statement {
  const statement = new Statement(undefined, 'session-1', 'EXECUTE_STATEMENT', 0, 100);
  statement.files = new FileTotals();
  statement.rare = new RareFacts();
  return statement;
}

/** Everything that is reported of it, as it is now. */
function totalsOf(statement: Statement): object {
  const { statementId, level, files, rare } = statement;
  return { ...toStatementSummary(statement), statementId, level, files: { ...files }, rare: { ...rare } };
}

describe('after the end of a statement', () => {
  const ends: ReadonlyArray<readonly [string, () => Statement]> = [
    [
      'that was cancelled while it was submitted',
      () => {
        const statement = observe();
        end(statement, 'cancelled', 200);
        return statement;
      },
    ],
    [
      'that was cancelled while somebody waited',
      () => {
        const statement = observe();
        submitAnswered(statement, 130, true, undefined);
        callStarted(statement, 140);
        end(statement, 'cancelled', 200);
        return statement;
      },
    ],
    [
      'that was given up',
      () => {
        const statement = observe();
        statement.outcome = 'abandoned';
        return statement;
      },
    ],
  ];
  for (const [what, make] of ends) {
    for (const [name, late] of Object.entries(LATE)) {
      it(`${name} changes nothing of one ${what}`, () => {
        const statement = make();
        const before = totalsOf(statement);
        late(statement);
        expect(totalsOf(statement)).to.deep.equal(before);
      });
    }
  }
});
