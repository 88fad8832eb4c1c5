import { expect } from 'chai';
import { toStatementSummary } from '../../../../lib/model/StatementSummary';
import { TelemetryEventType } from '../../../../lib/telemetry/types';
import {
  arrowPage,
  linkPage,
  metadata,
  OK,
  page,
  REFUSED,
  state,
  TOperationState,
  TSparkRowSetType,
} from '../../.stubs/thriftAnswers';
import { DriverWorld } from './driverWorld';

const FAILURE = new Error('of the network');
const REPEATED = { count: 2, causes: ['503'] };

describe('ObservedDriver', () => {
  let at: DriverWorld;
  beforeEach(() => {
    at = new DriverWorld();
  });

  describe('an RPC about an operation', () => {
    it('counts as a poll when it asks for the status', async () => {
      const { statement, handle } = await at.bound();
      at.inner.getOperationStatus.resolves(state(TOperationState.RUNNING_STATE));
      await at.driver.getOperationStatus({ operationHandle: handle });
      expect(statement.pollCount).to.equal(1);
      expect(statement.outcome).to.equal(undefined);
    });

    it('ends a statement that turns out to have no result set', async () => {
      const { statement, handle } = await at.bound();
      at.inner.getOperationStatus.resolves(state(TOperationState.FINISHED_STATE, { hasResultSet: false }));
      await at.driver.getOperationStatus({ operationHandle: handle });
      expect(at.connection.eventsOf(TelemetryEventType.STATEMENT_COMPLETE)[0]?.outcome).to.equal('delivered');
      expect(statement.outcome).to.equal('delivered');
    });

    it('shows the format and the pages', async () => {
      const { statement, handle } = await at.bound();
      at.inner.getResultSetMetadata.resolves(metadata(TSparkRowSetType.ARROW_BASED_SET));
      at.inner.fetchResults.resolves(arrowPage(4));
      await at.driver.getResultSetMetadata({ operationHandle: handle });
      await at.driver.fetchResults({ operationHandle: handle });
      expect(statement).to.include({ executionResult: 'INLINE_ARROW', pageCount: 1, byteCount: 40 });
    });

    for (const [operationState, outcome] of [
      [TOperationState.ERROR_STATE, 'failed'],
      [TOperationState.CANCELED_STATE, 'cancelled_by_server'],
      [TOperationState.TIMEDOUT_STATE, 'timed_out'],
    ] as const) {
      it(`notes that it is ${outcome} as the server says, and leaves the end to the call that hears of it`, async () => {
        for (const hasResultSet of [true, false]) {
          const { statement, handle } = await at.bound();
          at.inner.getOperationStatus.resolves(state(operationState, { hasResultSet, sqlState: '42P01' }));
          await at.driver.getOperationStatus({ operationHandle: handle });
          expect(statement.outcome).to.equal(undefined);
          expect(at.connection.observer.failureOf(statement)?.outcome).to.equal(outcome);
          expect(at.connection.observer.failureOf(statement)?.serverFailure?.sqlState).to.equal('42P01');
        }
      });
    }

    it('ends a statement without a result set as delivered although an earlier RPC about it failed', async () => {
      const { statement, handle } = await at.bound();
      at.inner.cancelOperation.resolves({ status: REFUSED });
      await at.driver.cancelOperation({ operationHandle: handle });
      const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      at.connection.observer.statementFailed(statement, reset, 'poll', performance.now());
      at.inner.getOperationStatus.resolves(state(TOperationState.FINISHED_STATE, { hasResultSet: false }));
      await at.driver.getOperationStatus({ operationHandle: handle });
      expect(statement.outcome).to.equal('delivered');
    });

    it('that is answered after the statement has ended changes nothing of it', async () => {
      const { statement, handle } = await at.bound();
      at.connection.observer.statementEnded(statement, 'cancelled', performance.now());
      const before = toStatementSummary(statement);
      at.inner.fetchResults.resolves(linkPage([10]));
      at.inner.getOperationStatus.resolves(state(TOperationState.FINISHED_STATE));
      at.inner.getResultSetMetadata.resolves(metadata(TSparkRowSetType.URL_BASED_SET));
      await at.driver.fetchResults({ operationHandle: handle });
      await at.driver.getOperationStatus({ operationHandle: handle });
      await at.driver.getResultSetMetadata({ operationHandle: handle });
      expect(toStatementSummary(statement)).to.deep.equal(before);
      expect(at.connection.observer.files.downloads.claim('https://store.test/0')).to.equal(undefined);
    });

    it('adds the latency of the close, once, and only until the record is encoded', async () => {
      const [first, second] = [await at.bound(), await at.bound()];
      at.inner.closeOperation.resolves({ status: OK });
      for (const { statement } of [first, second]) {
        at.connection.observer.statementEnded(statement, 'delivered', performance.now());
      }
      second.statement.eventId = 'encoded';
      await at.driver.closeOperation({ operationHandle: first.handle });
      const latencyMs = first.statement.rare?.closeLatencyMs;
      await at.driver.closeOperation({ operationHandle: first.handle });
      await at.driver.closeOperation({ operationHandle: second.handle });
      expect(latencyMs).to.be.a('number');
      expect([first, second].map(({ statement }) => statement.rare?.closeLatencyMs)).to.deep.equal([
        latencyMs,
        undefined,
      ]);
    });

    it('names the transfer of a volume statement once the metadata has shown that it is one', async () => {
      const rows = (name: string): unknown => page({ columns: [{ stringVal: { values: [name] } }] });
      const [transfer, query] = [await at.bound(), await at.bound()];
      at.inner.getResultSetMetadata.resolves(metadata(TSparkRowSetType.COLUMN_BASED_SET, { isStagingOperation: true }));
      await at.driver.getResultSetMetadata({ operationHandle: transfer.handle });
      for (const name of ['PUT', 'GET']) {
        at.inner.fetchResults.resolves(rows(name));
        await at.driver.fetchResults({ operationHandle: transfer.handle });
        await at.driver.fetchResults({ operationHandle: query.handle });
      }
      expect(transfer.statement.statementType).to.equal('VOLUME');
      expect(transfer.statement.rare?.volumeOperation).to.equal('PUT');
      expect(query.statement.rare?.volumeOperation).to.equal(undefined);
    });

    it('offers the files of each page', async () => {
      const { handle } = await at.bound();
      at.inner.fetchResults
        .onFirstCall()
        .resolves(linkPage([10]))
        .onSecondCall()
        .resolves(linkPage([10], 1));
      await at.driver.fetchResults({ operationHandle: handle });
      await at.driver.fetchResults({ operationHandle: handle });
      expect(at.connection.observer.files.downloads.claim('https://store.test/1')?.index).to.equal(1);
    });

    it('that the server refuses is no page, and leaves what it said', async () => {
      for (const statusCode of [REFUSED.statusCode, 4]) {
        const { statement, handle } = await at.bound();
        at.inner.fetchResults.resolves({ status: { ...REFUSED, statusCode } });
        await at.driver.fetchResults({ operationHandle: handle });
        expect(at.connection.observer.failureOf(statement)?.serverFailure?.sqlState).to.equal('42000');
        expect(statement.pageCount).to.equal(0);
      }
    });

    for (const [name, thrift] of [
      ['getOperationStatus', 'GetOperationStatus'],
      ['getResultSetMetadata', 'GetResultSetMetadata'],
      ['cancelOperation', 'CancelOperation'],
      ['closeOperation', 'CloseOperation'],
    ] as const) {
      it(`counts the retries of ${name} for its statement, while it is on its way`, async () => {
        const { statement, handle } = await at.bound();
        const message = Buffer.concat([Buffer.from(thrift), handle.operationId.guid]);
        const retry = (): void => void at.connection.observer.rpcs.repeated(message, REPEATED);
        at.inner[name].callsFake(async () => {
          await Promise.resolve();
          retry();
          throw FAILURE;
        });
        expect(await at.driver[name]({ operationHandle: handle }).catch((thrown: unknown) => thrown)).to.equal(FAILURE);
        retry();
        expect(statement.retryCount).to.equal(1);
      });
    }
  });
});
