import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import https from 'node:https';
import { expect } from 'chai';
import sinon from 'sinon';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { TelemetryEventType, type ConnectionOptions, type DBSQLClient } from 'databricks-sql-telemetry';
import type {
  CloudFetchMessage,
  ConnectMessage,
  RetryMessage,
  SessionMessage,
  StatementMessage,
} from 'databricks-sql-telemetry';
import { connectTo, inSession, KeepingLogger, query, type Session } from './support/application';
import { subscribing } from './support/subscriptions';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const LARGE = 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(100000)';
const STAGES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** What was published on a tracing channel: stage and message, in order. */
class Listener<Message extends object> {
  readonly events: Array<readonly [stage: string, message: Message]> = [];

  noting(stage: string): (message: unknown) => void {
    return (message) => void this.events.push([stage, message as Message]);
  }

  get stages(): string[] {
    return this.events.map(([stage]) => stage);
  }

  /** Messages of the operations that are over. */
  get done(): Message[] {
    return this.events.filter(([stage]) => stage === 'asyncEnd').map(([, message]) => message);
  }
}

describe('diagnostics channels', function suite() {
  this.timeout(60_000);
  const subscribeForTest = subscribing();
  let workspace: LocalWorkspace;
  const stops: Array<() => void> = [];

  beforeEach(async () => {
    workspace = await startFreshWorkspace({
      cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 },
      // However late an answer is, it is not waited for.
      asyncAfterMs: 60_000,
    });
  });

  afterEach(async () => {
    for (const stop of stops.splice(0)) stop();
    await workspace.close();
  });

  function listen<Message extends object>(channel: string): Listener<Message> {
    const listener = new Listener<Message>();
    for (const stage of STAGES) subscribe(`tracing:${channel}:${stage}`, listener.noting(stage));
    return listener;
  }

  /** A channel is the process's: what an earlier test left on its way to another workspace is none of this one's. */
  function subscribe(name: string, subscriber: (message: unknown) => void): void {
    subscribeForTest(name, (message) => {
      if ((message as StatementMessage).serverPort === workspace.port) subscriber(message);
    });
  }

  /** Runs `work` in a session of a client that sends no telemetry. */
  const run = (work: (session: Session) => Promise<unknown>, options: Partial<ConnectionOptions> = {}) =>
    inSession(workspace, async (session) => void (await work(session)), { telemetryEnabled: false, ...options });

  it('tell of a statement from its call to the end of its consumption, in one message', async () => {
    const { events, stages } = await statement((session) => query(session));
    expect(stages).to.deep.equal(['start', 'end', 'asyncStart', 'asyncEnd']);
    const messages = new Set(events.map(([, message]) => message));
    expect(messages.size).to.equal(1);
    const [message] = messages;
    const [record] = workspace.received.statements();
    expect(message).to.include({
      operation: 'executeStatement',
      serverAddress: 'localhost',
      serverPort: workspace.port,
      warehouseId: workspace.path.split('/').at(-1)?.split('?')[0],
      statementId: record?.statementId,
      sessionId: record?.sessionId,
      query: undefined,
      error: undefined,
    });
    expect(message?.summary).to.include({ outcome: 'delivered', rowCount: 1 });
    expect(message?.phases.map(({ name }) => name)).to.deep.equal(['submit', 'fetch']);
    expect(message).to.be.frozen;
    expect(JSON.parse(JSON.stringify(message))).to.include({ operation: 'executeStatement' });
  });

  async function statement(work: (session: Session) => Promise<unknown>, options: Partial<ConnectionOptions> = {}) {
    const { events, stages } = await following<StatementMessage>('databricks-sql:statement', work, options);
    return { events, stages };
  }

  async function following<Message extends object>(
    channel: string,
    work: (session: Session) => Promise<unknown>,
    options: Partial<ConnectionOptions> = {},
  ): Promise<Listener<Message>> {
    const listener = listen<Message>(channel);
    await run(work, options);
    return listener;
  }

  it('begin in the application’s own call, whose asynchronous context a subscriber sees', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    for (const stage of ['start', 'end', 'asyncEnd']) {
      subscribe(`tracing:databricks-sql:statement:${stage}`, () => seen.push([stage, store.getStore()]));
    }
    await run(async (session) => {
      const operation = await store.run('submits', () => {
        const submitted = session.executeStatement('SELECT 1');
        expect(seen).to.deep.equal([
          ['start', 'submits'],
          ['end', 'submits'],
        ]);
        return submitted;
      });
      await store.run('reads', () => operation.fetchAll());
    });
    expect(seen[2]).to.deep.equal(['asyncEnd', 'reads']);
  });

  it('say why a statement failed, without a text', async () => {
    const { events, stages } = await statement((session) => rejectionOf(query(session, 'SELECT * FROM no_such_table')));
    expect(stages).to.deep.equal(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    const message = events.at(-1)?.[1];
    expect(message?.error).to.include({ sqlState: '42P01', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' });
    expect(message?.error).not.to.have.property('message');
    expect(JSON.stringify(message)).not.to.contain('no_such_table');
  });

  it('have texts of clients that allow them, and these leave for no endpoint', async () => {
    const { events } = await statement((session) => rejectionOf(query(session, 'SELECT * FROM canary_table')), {
      telemetryStatementText: true,
      telemetryEnabled: true,
    });
    expect(events[0]?.[1].query).to.equal('SELECT * FROM canary_table');
    expect(events.at(-1)?.[1].error?.message).to.contain('canary_table');
    const logs = workspace.received.telemetryLogs({ accepted: 'any' });
    expect(logs).not.to.be.empty;
    expect(JSON.stringify(logs)).not.to.contain('canary_table');
    expect(JSON.stringify(workspace.received.telemetryRequests())).not.to.contain('canary_table');
  });

  it('tell of connections and sessions, also of one that is refused', async () => {
    const connects = listen<ConnectMessage>('databricks-sql:connect');
    const sessions = listen<SessionMessage>('databricks-sql:session');
    const client = await connectTo(workspace, { telemetryEnabled: false });
    const session = await client.openSession({ initialCatalog: 'main', initialSchema: 'default' });
    await client.close();
    const refused = await connectTo(workspace, {
      telemetryEnabled: false,
      token: 'wrong',
    } as Partial<ConnectionOptions>);
    await rejectionOf(refused.openSession());
    await refused.close();
    expect(connects.stages.slice(0, 4)).to.deep.equal(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(connects.done[0]).to.include({ operation: 'connect', serverPort: workspace.port, error: undefined });
    expect(sessions.done[0]).to.include({ sessionId: session.id, database: 'main|default', error: undefined });
    expect(sessions.done[0]?.durationMs).to.be.greaterThan(0);
    expect(sessions.done[1]?.error).to.include({ stage: 'open_session', httpStatus: 401 });
    expect(sessions.stages.slice(4)).to.deep.equal(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
  });

  it('tell of each file of a large result, and of requests that were repeated', async () => {
    workspace.faults.add({ route: 'cloudfetch', times: 1, status: 503 });
    const files = listen<CloudFetchMessage>('databricks-sql:cloudfetch');
    const retries: RetryMessage[] = [];
    subscribe('databricks-sql:retry', (message) => retries.push(message as RetryMessage));
    await run((session) => query(session, LARGE));
    const [record] = workspace.received.statements();
    expect(files.done.length).to.equal(record?.filesOffered).and.to.be.greaterThan(1);
    for (const file of files.done) {
      expect(file).to.include({ operation: 'download', statementId: record?.statementId, error: undefined });
      expect(file.bytes).to.be.greaterThan(0);
      expect(file.statement?.summary?.filesPresent).to.equal(files.done.length);
    }
    expect(files.done.reduce((sum, { attempts }) => sum + attempts, 0)).to.equal(files.done.length + 1);
    expect(retries).to.have.length(1);
    expect(retries[0]).to.deep.include({ statementId: record?.statementId, retryCount: 1, causes: ['503'] });
    expect(retries[0]).to.be.frozen;
  });

  it('tell of a file that was refused with its status, and so do event, summary and statement', async () => {
    workspace.faults.add({ route: 'cloudfetch', status: 403 });
    const files = listen<CloudFetchMessage>('databricks-sql:cloudfetch');
    const statements = listen<StatementMessage>('databricks-sql:statement');
    const errors: unknown[] = [];
    const work = async (session: Session, client: DBSQLClient): Promise<void> => {
      client.telemetryEvents.on(TelemetryEventType.ERROR, ({ error }) => void errors.push(error.httpStatus));
      const operation = await session.executeStatement(LARGE);
      await rejectionOf(operation.fetchAll());
      await operation.close();
    };
    await inSession(workspace, work, { telemetryEnabled: false });
    expect(files.done[0]?.error).to.include({ name: 'Error', stage: 'download', httpStatus: 403, chunkId: 0 });
    expect(statements.done[0]?.error).to.include({ stage: 'download', httpStatus: 403, chunkId: 0 });
    expect(statements.done[0]?.summary).to.include({ failedFileStatus: 403, outcome: 'failed' });
    expect(errors).to.deep.equal([403]);
  });

  it('keep what a subscriber throws from the application, with a debug line', async () => {
    for (const stage of STAGES) {
      for (const channel of ['connect', 'session', 'statement', 'cloudfetch']) {
        subscribe(`tracing:databricks-sql:${channel}:${stage}`, () => {
          throw new Error('subscriber');
        });
      }
    }
    const logger = new KeepingLogger();
    const uncaught: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (thrown) => uncaught.push(thrown));
    try {
      const client = await connectTo(workspace, { telemetryEnabled: false }, logger);
      await query(await client.openSession(), LARGE);
      await client.close();
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of others) process.on('uncaughtException', listener);
    }
    expect(uncaught).to.deep.equal([]);
    const lines = new Set(logger.telemetry.map(({ message }) => message));
    expect([...lines]).to.deep.equal(['telemetry: receiver swallowed Error']);
  });

  it('are silent for what is hidden, and for a client to which nobody listens', async () => {
    const { events } = await statement((session) => query(session), { telemetryObserve: false });
    expect(events).to.deep.equal([]);
  });

  it('need no request but the driver’s own', async () => {
    await statement((session) => query(session));
    const routes = new Set(workspace.received.requests().map(({ route }) => route));
    expect([...routes]).to.deep.equal(['thrift']);
  });

  it('run the driver’s calls in a store that is bound to them, polls and files included', async () => {
    const store = new AsyncLocalStorage<unknown>();
    for (const name of ['tracing:databricks-sql:statement:start', 'databricks-sql:call']) {
      const channel = diagnostics.channel(name);
      channel.bindStore(store, (message) => (message as StatementMessage).operation);
      stops.push(() => channel.unbindStore(store));
    }
    const seen = new Map<string, unknown>();
    // Where the driver asks for a request; Node.js starts it when there is a socket, in the context of that.
    const { request } = https;
    const asked = sinon.stub(https, 'request').callsFake(((...args: Parameters<typeof request>) => {
      const asking = request(...args);
      // Downloads of an earlier test may still be tried again.
      const isOwn = asking.getHeader('host') === `localhost:${workspace.port}`;
      if (isOwn) seen.set(asking.path.split('?')[0] ?? '', store.getStore());
      return asking;
    }) as typeof request);
    stops.push(() => asked.restore());
    await run((session) => query(session, LARGE));
    expect(seen.size).to.be.greaterThan(1);
    const files = [...seen].filter(([path]) => !path.startsWith('/sql/'));
    expect(files.length).to.be.greaterThan(1);
    for (const [, operation] of files) expect(operation).to.equal('executeStatement');
  });
});
