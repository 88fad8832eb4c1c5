import { inspect } from 'node:util';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  LogLevel,
  type ClientOptions,
  type ConnectionOptions,
  type SlowMessage,
  type StatementSummary,
} from 'databricks-sql-telemetry';
import { KeepingLogger, query, type LogLine, type Session } from './support/application';
import { subscribing } from './support/subscriptions';
import { timesApart } from './support/time';
import { rejectionOf, until } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const SLOW = { telemetrySlowStatementMs: 30_000 };
const MINUTE_MS = 60_000;
const LINE = /^slow statement: [\da-f-]{36} delivered in \d{5}(\.\d)? ms: submit \d{5}(\.\d)?, wait .*, 1 rows/;

/** A client that keeps what it logs. */
class Application {
  readonly logger = new KeepingLogger();
  readonly client: DBSQLClient;

  constructor(
    private readonly workspace: LocalWorkspace,
    options: ClientOptions = {},
  ) {
    this.client = new DBSQLClient({ logger: this.logger, ...options });
  }

  /** Runs `work` in a session, and closes. */
  async run(work: (session: Session) => Promise<unknown>, ofConnection: Partial<ConnectionOptions> = {}) {
    await this.client.connect({ ...this.workspace.connectionOptions, ...ofConnection } as ConnectionOptions);
    const session = await this.client.openSession();
    await work(session);
    await this.client.close();
    return this;
  }

  get lines(): readonly LogLine[] {
    return this.logger.lines.filter(({ message }) => message.startsWith('slow statement: '));
  }

  get texts(): readonly string[] {
    return this.lines.map(({ message }) => message);
  }
}

describe('slow statements', () => {
  const subscribeForTest = subscribing();
  // There are so many lines a minute.
  const time = timesApart(10 * MINUTE_MS);
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  afterEach(() => workspace.faults.clear());
  after(() => workspace.close());

  /** What `submit` begins takes 40 s until the server has answered. */
  const slowly = <T>(submit: () => Promise<T>): Promise<T> => {
    const submitted = submit();
    time.advance(40_000);
    return submitted;
  };
  const delayed = (delayMs: number): void => void workspace.faults.add({ rpc: 'ExecuteStatement', delayMs, times: 1 });
  const slow = (session: Session, sql?: string): Promise<void> => slowly(() => query(session, sql));

  function subscribe(): SlowMessage[] {
    const messages: SlowMessage[] = [];
    const subscriber = (message: unknown): void => void messages.push(message as SlowMessage);
    subscribeForTest('databricks-sql:slow', subscriber);
    return messages;
  }

  it('are warnings at the driver’s logger, one line each, with telemetry off and no request but the driver’s', async () => {
    const application = new Application(workspace, SLOW);
    await application.run(async (session) => {
      await query(session);
      await slow(session);
    });
    const ended = application.lines.filter(({ message }) => !message.includes('still running'));
    expect(ended).to.have.length(1);
    expect(ended[0]?.level).to.equal(LogLevel.warn);
    expect(ended[0]?.message).to.match(LINE);
    expect(ended[0]?.message).to.contain(workspace.received.statements().at(-1)?.statementId);
    expect([...new Set(workspace.received.requests().map(({ route }) => String(route)))]).to.deep.equal(['thrift']);
  });

  it('are written down while they still run, once, and again when they have ended', async () => {
    const application = new Application(workspace, { telemetrySlowStatementMs: 100 });
    await application.run(async (session) => {
      delayed(1500);
      const running = query(session);
      await until('a line', () => application.lines.length > 0);
      expect(application.texts[0]).to.match(/ still running after \d{3,} ms: the server has not answered yet$/);
      await running;
    });
    expect(application.texts).to.have.length(2);
    expect(application.texts[1]).to.match(/ delivered in \d{3,}/);
  });

  it('are not those that the application leaves alone for a while', async () => {
    const application = new Application(workspace, SLOW);
    await application.run(async (session) => {
      const operation = await session.executeStatement('SELECT * FROM range(10)');
      await operation.fetchChunk({ maxRows: 5 });
      time.advance(10 * MINUTE_MS);
      await operation.fetchAll();
      await operation.close();
    });
    expect(application.texts).to.deep.equal([]);
  });

  it('are those that fail and are cancelled, too', async () => {
    const seen: StatementSummary[] = [];
    const application = new Application(workspace, { ...SLOW, onSlowStatement: (summary) => seen.push(summary) });
    await application.run(async (session) => {
      await rejectionOf(slow(session, 'SELECT * FROM no_such_table'));
      const operation = await slowly(() => session.executeStatement('SELECT * FROM range(10)', { maxRows: null }));
      await operation.cancel();
    });
    expect(seen.map(({ outcome }) => outcome)).to.deep.equal(['failed', 'cancelled']);
  });

  it('go to the callback instead of the logger, and are frozen, plain, and a line as text', async () => {
    const seen: Array<readonly [StatementSummary, Omit<SlowMessage, 'query'>]> = [];
    const application = new Application(workspace, {
      ...SLOW,
      onSlowStatement: (summary, message) => seen.push([summary, message]),
    });
    await application.run(slow);
    expect(application.texts).to.deep.equal([]);
    const [[summary, message] = []] = seen;
    expect(seen).to.have.length(1);
    expect(String(summary)).to.match(/^[\da-f-]{36} delivered in \d{5}/);
    expect(message)
      .to.include({ serverAddress: 'localhost', thresholdMs: 30_000, summary })
      .and.not.have.property('query');
    expect([summary, message].every(Object.isFrozen)).to.equal(true);
    expect(JSON.parse(JSON.stringify(message))).to.deep.include({ serverPort: workspace.port });
  });

  it('go to the callback of connect() where the constructor has one, too', async () => {
    const called: string[] = [];
    const application = new Application(workspace, { ...SLOW, onSlowStatement: () => called.push('constructor') });
    await application.run(slow, { onSlowStatement: () => called.push('connect') });
    expect(called).to.deep.equal(['connect']);
  });

  const HOSTILE: ReadonlyArray<readonly [what: string, callback: () => unknown]> = [
    [
      'throws',
      () => {
        throw new TypeError('of the callback');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('of the callback'))],
    ['never ends', () => new Promise(() => undefined)],
  ];
  for (const [what, callback] of HOSTILE) {
    it(`cost the application nothing where the callback ${what}`, async () => {
      let calls = 0;
      const onSlowStatement = (): unknown => {
        calls += 1;
        return callback();
      };
      const application = new Application(workspace, { ...SLOW, onSlowStatement });
      await application.run(async (session) => {
        await slow(session);
        await slow(session);
      });
      expect(calls).to.equal(2);
      const swallowed = application.logger.telemetry.filter(({ message }) => message.includes('swallowed TypeError'));
      expect(swallowed).to.have.length(what === 'never ends' ? 0 : 2);
      expect(JSON.stringify(swallowed)).to.not.contain('of the callback');
    });
  }

  it('are published on their channel, where a subscriber is enough for a client without options', async () => {
    const messages = subscribe();
    const application = new Application(workspace);
    await application.run(async (session) => {
      await query(session);
      const operation = await session.executeStatement('SELECT * FROM range(10)');
      const reading = operation.fetchAll();
      time.advance(10_000);
      await reading;
      await operation.close();
    });
    expect(messages.map(({ thresholdMs, summary }) => [thresholdMs, summary.outcome])).to.deep.equal([
      [10_000, 'delivered'],
    ]);
    expect(messages[0]?.statementId).to.equal(workspace.received.statements().at(-1)?.statementId);
    expect(application.texts).to.deep.equal([]);
  });

  it('show the text of the statement on their channel alone, and only where telemetryStatementText allows it', async () => {
    const messages = subscribe();
    const sql = 'SELECT 42 AS planted';
    const told: unknown[] = [];
    const callback = { onSlowStatement: (...given: unknown[]) => told.push(given) };
    const texts: string[] = [];
    for (const options of [{}, { telemetryStatementText: true }, { telemetryStatementText: true, ...callback }]) {
      const application = new Application(workspace, { ...SLOW, ...options });
      texts.push(...(await application.run((session) => slow(session, sql))).texts);
    }
    expect([texts.length > 0, told.length]).to.deep.equal([true, 1]);
    expect(inspect([texts, told], { depth: null, showHidden: true })).to.not.contain('planted');
    expect(messages.map((message) => message.query)).to.deep.equal([undefined, sql, sql]);
  });

  it('are at most ten lines a minute for the whole process, and the next one counts what was left out', async () => {
    const options = { telemetrySlowStatementMs: 1 };
    const [one, other] = [new Application(workspace, options), new Application(workspace, options)];
    const many = async (session: Session): Promise<void> => {
      for (let i = 0; i < 8; i += 1) {
        delayed(5);
        await query(session);
      }
    };
    await one.run(many);
    await other.run(many);
    const written = one.lines.length + other.lines.length;
    expect(written).to.equal(10);
    time.advance(MINUTE_MS);
    const later = new Application(workspace, SLOW);
    await later.run(slow);
    const [, leftOut] = /\(left out before this one: (\d+)\)$/.exec(later.texts[0] ?? '') ?? [];
    expect(Number(leftOut)).to.be.at.least(6);
    expect(later.texts.slice(1).join()).to.not.contain('left out');
  });

  it('are nobody’s where telemetryObserve hides them', async () => {
    const messages = subscribe();
    const hidden = await new Application(workspace, { ...SLOW, telemetryObserve: false }).run(slow);
    const partly = new Application(workspace, SLOW);
    await partly.run(async (session) => {
      await slowly(() => session.executeStatement('SELECT 1', { telemetryObserve: false } as never));
    });
    expect([messages, hidden.texts, partly.texts]).to.deep.equal([[], [], []]);
  });

  it('have no callback where it is no function, which the statistics say', async () => {
    const application = new Application(workspace, { ...SLOW, onSlowStatement: 'log' as never });
    await application.run(slow);
    expect(application.client.getTelemetryStats()?.problems).to.deep.equal([
      { option: 'onSlowStatement', given: 'string', done: 'left out' },
    ]);
    expect(application.texts.at(-1)).to.match(LINE);
  });
});
