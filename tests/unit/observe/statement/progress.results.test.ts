import { inspect } from 'node:util';
import { expect } from 'chai';
import { Statement } from '../../../../lib/model/Statement';
import {
  callStarted,
  end,
  isDelivered,
  metadataSeen,
  pageSeen,
  pollAnswered,
  rowsDelivered,
  stateSeen,
  submitAnswered,
} from '../../../../lib/observe/statement/progress';
import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { StatementOutcome } from '../../../../lib/telemetry/types';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { arrowPage, link, metadata, state, TOperationState, TSparkRowSetType } from '../../.stubs/thriftAnswers';

const { RUNNING_STATE, FINISHED_STATE, CANCELED_STATE, CLOSED_STATE, ERROR_STATE, TIMEDOUT_STATE } = TOperationState;

function accepted(hasResultSet = true): Statement {
  const statement = new Statement(undefined, 'session-1', 'EXECUTE_STATEMENT', 0, 0);
  submitAnswered(statement, 10, hasResultSet, undefined);
  return statement;
}

function polled(statement: Statement, operationState: number, more: object = {}): StatementOutcome | undefined {
  pollAnswered(statement, 1);
  return stateSeen(statement, state(operationState, more), 20);
}

function ready(hasResultSet = true): Statement {
  const statement = accepted(hasResultSet);
  polled(statement, FINISHED_STATE);
  return statement;
}

describe('the result of a statement', () => {
  it('adds up pages and bytes, and rows only as they are delivered', () => {
    const statement = ready();
    pageSeen(statement, arrowPage(4, true), false);
    pageSeen(statement, arrowPage(3), false);
    rowsDelivered(statement, 4, 230);
    expect(statement).to.include({ pageCount: 2, byteCount: 70, rowCount: 4 });
    expect(statement.files).to.equal(undefined);
  });

  it('knows the compression and format from the metadata', () => {
    const statement = ready();
    metadataSeen(statement, metadata(TSparkRowSetType.URL_BASED_SET));
    expect(statement).to.include({ executionResult: 'EXTERNAL_LINKS', compressed: false });
  });
});

describe('the end of a statement', () => {
  it('is delivered when every row of the last page was read', () => {
    const statement = ready();
    pageSeen(statement, arrowPage(5), false);
    rowsDelivered(statement, 3, 230);
    expect(isDelivered(statement)).to.equal(false);
    rowsDelivered(statement, 2, 230);
    expect(isDelivered(statement)).to.equal(true);
  });

  it('is not delivered while the server has more pages', () => {
    const statement = ready();
    pageSeen(statement, arrowPage(5, true), false);
    rowsDelivered(statement, 5, 230);
    expect(isDelivered(statement)).to.equal(false);
  });

  it('is delivered with its only page when the server closed the operation with it', () => {
    const statement = ready();
    pageSeen(statement, arrowPage(5, true), true);
    rowsDelivered(statement, 5, 230);
    expect(isDelivered(statement)).to.equal(true);
  });

  it('is not delivered before the result is ready', () => {
    expect(isDelivered(accepted(false))).to.equal(false);
  });

  it('is delivered as soon as a statement without a result set has finished', () => {
    const statement = ready(false);
    expect(isDelivered(statement)).to.equal(true);
  });

  it('learns from the status that there is no result set', () => {
    const statement = accepted();
    polled(statement, FINISHED_STATE, { hasResultSet: false });
    expect(isDelivered(statement)).to.equal(true);
  });

  for (const [seen, outcome] of [
    [RUNNING_STATE, undefined],
    [FINISHED_STATE, undefined],
    [ERROR_STATE, 'failed'],
    [CLOSED_STATE, 'failed'],
    [CANCELED_STATE, 'cancelled_by_server'],
    [TIMEDOUT_STATE, 'timed_out'],
  ] as const) {
    it(`is ${String(outcome)} for a server that says ${TOperationState[seen]}`, () => {
      for (const hasResultSet of [true, false]) {
        const statement = accepted(hasResultSet);
        expect(polled(statement, seen)).to.equal(outcome);
        expect(statement.isReady).to.equal(seen !== RUNNING_STATE);
        expect(statement.resultReadyLatencyMs !== undefined).to.equal(seen === FINISHED_STATE);
      }
    });
  }

  it('happens once', () => {
    const statement = ready();
    expect(end(statement, 'cancelled', 30)).to.equal(true);
    expect(end(statement, 'delivered', 40)).to.equal(false);
    expect(statement.outcome).to.equal('cancelled');
  });

  it('says what kind of statement it was where nothing else did', () => {
    const typeAfter = (statement: Statement, outcome: StatementOutcome = 'delivered'): unknown => {
      end(statement, outcome, 30);
      return statement.statementType;
    };
    expect(typeAfter(ready())).to.equal('QUERY');
    expect(typeAfter(accepted()), 'closed before the server said anything').to.equal('SQL');
    expect(typeAfter(ready(), 'failed'), 'failed before it was read').to.equal('SQL');
    const empty = ready();
    metadataSeen(empty, { resultFormat: 0, schema: { columns: [] } } as never);
    expect(typeAfter(empty), 'a result without columns').to.equal('UPDATE');
    expect(typeAfter(ready(false))).to.equal('UPDATE');
    const modifying = accepted();
    polled(modifying, FINISHED_STATE, { numModifiedRows: 3 });
    expect(typeAfter(modifying)).to.equal('UPDATE');
    const listing = ready();
    listing.statementType = 'METADATA';
    expect(typeAfter(listing)).to.equal('METADATA');
  });

  it('ends consumption inside a call that reads the result', () => {
    const statement = ready();
    pageSeen(statement, arrowPage(1), false);
    callStarted(statement, 100);
    rowsDelivered(statement, 1, 230);
    end(statement, 'delivered', 130);
    expect(statement.resultConsumptionLatencyMs).to.equal(30);
  });
});

describe('a statement, printed', () => {
  it('shows neither URLs of files nor texts of errors', () => {
    const connection = new ObservedConnection();
    const statement = connection.start();
    const word = 'canary';
    const links = [link(`https://files.test/${word}`, 1)] as TSparkArrowResultLink[];
    connection.observer.files.offered(statement, links);
    Object.assign(connection.observer.failureStateOf(statement), {
      lastThrown: new Error(word),
      serverFailure: { message: word },
    });
    for (const text of [
      inspect(statement, { depth: 9, showHidden: true }),
      JSON.stringify(statement),
      JSON.stringify({ ...statement }),
    ]) {
      expect(text).to.include('session-1').and.not.include(word);
    }
  });
});
