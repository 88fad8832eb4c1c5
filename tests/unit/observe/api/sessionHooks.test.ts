import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import { expect } from 'chai';
import sinon from 'sinon';
import { hookSession } from '../../../../lib/observe/api/sessionHooks';
import type { Statement } from '../../../../lib/model/Statement';
import { TelemetryEventType } from '../../../../lib/telemetry/types';
import { ObservedConnection } from '../../.stubs/observedConnection';

const { STATEMENT_START, STATEMENT_COMPLETE, CONNECTION_CLOSE, ERROR } = TelemetryEventType;
const FAILURE = new Error('of the driver');
const SESSION_ID = 'session-1';
const TEXT = 'SELECT 1';

const LISTS = [
  ['getTypeInfo', 'LIST_TYPE_INFO'],
  ['getCatalogs', 'LIST_CATALOGS'],
  ['getSchemas', 'LIST_SCHEMAS'],
  ['getTables', 'LIST_TABLES'],
  ['getTableTypes', 'LIST_TABLE_TYPES'],
  ['getColumns', 'LIST_COLUMNS'],
  ['getFunctions', 'LIST_FUNCTIONS'],
  ['getPrimaryKeys', 'LIST_PRIMARY_KEYS'],
  ['getCrossReference', 'LIST_CROSS_REFERENCES'],
] as const;
const METHODS = ['executeStatement', ...LISTS.map(([name]) => name), 'getInfo', 'close'] as const;

type Method = (typeof METHODS)[number];

class Operation {
  readonly id = 'statement-1';
  async close(): Promise<void> {}
}

describe('hookSession', () => {
  let connection: ObservedConnection;
  let inner: Record<Method, sinon.SinonStub>;
  let session: Record<Method, (...args: unknown[]) => Promise<unknown>>;

  beforeEach(() => {
    connection = new ObservedConnection();
    inner = Object.fromEntries(METHODS.map((name) => [name, sinon.stub().resolves()])) as never;
    session = Object.create(inner, { id: { value: SESSION_ID } }) as typeof session;
    connection.observer.sessionOpened(connection.observer.sessionStarted(), { id: SESSION_ID });
    hookSession(session as unknown as IDBSQLSession, connection.observer);
  });

  const operation = (): Operation => new Operation();
  const rowOf = (index = 0) => connection.eventsOf(STATEMENT_COMPLETE)[index]?.summary;
  const thrownBy = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  const claim = (rpc: string, text?: string): Statement | undefined =>
    connection.observer.calls.claim(SESSION_ID, rpc, text);

  for (const name of METHODS) {
    it(`passes the arguments, the answer and the error of ${name} on, the same objects`, async () => {
      const [args, answer] = [[{ first: 1 }, { second: 2 }], operation()];
      inner[name].onFirstCall().resolves(answer).onSecondCall().rejects(FAILURE);
      expect(await session[name](...args)).to.equal(answer);
      expect(inner[name].firstCall.args).to.deep.equal(args);
      expect(inner[name].firstCall.args[0]).to.equal(args[0]);
      sinon.assert.calledOn(inner[name], session);
      expect(await thrownBy(session[name](...args))).to.equal(FAILURE);
    });
  }

  for (const [name, operationType] of LISTS) {
    it(`makes ${name} a statement of its own kind, from before its RPC`, async () => {
      inner[name].callsFake(async () => {
        const statement = claim(name);
        expect(statement).to.include({ operationType, statementType: 'METADATA', sessionId: SESSION_ID });
        return operation();
      });
      await session[name]({ runAsync: true });
      expect(connection.eventsOf(STATEMENT_START)).to.have.length(1);
    });
  }

  it('makes executeStatement a statement that its RPC finds by session and text', async () => {
    inner.executeStatement.callsFake(async () => {
      expect(claim('executeStatement', 'SELECT 2')).to.equal(undefined);
      expect(claim('executeStatement', TEXT)?.operationType).to.equal('EXECUTE_STATEMENT');
      return operation();
    });
    await session.executeStatement(TEXT);
    expect(connection.eventsOf(STATEMENT_START)).to.have.length(1);
  });

  it('observes the operation that comes back, which stays the same object', async () => {
    const returned = operation();
    inner.executeStatement.resolves(returned);
    expect(await session.executeStatement(TEXT)).to.equal(returned);
    expect(returned).to.be.instanceOf(Operation);
    expect(Object.getPrototypeOf(returned)).to.not.equal(Operation.prototype);
  });

  it('takes the id and the end of the submit from the operation where no RPC was seen', async () => {
    inner.executeStatement.resolves(operation());
    await ((await session.executeStatement(TEXT)) as Operation).close();
    expect(rowOf()?.statementId).to.equal('statement-1');
    expect(rowOf()?.submitLatencyMs).to.be.a('number');
  });

  it("takes no call for another's when one that never reached the wire has ended", async () => {
    inner.executeStatement.rejects(FAILURE);
    await thrownBy(session.executeStatement(TEXT));
    expect(claim('executeStatement', TEXT)).to.equal(undefined);
    expect(rowOf()).to.include({ outcome: 'failed' });
    expect(connection.eventsOf(ERROR)[0]?.stage).to.equal('execute');
  });

  it("leaves a call that opted out unobserved, without mistaking its RPC for another's", async () => {
    const returned = operation();
    inner.executeStatement.callsFake(async () => {
      expect(claim('executeStatement', TEXT)).to.equal(undefined);
      return returned;
    });
    await session.executeStatement(TEXT, { telemetryObserve: false });
    inner.executeStatement.rejects(FAILURE);
    expect(await thrownBy(session.executeStatement(TEXT, { telemetryObserve: false }))).to.equal(FAILURE);
    inner.getTables.resolves(returned);
    await session.getTables({ telemetryObserve: false });
    expect(Object.getPrototypeOf(returned)).to.equal(Operation.prototype);
    expect(connection.events.map(({ eventType }) => eventType)).to.deep.equal([TelemetryEventType.CONNECTION_OPEN]);
  });

  for (const telemetryObserve of ['false', 'true', null, 0, 1, '', {}]) {
    it(`leaves a call unobserved that is told ${JSON.stringify(telemetryObserve)} instead of a plain yes`, async () => {
      inner.executeStatement.resolves(operation());
      await session.executeStatement(TEXT, { telemetryObserve });
      inner.getTables.resolves(operation());
      await session.getTables({ telemetryObserve });
      expect(connection.eventsOf(STATEMENT_START)).to.deep.equal([]);
    });
  }

  for (const options of [undefined, null, 'text', { telemetryEnabled: true }, { telemetryEnabled: undefined }]) {
    it(`takes ${JSON.stringify(options)} for no wish to hide`, async () => {
      inner.executeStatement.resolves(operation());
      await session.executeStatement(TEXT, options);
      expect(connection.eventsOf(STATEMENT_START)).to.have.length(1);
    });
  }

  for (const telemetryEnabled of [false, 'true', null, 0]) {
    it(`keeps a call from Databricks that is told ${JSON.stringify(telemetryEnabled)}, and from nobody else`, async () => {
      inner.executeStatement.resolves(operation());
      const databricks = { processEvent: sinon.spy() };
      connection.observer.emitter.attach(databricks);
      await session.executeStatement(TEXT, { telemetryEnabled });
      inner.executeStatement.rejects(FAILURE);
      await thrownBy(session.executeStatement(TEXT, { telemetryEnabled }));
      sinon.assert.notCalled(databricks.processEvent);
      expect(connection.eventsOf(STATEMENT_START)).to.have.length(2);
      expect(connection.eventsOf(ERROR)).to.have.length(1);
    });
  }

  it('ends a volume statement when the call that does its transfer returns', async () => {
    inner.executeStatement.callsFake(async () => {
      const statement = claim('executeStatement', TEXT);
      if (statement !== undefined) statement.statementType = 'VOLUME';
      return operation();
    });
    await session.executeStatement(TEXT, { stagingAllowedLocalPath: ['/tmp'] });
    expect(rowOf()).to.include({ outcome: 'delivered', statementType: 'VOLUME' });
  });

  it('gives the answer although it is nothing that can be observed', async () => {
    const frozen = Object.freeze(operation());
    inner.executeStatement.onFirstCall().resolves(frozen).onSecondCall().resolves(undefined);
    expect(await session.executeStatement(TEXT)).to.equal(frozen);
    expect(await session.executeStatement(TEXT)).to.equal(undefined);
    expect(connection.context.lines).to.have.length(2);
  });

  it('makes getInfo a statement that is delivered with its answer', async () => {
    inner.getInfo.resolves('answer');
    expect(await session.getInfo(18)).to.equal('answer');
    expect(rowOf()).to.include({ outcome: 'delivered', statementType: 'METADATA', operationType: undefined });
  });

  it('makes a getInfo that throws a failed statement with its error', async () => {
    inner.getInfo.rejects(FAILURE);
    await thrownBy(session.getInfo(18));
    expect(rowOf()).to.include({ outcome: 'failed' });
    expect(connection.eventsOf(ERROR)[0]?.stage).to.equal('execute');
  });

  it('reports its end once, however often it is closed', async () => {
    await session.close();
    await session.close();
    expect(connection.eventsOf(CONNECTION_CLOSE)).to.have.length(1);
  });

  it('reports a close that failed, and its end', async () => {
    inner.close.rejects(FAILURE);
    expect(await thrownBy(session.close())).to.equal(FAILURE);
    expect(connection.eventsOf(ERROR)[0]).to.include({ stage: 'close_session', sessionId: SESSION_ID });
    expect(connection.eventsOf(CONNECTION_CLOSE)).to.have.length(1);
  });

  it('lets an operation know that it is closed by its session', async () => {
    const returned = operation();
    inner.executeStatement.resolves(returned);
    await session.executeStatement(TEXT);
    inner.close.callsFake(() => returned.close());
    await session.close();
    expect(rowOf()).to.include({ outcome: 'session_closed' });
  });
});
