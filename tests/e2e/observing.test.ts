import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  TelemetryEventType,
  type ConnectionOptions,
  type OpenSessionRequest,
} from 'databricks-sql-telemetry';
import { KeepingLogger, query, type Session } from './support/application';
import { statementRows } from './support/telemetry';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const FAST = { telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 1500 };
const [STATEMENT_COMPLETE, CONNECTION_OPEN, ERROR] = ['statement.complete', 'connection.open', 'error'];
const VARIABLES = ['DATABRICKS_TELEMETRY_DISABLED', 'DO_NOT_TRACK'];

/** A client that somebody listens to, and what it heard of. */
class Listener {
  readonly heard: string[] = [];
  readonly client: DBSQLClient;

  constructor(options: object = {}) {
    this.client = new DBSQLClient({ logger: new KeepingLogger(), ...options });
  }

  listen(): this {
    for (const type of [
      TelemetryEventType.CONNECTION_OPEN,
      TelemetryEventType.STATEMENT_COMPLETE,
      TelemetryEventType.ERROR,
    ] as const) {
      this.client.telemetryEvents.on(type, (event: { eventType: string }) => this.heard.push(event.eventType));
    }
    return this;
  }
}

describe('observing and sending are two things', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  after(() => workspace.close());

  const connect = (client: DBSQLClient, options: object = {}): Promise<unknown> =>
    client.connect({ ...workspace.connectionOptions, ...FAST, ...options } as ConnectionOptions);

  const routes = (): string[] => [...new Set(workspace.received.requests().map(({ route }) => String(route)))];

  /** Connects, runs a query and closes. */
  async function work(client: DBSQLClient, ofConnection: object = {}, request?: OpenSessionRequest): Promise<void> {
    await connect(client, ofConnection);
    const session = await client.openSession(request);
    await query(session as Session);
    await client.close();
  }

  const OFF: readonly [string, object, object][] = [
    ['by default', {}, {}],
    ['in the constructor', { telemetryEnabled: false }, { telemetryEnabled: true }],
    ['in connect()', { telemetryEnabled: true }, { telemetryEnabled: false }],
    ['by a value that it cannot have', { telemetryEnabled: true }, { telemetryEnabled: 'no' }],
    ['by its log level', { telemetryEnabled: true }, { telemetryLogLevel: 'OFF' }],
    ['by an endpoint that is none', { telemetryEnabled: true }, { telemetryEndpoint: '' }],
  ];
  for (const [where, ofClient, ofConnection] of OFF) {
    it(`with sending off ${where}, a listener hears all and the workspace gets no request but the driver's`, async () => {
      const listener = new Listener(ofClient).listen();
      await work(listener.client, ofConnection);
      expect(listener.heard).to.deep.equal([CONNECTION_OPEN, STATEMENT_COMPLETE]);
      expect(routes()).to.deep.equal(['thrift']);
      expect(listener.client.getTelemetryStats()).to.deep.include({ collected: 0, requests: 0, flagState: 'unknown' });
    });
  }

  for (const name of VARIABLES) {
    it(`${name} stops sending, and a listener goes on hearing`, async () => {
      process.env[name] = '1';
      try {
        const listener = new Listener({ telemetryEnabled: true }).listen();
        await work(listener.client);
        expect(listener.heard).to.deep.equal([CONNECTION_OPEN, STATEMENT_COMPLETE]);
        expect(routes()).to.deep.equal(['thrift']);
      } finally {
        Reflect.deleteProperty(process.env, name);
      }
    });
  }

  it('a session or statement with telemetryEnabled: false is heard here and not sent', async () => {
    const listener = new Listener({ telemetryEnabled: true }).listen();
    const { client } = listener;
    await connect(client);
    const quiet = (await client.openSession({ telemetryEnabled: false })) as Session;
    await query(quiet);
    await rejectionOf(query(quiet, 'SELECT * FROM no_such_table'));
    const loud = (await client.openSession()) as Session;
    const operation = await loud.executeStatement('SELECT 2 AS two', { telemetryEnabled: false });
    await operation.fetchAll();
    await operation.close();
    await query(loud);
    const sentId = workspace.received.statements().at(-1)?.statementId;
    await client.close();
    expect(listener.heard.filter((type) => type === STATEMENT_COMPLETE)).to.have.length(4);
    expect(listener.heard.filter((type) => type === ERROR)).to.have.length(1);
    expect(statementRows(workspace).map((row) => row.sql_statement_id)).to.deep.equal([sentId]);
    expect(workspace.received.telemetryLogs(), 'the loud session and its statement').to.have.length(3);
  });

  const HIDDEN = [false, 'false', 'true', 0, null, ''];
  for (const telemetryObserve of HIDDEN) {
    const given = JSON.stringify(telemetryObserve);
    for (const [where, ofClient, ofConnection] of [
      ['the constructor', { telemetryObserve }, { telemetryObserve: true }],
      ['connect()', { telemetryObserve: true }, { telemetryObserve }],
    ] as const) {
      it(`telemetryObserve: ${given} in ${where} hides from everybody`, async () => {
        const listener = new Listener({ ...ofClient, telemetryEnabled: true }).listen();
        await work(listener.client, ofConnection);
        expect(listener.heard).to.deep.equal([]);
        expect(routes()).to.deep.equal(['thrift']);
      });
    }

    it(`telemetryObserve: ${given} hides a session, or a statement, from everybody`, async () => {
      const listener = new Listener({ telemetryEnabled: true }).listen();
      const { client } = listener;
      await connect(client);
      const hidden = (await client.openSession({ telemetryObserve } as never)) as Session;
      await query(hidden);
      const seen = (await client.openSession()) as Session;
      await (await seen.executeStatement('SELECT 2', { telemetryObserve } as never)).close();
      await client.close();
      expect(listener.heard).to.deep.equal([CONNECTION_OPEN]);
      expect(statementRows(workspace)).to.deep.equal([]);
    });
  }

  it('somebody who begins to listen after connect() hears of sessions that are opened from then on', async () => {
    const listener = new Listener();
    const { client } = listener;
    await connect(client);
    const early = (await client.openSession()) as Session;
    listener.listen();
    await query(early);
    const late = (await client.openSession()) as Session;
    await query(late);
    await client.close();
    expect(listener.heard).to.deep.equal([CONNECTION_OPEN, STATEMENT_COMPLETE]);
    expect(routes()).to.deep.equal(['thrift']);
  });

  it('a listener alone hears of a connection that fails', async () => {
    const listener = new Listener().listen();
    await connect(listener.client, { port: 1 });
    await rejectionOf(listener.client.openSession());
    await listener.client.close();
    expect(listener.heard).to.deep.equal([ERROR]);
  });

  it('with nobody asking, nothing of the driver is replaced', async () => {
    const client = new DBSQLClient({ logger: new KeepingLogger() });
    await connect(client);
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT 1');
    expect(Object.getPrototypeOf(session)).to.equal(session.constructor.prototype);
    expect(Object.getPrototypeOf(operation)).to.equal(operation.constructor.prototype);
    await client.close();
    expect(client.getTelemetryStats()).to.equal(undefined);
  });
});
