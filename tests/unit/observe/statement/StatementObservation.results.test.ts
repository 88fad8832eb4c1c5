import { inspect } from 'node:util';
import { expect } from 'chai';
import { OfferedFiles } from '../../../../lib/observe/statement/ResultManifest';
import { StatementObservation } from '../../../../lib/observe/statement/StatementObservation';
import { type StatementAggregate } from '../../../../lib/model/StatementAggregate';
import { arrowPage, linkPage, metadata, page, REFUSED, state, TOperationState } from '../../.stubs/thriftAnswers';
import { TSparkRowSetType } from '../../.stubs/thriftAnswers';

const { FINISHED_STATE, CANCELED_STATE, ERROR_STATE, TIMEDOUT_STATE } = TOperationState;

function accepted(hasResultSet = true): { statement: StatementObservation; aggregate: StatementAggregate } {
  const statement = new StatementObservation(undefined, 'session-1', 'EXECUTE_STATEMENT', 0, 0);
  statement.submitted(10, hasResultSet, undefined);
  return { statement, aggregate: statement };
}

function ready(hasResultSet = true): { statement: StatementObservation; aggregate: StatementAggregate } {
  const observed = accepted(hasResultSet);
  observed.statement.polled(state(FINISHED_STATE), 1, 20);
  return observed;
}

describe('StatementObservation: results', () => {
  it('adds up pages and bytes, and rows only as they are delivered', () => {
    const { statement, aggregate } = ready();
    statement.pageSeen(arrowPage(4, true), false);
    statement.pageSeen(arrowPage(3), false);
    statement.rowsDelivered(4, 230);
    expect(aggregate).to.include({ pageCount: 2, byteCount: 70, rowCount: 4 });
    expect(aggregate.chunksPresent).to.equal(undefined);
  });

  it('knows the compression and format from the metadata', () => {
    const { statement, aggregate } = ready();
    statement.metadataSeen(metadata(TSparkRowSetType.URL_BASED_SET));
    expect(aggregate).to.include({ executionResult: 'EXTERNAL_LINKS', compressed: false });
  });

  it('counts files from the manifest, and as read those that hold the rows delivered', () => {
    const { statement, aggregate } = ready();
    statement.pageSeen(linkPage([10, 10, 10]), false);
    expect(aggregate).to.include({ chunksPresent: 3, chunksIterated: 0 });
    statement.rowsDelivered(15, 230);
    statement.end('closed_unfetched', 50);
    expect(aggregate.chunksIterated).to.equal(2);
  });

  it('counts every file as read when all rows were delivered', () => {
    const { statement, aggregate } = ready();
    statement.pageSeen(linkPage([10, 10]), false);
    statement.rowsDelivered(20, 230);
    statement.end('delivered', 50);
    expect(aggregate.chunksIterated).to.equal(2);
  });

  it('names the transfer of a volume statement once the metadata has shown that it is one', () => {
    const { statement, aggregate } = ready();
    statement.metadataSeen(metadata(TSparkRowSetType.COLUMN_BASED_SET, { isStagingOperation: true }));
    const put = { columns: [{ stringVal: { values: ['PUT'] } }] };
    statement.pageSeen(page(put), false);
    statement.pageSeen(page({ columns: [{ stringVal: { values: ['GET'] } }] }), false);
    expect(aggregate).to.include({ statementType: 'VOLUME', volumeOperation: 'PUT' });
  });

  it('does not look for a transfer in the rows of a query', () => {
    const { statement, aggregate } = ready();
    statement.pageSeen(page({ columns: [{ stringVal: { values: ['PUT'] } }] }), false);
    expect(aggregate.volumeOperation).to.equal(undefined);
  });
});

describe('StatementObservation: the end', () => {
  it('is delivered when every row of the last page was read', () => {
    const { statement } = ready();
    statement.pageSeen(arrowPage(5), false);
    statement.rowsDelivered(3, 230);
    expect(statement.isDelivered).to.equal(false);
    statement.rowsDelivered(2, 230);
    expect(statement.isDelivered).to.equal(true);
    expect(statement.outcomeAtClose(false)).to.equal('delivered');
  });

  it('is not delivered while the server has more pages', () => {
    const { statement } = ready();
    statement.pageSeen(arrowPage(5, true), false);
    statement.rowsDelivered(5, 230);
    expect(statement.isDelivered).to.equal(false);
  });

  it('is delivered with its only page when the server closed the operation with it', () => {
    const { statement } = ready();
    statement.pageSeen(arrowPage(5, true), true);
    statement.rowsDelivered(5, 230);
    expect(statement.isDelivered).to.equal(true);
  });

  it('is not delivered before the result is ready', () => {
    expect(accepted(false).statement.isDelivered).to.equal(false);
    expect(accepted(false).statement.hasNoResultSet).to.equal(false);
  });

  it('is delivered as soon as a statement without a result set has finished', () => {
    const { statement } = ready(false);
    expect(statement.hasNoResultSet).to.equal(true);
    expect(statement.isDelivered).to.equal(true);
  });

  it('learns from the status that there is no result set', () => {
    const { statement } = accepted();
    statement.polled(state(FINISHED_STATE, { hasResultSet: false }), 1, 20);
    expect(statement.hasNoResultSet).to.equal(true);
  });

  it('is not the success of a statement without a result set when the server reports a failure', () => {
    const { statement } = accepted(false);
    statement.polled(state(CANCELED_STATE), 1, 20);
    expect(statement.hasNoResultSet).to.equal(false);
  });

  for (const [seen, outcome] of [
    [ERROR_STATE, 'failed'],
    [CANCELED_STATE, 'cancelled_by_server'],
    [TIMEDOUT_STATE, 'timed_out'],
  ] as const) {
    it(`is ${outcome} as the server said, also when it is closed before anybody asked`, () => {
      for (const hasResultSet of [true, false]) {
        const { statement } = accepted(hasResultSet);
        statement.polled(state(seen), 1, 20);
        expect(statement.isDelivered).to.equal(false);
        expect(statement.outcomeAtClose(true)).to.equal(outcome);
      }
    });
  }

  it('is the success of a statement without a result set although another call on it was refused', () => {
    const { statement } = accepted(false);
    statement.failureSeen(REFUSED);
    statement.polled(state(FINISHED_STATE), 1, 20);
    expect(statement.hasNoResultSet).to.equal(true);
  });

  it('keeps what the server said of a failure', () => {
    const { statement } = accepted();
    statement.failureSeen(REFUSED);
    expect(statement.trouble.serverFailure).to.deep.equal({ sqlState: '42000', message: '[NOT_ALLOWED] no' });
  });

  it('is closed unfetched, or with its session, when rows are left', () => {
    const { statement } = ready();
    expect(statement.outcomeAtClose(false)).to.equal('closed_unfetched');
    expect(statement.outcomeAtClose(true)).to.equal('session_closed');
  });

  it('is the error that stands in the way, until rows come after all', () => {
    const { statement } = ready();
    statement.pageSeen(arrowPage(5), false);
    statement.rowsDelivered(2, 230);
    statement.troubled().unresolved = 'connection_lost';
    expect(statement.isDelivered).to.equal(false);
    expect(statement.outcomeAtClose(true)).to.equal('connection_lost');
    statement.rowsDelivered(3, 230);
    expect(statement.outcomeAtClose(true)).to.equal('delivered');
  });

  it('happens once', () => {
    const { statement, aggregate } = ready();
    expect(statement.end('cancelled', 30)).to.equal(true);
    expect(statement.end('delivered', 40)).to.equal(false);
    expect(aggregate.outcome).to.equal('cancelled');
  });

  it('says what kind of statement it was where nothing else did', () => {
    const typeAfter = (observed: { statement: StatementObservation; aggregate: StatementAggregate }): unknown => {
      observed.statement.end('delivered', 30);
      return observed.aggregate.statementType;
    };
    expect(typeAfter(ready())).to.equal('QUERY');
    expect(typeAfter(ready(false))).to.equal('UPDATE');
    const modifying = accepted();
    modifying.statement.polled(state(FINISHED_STATE, { numModifiedRows: 3 }), 1, 20);
    expect(typeAfter(modifying)).to.equal('UPDATE');
    const listing = ready();
    listing.aggregate.statementType = 'METADATA';
    expect(typeAfter(listing)).to.equal('METADATA');
  });

  it('ends consumption inside a call that reads the result', () => {
    const { statement, aggregate } = ready();
    statement.pageSeen(arrowPage(1), false);
    statement.callStarted(100);
    statement.rowsDelivered(1, 230);
    statement.end('delivered', 130);
    expect(aggregate.resultConsumptionLatencyMs).to.equal(30);
  });
});

describe('StatementObservation, printed', () => {
  it('shows neither URLs of files nor texts of errors', () => {
    const { statement } = accepted();
    const word = 'canary';
    statement.offered = new OfferedFiles();
    statement.offered.urls.push(`https://files.test/${word}`);
    statement.troubled().lastThrown = new Error(word);
    statement.failureSeen({ sqlState: '42000', errorMessage: word });
    for (const text of [
      inspect(statement, { depth: 9 }),
      JSON.stringify(statement),
      JSON.stringify({ ...statement }),
    ]) {
      expect(text).to.include('session-1').and.not.include(word);
    }
  });
});
