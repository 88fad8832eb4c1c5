import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import { expect } from 'chai';
import sinon from 'sinon';
import type { Statement } from '../../../../lib/model/Statement';
import { toStatementSummary } from '../../../../lib/model/StatementSummary';
import { DRIVER_METHODS } from '../../../../lib/observe/connection/driverCompatibility';
import { ObservedDriver } from '../../../../lib/observe/rpc/ObservedDriver';

import { TelemetryEventType } from '../../../../lib/telemetry/types';
import { ObservedConnection } from '../../.stubs/observedConnection';
import {
  arrowPage,
  direct,
  linkPage,
  metadata,
  OK,
  OPERATION_ID,
  operationHandle,
  page,
  REFUSED,
  SESSION_GUID,
  SESSION_ID,
  sessionHandle,
  state,
  TOperationState,
  TSparkRowSetType,
} from '../../.stubs/thriftAnswers';

type Method = (typeof DRIVER_METHODS)[number];
type AnyRpc = (request: unknown) => Promise<unknown>;

const SUBMITTING = [
  'executeStatement',
  'getTypeInfo',
  'getCatalogs',
  'getSchemas',
  'getTables',
  'getTableTypes',
  'getColumns',
  'getFunctions',
  'getPrimaryKeys',
  'getCrossReference',
] as const;
const FAILURE = new Error('of the network');
const REPEATED = { count: 2, causes: ['503'] };

describe('ObservedDriver', () => {
  let connection: ObservedConnection;
  let inner: sinon.SinonStubbedInstance<Record<Method, AnyRpc>>;
  let driver: Record<Method, AnyRpc>;

  beforeEach(() => {
    connection = new ObservedConnection();
    inner = Object.fromEntries(DRIVER_METHODS.map((name) => [name, sinon.stub()])) as never;
    driver = new ObservedDriver(inner as unknown as IDriver, connection.observer) as unknown as typeof driver;
  });

  /** A pending call of the application that the next such RPC belongs to. */
  function expectCall(rpc: Method, text?: string): Statement {
    const statement = connection.start(SESSION_ID);
    const call = { sessionId: SESSION_ID, rpc, text, statement, transfer: undefined, isClaimed: false };
    connection.observer.calls.add(call);
    return statement;
  }

  /** A statement that is known by the handle of its operation. */
  async function bound(): Promise<{ statement: Statement; handle: ReturnType<typeof operationHandle> }> {
    const [statement, handle] = [expectCall('getCatalogs'), operationHandle()];
    inner.getCatalogs.resolves({ status: OK, operationHandle: handle });
    await driver.getCatalogs({ sessionHandle: sessionHandle() });
    return { statement, handle };
  }

  describe('passes on', () => {
    it('every method of the driver', () => {
      for (const name of DRIVER_METHODS) expect(driver[name], name).to.be.a('function');
    });

    for (const name of DRIVER_METHODS) {
      it(`the request and the answer of ${name}, the same objects`, async () => {
        const request = { sessionHandle: sessionHandle(), operationHandle: operationHandle() };
        const answer = { status: OK };
        inner[name].resolves(answer);
        expect(await driver[name](request)).to.equal(answer);
        sinon.assert.calledOnceWithExactly(inner[name], request);
        expect(inner[name].firstCall.args[0]).to.equal(request);
        sinon.assert.calledOn(inner[name], inner);
      });

      it(`the error of ${name}, the same object`, async () => {
        inner[name].rejects(FAILURE);
        const request = { sessionHandle: sessionHandle(), operationHandle: operationHandle() };
        expect(await driver[name](request).catch((thrown: unknown) => thrown)).to.equal(FAILURE);
      });
    }

    for (const name of SUBMITTING) {
      it(`the error of an observed ${name}, and forgets its RPC`, async () => {
        const statement = expectCall(name);
        inner[name].rejects(FAILURE);
        const thrown: unknown = await driver[name]({ sessionHandle: sessionHandle() }).catch((error: unknown) => error);
        expect(thrown).to.equal(FAILURE);
        const message = Buffer.concat([Buffer.from(name.charAt(0).toUpperCase() + name.slice(1)), SESSION_GUID]);
        connection.observer.rpcs.repeated(message, REPEATED);
        expect(statement.retryCount).to.equal(0);
      });
    }
  });

  describe('a submit', () => {
    it('belongs to the call with the same session, method and text', async () => {
      const statement = expectCall('executeStatement', 'SELECT 1');
      inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle() });
      await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 2' });
      expect(statement.statementId).to.equal(undefined);
      await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(statement.statementId).to.equal(OPERATION_ID);
      expect(statement.submitLatencyMs).to.be.a('number');
    });

    it('ties the handle in its answer to the statement', async () => {
      const [statement, handle] = [expectCall('getTables'), operationHandle()];
      inner.getTables.resolves({ status: OK, operationHandle: handle });
      await driver.getTables({ sessionHandle: sessionHandle() });
      inner.getOperationStatus.resolves(state(TOperationState.RUNNING_STATE));
      await driver.getOperationStatus({ operationHandle: handle });
      await driver.getOperationStatus({ operationHandle: operationHandle() });
      expect(statement.pollCount).to.equal(1);
    });

    it('that the server rejects leaves what it said', async () => {
      const statement = expectCall('executeStatement', 'SELECT 1');
      inner.executeStatement.resolves({ status: REFUSED });
      await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(connection.observer.failureOf(statement)?.serverFailure?.sqlState).to.equal('42000');
      expect(statement.statementId).to.equal(undefined);
    });

    it('offers the files that came with it', async () => {
      const statement = expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({ resultSet: linkPage([10, 10]) });
      inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(), directResults });
      await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(connection.observer.files.downloads.claim('https://store.test/1')?.statement).to.equal(statement);
    });

    it('has its whole result seen that came with it', async () => {
      const statement = expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({
        operationStatus: state(TOperationState.FINISHED_STATE),
        resultSetMetadata: metadata(TSparkRowSetType.ARROW_BASED_SET, { lz4Compressed: true }),
        resultSet: arrowPage(2),
        closeOperation: { status: OK },
      });
      inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(), directResults });
      await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(statement).to.include({ directResults: 'complete', executionResult: 'INLINE_ARROW', compressed: true });
      expect(statement).to.include({ pageCount: 1, byteCount: 20, rowsAvailable: 2, hasLastPage: true });
      expect(statement.resultReadyLatencyMs).to.equal(statement.latencyMs);
    });

    it('that is answered after the statement has ended changes nothing of it', async () => {
      const statement = expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({
        operationStatus: state(TOperationState.FINISHED_STATE),
        resultSet: linkPage([10, 10]),
      });
      inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(), directResults });
      connection.observer.statementEnded(statement, 'cancelled', performance.now());
      const before = toStatementSummary(statement);
      await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(toStatementSummary(statement)).to.deep.equal(before);
      expect(connection.observer.files.downloads.claim('https://store.test/1')).to.equal(undefined);
    });

    it('is the whole statement when there is no result set', async () => {
      const statement = expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({ operationStatus: state(TOperationState.FINISHED_STATE) });
      inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(false), directResults });
      await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(statement).to.include({ outcome: 'delivered', statementType: 'UPDATE' });
    });

    it('counts its retries while it is on its way', async () => {
      const statement = expectCall('getTables');
      inner.getTables.callsFake(async () => {
        await Promise.resolve();
        const message = Buffer.concat([Buffer.from('GetTables'), SESSION_GUID]);
        connection.observer.rpcs.repeated(message, { count: 3, causes: ['503', 'ECONNRESET'] });
        return { status: OK };
      });
      await driver.getTables({ sessionHandle: sessionHandle() });
      expect(statement.retryCount).to.equal(2);
    });
  });

  describe('an RPC about an operation', () => {
    it('counts as a poll when it asks for the status', async () => {
      const { statement, handle } = await bound();
      inner.getOperationStatus.resolves(state(TOperationState.RUNNING_STATE));
      await driver.getOperationStatus({ operationHandle: handle });
      expect(statement.pollCount).to.equal(1);
      expect(statement.outcome).to.equal(undefined);
    });

    it('ends a statement that turns out to have no result set', async () => {
      const { statement, handle } = await bound();
      inner.getOperationStatus.resolves(state(TOperationState.FINISHED_STATE, { hasResultSet: false }));
      await driver.getOperationStatus({ operationHandle: handle });
      expect(connection.eventsOf(TelemetryEventType.STATEMENT_COMPLETE)[0]?.outcome).to.equal('delivered');
      expect(statement.outcome).to.equal('delivered');
    });

    it('shows the format and the pages', async () => {
      const { statement, handle } = await bound();
      inner.getResultSetMetadata.resolves(metadata(TSparkRowSetType.ARROW_BASED_SET));
      inner.fetchResults.resolves(arrowPage(4));
      await driver.getResultSetMetadata({ operationHandle: handle });
      await driver.fetchResults({ operationHandle: handle });
      expect(statement).to.include({ executionResult: 'INLINE_ARROW', pageCount: 1, byteCount: 40 });
    });

    for (const [operationState, outcome] of [
      [TOperationState.ERROR_STATE, 'failed'],
      [TOperationState.CANCELED_STATE, 'cancelled_by_server'],
      [TOperationState.TIMEDOUT_STATE, 'timed_out'],
    ] as const) {
      it(`notes that it is ${outcome} as the server says, and leaves the end to the call that hears of it`, async () => {
        for (const hasResultSet of [true, false]) {
          const { statement, handle } = await bound();
          inner.getOperationStatus.resolves(state(operationState, { hasResultSet, sqlState: '42P01' }));
          await driver.getOperationStatus({ operationHandle: handle });
          expect(statement.outcome).to.equal(undefined);
          expect(connection.observer.failureOf(statement)?.outcome).to.equal(outcome);
          expect(connection.observer.failureOf(statement)?.serverFailure?.sqlState).to.equal('42P01');
        }
      });
    }

    it('ends a statement without a result set as delivered although an earlier RPC about it failed', async () => {
      const { statement, handle } = await bound();
      inner.cancelOperation.resolves({ status: REFUSED });
      await driver.cancelOperation({ operationHandle: handle });
      const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      connection.observer.statementFailed(statement, reset, 'poll', performance.now());
      inner.getOperationStatus.resolves(state(TOperationState.FINISHED_STATE, { hasResultSet: false }));
      await driver.getOperationStatus({ operationHandle: handle });
      expect(statement.outcome).to.equal('delivered');
    });

    it('that is answered after the statement has ended changes nothing of it', async () => {
      const { statement, handle } = await bound();
      connection.observer.statementEnded(statement, 'cancelled', performance.now());
      const before = toStatementSummary(statement);
      inner.fetchResults.resolves(linkPage([10]));
      inner.getOperationStatus.resolves(state(TOperationState.FINISHED_STATE));
      inner.getResultSetMetadata.resolves(metadata(TSparkRowSetType.URL_BASED_SET));
      await driver.fetchResults({ operationHandle: handle });
      await driver.getOperationStatus({ operationHandle: handle });
      await driver.getResultSetMetadata({ operationHandle: handle });
      expect(toStatementSummary(statement)).to.deep.equal(before);
      expect(connection.observer.files.downloads.claim('https://store.test/0')).to.equal(undefined);
    });

    it('adds the latency of the close, once, and only until the record is encoded', async () => {
      const [first, second] = [await bound(), await bound()];
      inner.closeOperation.resolves({ status: OK });
      for (const { statement } of [first, second]) {
        connection.observer.statementEnded(statement, 'delivered', performance.now());
      }
      second.statement.eventId = 'encoded';
      await driver.closeOperation({ operationHandle: first.handle });
      const latencyMs = first.statement.rare?.closeLatencyMs;
      await driver.closeOperation({ operationHandle: first.handle });
      await driver.closeOperation({ operationHandle: second.handle });
      expect(latencyMs).to.be.a('number');
      expect([first, second].map(({ statement }) => statement.rare?.closeLatencyMs)).to.deep.equal([
        latencyMs,
        undefined,
      ]);
    });

    it('names the transfer of a volume statement once the metadata has shown that it is one', async () => {
      const rows = (name: string): unknown => page({ columns: [{ stringVal: { values: [name] } }] });
      const [transfer, query] = [await bound(), await bound()];
      inner.getResultSetMetadata.resolves(metadata(TSparkRowSetType.COLUMN_BASED_SET, { isStagingOperation: true }));
      await driver.getResultSetMetadata({ operationHandle: transfer.handle });
      for (const name of ['PUT', 'GET']) {
        inner.fetchResults.resolves(rows(name));
        await driver.fetchResults({ operationHandle: transfer.handle });
        await driver.fetchResults({ operationHandle: query.handle });
      }
      expect(transfer.statement.statementType).to.equal('VOLUME');
      expect(transfer.statement.rare?.volumeOperation).to.equal('PUT');
      expect(query.statement.rare?.volumeOperation).to.equal(undefined);
    });

    it('offers the files of each page', async () => {
      const { handle } = await bound();
      inner.fetchResults
        .onFirstCall()
        .resolves(linkPage([10]))
        .onSecondCall()
        .resolves(linkPage([10], 1));
      await driver.fetchResults({ operationHandle: handle });
      await driver.fetchResults({ operationHandle: handle });
      expect(connection.observer.files.downloads.claim('https://store.test/1')?.index).to.equal(1);
    });

    it('that the server refuses is no page, and leaves what it said', async () => {
      for (const statusCode of [REFUSED.statusCode, 4]) {
        const { statement, handle } = await bound();
        inner.fetchResults.resolves({ status: { ...REFUSED, statusCode } });
        await driver.fetchResults({ operationHandle: handle });
        expect(connection.observer.failureOf(statement)?.serverFailure?.sqlState).to.equal('42000');
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
        const { statement, handle } = await bound();
        const message = Buffer.concat([Buffer.from(thrift), handle.operationId.guid]);
        const retry = (): void => void connection.observer.rpcs.repeated(message, REPEATED);
        inner[name].callsFake(async () => {
          await Promise.resolve();
          retry();
          throw FAILURE;
        });
        expect(await driver[name]({ operationHandle: handle }).catch((thrown: unknown) => thrown)).to.equal(FAILURE);
        retry();
        expect(statement.retryCount).to.equal(1);
      });
    }
  });

  it('reports how long closing a session took, also when that failed', async () => {
    const handle = sessionHandle();
    inner.closeSession.onFirstCall().resolves({ status: OK }).onSecondCall().rejects(FAILURE);
    for (let time = 0; time < 2; time += 1) {
      connection.observer.sessionOpened(connection.observer.sessionStarted(), SESSION_ID);
      await driver.closeSession({ sessionHandle: handle }).catch(() => undefined);
      connection.observer.sessionClosed(SESSION_ID);
    }
    const closed = connection.eventsOf(TelemetryEventType.CONNECTION_CLOSE);
    expect(closed.map(({ latencyMs }) => typeof latencyMs)).to.deep.equal(['number', 'number']);
  });

  it('gives the application its answer whatever goes wrong while it is observed', async () => {
    const { handle } = await bound();
    const broken = { status: OK, hasMoreRows: false, results: { resultLinks: [{ fileLink: 'no url' }] } };
    inner.fetchResults.resolves(broken);
    expect(await driver.fetchResults({ operationHandle: handle })).to.equal(broken);
    expectCall('executeStatement', 'SELECT 1');
    const answer = { status: OK, operationHandle: {} };
    inner.executeStatement.resolves(answer);
    expect(await driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' })).to.equal(answer);
    const closed = { status: OK };
    inner.closeSession.resolves(closed);
    expect(await driver.closeSession({ sessionHandle: {} })).to.equal(closed);
    inner.getTables.resolves(closed);
    expect(await driver.getTables({ sessionHandle: {} })).to.equal(closed);
    expect(connection.context.lines).to.have.length(4);
  });
});
