import { expect } from 'chai';
import sinon from 'sinon';
import { toStatementSummary } from '../../../../lib/model/StatementSummary';
import { DRIVER_METHODS } from '../../../../lib/observe/connection/driverCompatibility';
import { TelemetryEventType } from '../../../../lib/telemetry/types';
import {
  arrowPage,
  direct,
  linkPage,
  metadata,
  OK,
  OPERATION_ID,
  operationHandle,
  REFUSED,
  SESSION_GUID,
  SESSION_ID,
  sessionHandle,
  state,
  TOperationState,
  TSparkRowSetType,
} from '../../.stubs/thriftAnswers';
import { DriverWorld } from './driverWorld';

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
  let at: DriverWorld;
  beforeEach(() => {
    at = new DriverWorld();
  });

  describe('passes on', () => {
    it('every method of the driver', () => {
      for (const name of DRIVER_METHODS) expect(at.driver[name], name).to.be.a('function');
    });

    for (const name of DRIVER_METHODS) {
      it(`the request and the answer of ${name}, the same objects`, async () => {
        const request = { sessionHandle: sessionHandle(), operationHandle: operationHandle() };
        const answer = { status: OK };
        at.inner[name].resolves(answer);
        expect(await at.driver[name](request)).to.equal(answer);
        sinon.assert.calledOnceWithExactly(at.inner[name], request);
        expect(at.inner[name].firstCall.args[0]).to.equal(request);
        sinon.assert.calledOn(at.inner[name], at.inner);
      });

      it(`the error of ${name}, the same object`, async () => {
        at.inner[name].rejects(FAILURE);
        const request = { sessionHandle: sessionHandle(), operationHandle: operationHandle() };
        expect(await at.driver[name](request).catch((thrown: unknown) => thrown)).to.equal(FAILURE);
      });
    }

    for (const name of SUBMITTING) {
      it(`the error of an observed ${name}, and forgets its RPC`, async () => {
        const statement = at.expectCall(name);
        at.inner[name].rejects(FAILURE);
        const thrown: unknown = await at.driver[name]({ sessionHandle: sessionHandle() }).catch(
          (error: unknown) => error,
        );
        expect(thrown).to.equal(FAILURE);
        const message = Buffer.concat([Buffer.from(name.charAt(0).toUpperCase() + name.slice(1)), SESSION_GUID]);
        at.connection.observer.rpcs.repeated(message, REPEATED);
        expect(statement.retryCount).to.equal(0);
      });
    }
  });

  describe('a submit', () => {
    it('belongs to the call with the same session, method and text', async () => {
      const statement = at.expectCall('executeStatement', 'SELECT 1');
      at.inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle() });
      await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 2' });
      expect(statement.statementId).to.equal(undefined);
      await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(statement.statementId).to.equal(OPERATION_ID);
      expect(statement.submitLatencyMs).to.be.a('number');
    });

    it('ties the handle in its answer to the statement', async () => {
      const [statement, handle] = [at.expectCall('getTables'), operationHandle()];
      at.inner.getTables.resolves({ status: OK, operationHandle: handle });
      await at.driver.getTables({ sessionHandle: sessionHandle() });
      at.inner.getOperationStatus.resolves(state(TOperationState.RUNNING_STATE));
      await at.driver.getOperationStatus({ operationHandle: handle });
      await at.driver.getOperationStatus({ operationHandle: operationHandle() });
      expect(statement.pollCount).to.equal(1);
    });

    it('that the server rejects leaves what it said', async () => {
      const statement = at.expectCall('executeStatement', 'SELECT 1');
      at.inner.executeStatement.resolves({ status: REFUSED });
      await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(at.connection.observer.failureOf(statement)?.serverFailure?.sqlState).to.equal('42000');
      expect(statement.statementId).to.equal(undefined);
    });

    it('offers the files that came with it', async () => {
      const statement = at.expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({ resultSet: linkPage([10, 10]) });
      at.inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(), directResults });
      await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(at.connection.observer.files.downloads.claim('https://store.test/1')?.statement).to.equal(statement);
    });

    it('has its whole result seen that came with it', async () => {
      const statement = at.expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({
        operationStatus: state(TOperationState.FINISHED_STATE),
        resultSetMetadata: metadata(TSparkRowSetType.ARROW_BASED_SET, { lz4Compressed: true }),
        resultSet: arrowPage(2),
        closeOperation: { status: OK },
      });
      at.inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(), directResults });
      await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(statement).to.include({ directResults: 'complete', executionResult: 'INLINE_ARROW', compressed: true });
      expect(statement).to.include({ pageCount: 1, byteCount: 20, rowsAvailable: 2, hasLastPage: true });
      expect(statement.resultReadyLatencyMs).to.equal(statement.latencyMs);
    });

    it('that is answered after the statement has ended changes nothing of it', async () => {
      const statement = at.expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({
        operationStatus: state(TOperationState.FINISHED_STATE),
        resultSet: linkPage([10, 10]),
      });
      at.inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(), directResults });
      at.connection.observer.statementEnded(statement, 'cancelled', performance.now());
      const before = toStatementSummary(statement);
      await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(toStatementSummary(statement)).to.deep.equal(before);
      expect(at.connection.observer.files.downloads.claim('https://store.test/1')).to.equal(undefined);
    });

    it('is the whole statement when there is no result set', async () => {
      const statement = at.expectCall('executeStatement', 'SELECT 1');
      const directResults = direct({ operationStatus: state(TOperationState.FINISHED_STATE) });
      at.inner.executeStatement.resolves({ status: OK, operationHandle: operationHandle(false), directResults });
      await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' });
      expect(statement).to.include({ outcome: 'delivered', statementType: 'UPDATE' });
    });

    it('counts its retries while it is on its way', async () => {
      const statement = at.expectCall('getTables');
      at.inner.getTables.callsFake(async () => {
        await Promise.resolve();
        const message = Buffer.concat([Buffer.from('GetTables'), SESSION_GUID]);
        at.connection.observer.rpcs.repeated(message, { count: 3, causes: ['503', 'ECONNRESET'] });
        return { status: OK };
      });
      await at.driver.getTables({ sessionHandle: sessionHandle() });
      expect(statement.retryCount).to.equal(2);
    });
  });

  it('reports how long closing a session took, also when that failed', async () => {
    const handle = sessionHandle();
    at.inner.closeSession.onFirstCall().resolves({ status: OK }).onSecondCall().rejects(FAILURE);
    for (let time = 0; time < 2; time += 1) {
      at.connection.observer.sessionOpened(at.connection.observer.sessionStarted(), { id: SESSION_ID });
      await at.driver.closeSession({ sessionHandle: handle }).catch(() => undefined);
      at.connection.observer.sessionClosed(SESSION_ID);
    }
    const closed = at.connection.eventsOf(TelemetryEventType.CONNECTION_CLOSE);
    expect(closed.map(({ latencyMs }) => typeof latencyMs)).to.deep.equal(['number', 'number']);
  });

  it('gives the application its answer whatever goes wrong while it is observed', async () => {
    const { handle } = await at.bound();
    const broken = { status: OK, hasMoreRows: false, results: { resultLinks: [{ fileLink: 'no url' }] } };
    at.inner.fetchResults.resolves(broken);
    expect(await at.driver.fetchResults({ operationHandle: handle })).to.equal(broken);
    at.expectCall('executeStatement', 'SELECT 1');
    const answer = { status: OK, operationHandle: {} };
    at.inner.executeStatement.resolves(answer);
    expect(await at.driver.executeStatement({ sessionHandle: sessionHandle(), statement: 'SELECT 1' })).to.equal(
      answer,
    );
    const closed = { status: OK };
    at.inner.closeSession.resolves(closed);
    expect(await at.driver.closeSession({ sessionHandle: {} })).to.equal(closed);
    at.inner.getTables.resolves(closed);
    expect(await at.driver.getTables({ sessionHandle: {} })).to.equal(closed);
    expect(at.connection.context.lines).to.have.length(4);
  });
});
