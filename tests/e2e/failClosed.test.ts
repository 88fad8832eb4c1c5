import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  TELEMETRY_OPTIONS,
  TelemetryEventType,
  type ConnectionOptions,
  type TelemetryEvent,
} from 'databricks-sql-telemetry';
import { KeepingLogger } from './support/application';
import { HttpCollector } from './support/HttpCollector';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const FAST = { telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 500, telemetryMaxRetries: 0 };
const LIMITING = Object.entries(TELEMETRY_OPTIONS).flatMap(([name, row]) => ('limits' in row ? [name] : []));
const SECRET = 'canary';

/** Values that no limiting option can have. */
const WRONG: Readonly<Record<string, unknown>> = {
  null: null,
  'an empty text': '',
  'an object': { [SECRET]: SECRET },
  'a list': [SECRET],
  'no number': NaN,
  'a symbol': Symbol(SECRET),
};

/** Values that some of them cannot have. */
const MORE: readonly (readonly [string, unknown])[] = [
  ['telemetryEnabled', 'false'],
  ['telemetryEnabled', 'true'],
  ['telemetryEnabled', 0],
  ['telemetryAuthenticatedExport', 'false'],
  ['telemetryAuthenticatedExport', 0],
  ['telemetryAnonymousErrors', 'false'],
  ['telemetryLogLevel', 'none'],
  ['telemetryLogLevel', false],
  ['telemetryLogLevel', 'chatty'],
  ['telemetryLogLevel', 7],
  ['telemetryEndpoint', 5],
  ['telemetryEndpoint', SECRET],
  ['telemetryEndpoint', 'ftp://collector.test'],
  ['telemetryDryRun', 5],
  ['telemetryDryRun', '  '],
];

const SWEEP = [
  ...LIMITING.flatMap((option) => Object.entries(WRONG).map(([what, value]) => [option, what, value] as const)),
  ...MORE.map(([option, value]) => [option, JSON.stringify(value), value] as const),
];

describe('an option that limits what leaves', () => {
  let workspace: LocalWorkspace;
  before(async () => {
    workspace = await startFreshWorkspace();
  });
  after(() => workspace.close());

  /** Works with a client that has `ofClient` and connects with `ofConnection`; gives what it wrote and says of itself. */
  async function work(ofClient: object, ofConnection: object) {
    const logger = new KeepingLogger();
    const client = new DBSQLClient({ logger, ...ofClient });
    await client.connect({ ...workspace.connectionOptions, ...FAST, ...ofConnection } as ConnectionOptions);
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT 1 AS one');
    expect(await operation.fetchAll()).to.deep.equal([{ one: 1 }]);
    await operation.close();
    await client.flushTelemetry();
    await client.close();
    return { lines: logger.telemetry.map(({ message }) => message), stats: client.getTelemetryStats() };
  }

  const requests = (): number =>
    ['telemetry-ext', 'telemetry-unauth', 'feature-flags'].reduce(
      (sum, route) => sum + workspace.received.requests({ route: route as never }).length,
      0,
    );

  for (const [option, what, value] of SWEEP) {
    for (const where of ['connect()', 'the constructor']) {
      it(`closes with ${what} as ${option} of ${where}, and says so once`, async () => {
        const [ofClient, ofConnection] = [{ telemetryEnabled: true }, {}];
        Object.assign(where === 'connect()' ? ofConnection : ofClient, { [option]: value });
        const before = requests();
        const { lines, stats } = await work(ofClient, ofConnection);
        expect(requests()).to.equal(before);
        const given = value === null ? 'null' : typeof value;
        expect(lines).to.deep.equal([`telemetry: option ${option} cannot be this ${given}: nothing leaves`]);
        expect(stats).to.deep.include({ collected: 0, problems: [{ option, given, done: 'nothing leaves' }] });
        expect(JSON.stringify([lines, stats])).to.not.include(SECRET);
      });
    }
  }

  it('sends to the collector whose address is a URL object', async () => {
    const collector = await HttpCollector.start();
    const { stats } = await work({}, { telemetryEnabled: true, telemetryEndpoint: new URL(collector.url) });
    await collector.close();
    expect(stats).to.deep.include({ problems: [], delivered: 3 });
    expect(collector.logs).to.have.length(3);
  });

  for (const [port, what] of [
    [NaN, 'NaN'],
    ['', 'an empty text'],
    ['text', 'its digits'],
  ] as const) {
    it(`goes where the driver goes when the port is ${what}`, async () => {
      const own = workspace.connectionOptions.port;
      const client = new DBSQLClient({ logger: new KeepingLogger() });
      const given = port === 'text' ? String(own) : port;
      const all = { ...workspace.connectionOptions, ...FAST, telemetryEnabled: true, port: given };
      await client.connect(all as unknown as ConnectionOptions);
      const host = client.getTelemetryStats()?.host;
      await client.close();
      const { host: name } = workspace.connectionOptions;
      expect(host).to.equal(port === 'text' ? `${name}:${own}` : name);
    });
  }
});

describe('what an application gets of telemetry', () => {
  const TOKEN = 'dapi0123456789abcdef0123456789abcdef';
  let workspace: LocalWorkspace;
  before(async () => {
    workspace = await startFreshWorkspace({ tokens: [TOKEN] });
  });
  after(() => workspace.close());

  it('leads neither to a function, but for the text of a summary, nor to credentials, wherever one looks', async () => {
    const client = new DBSQLClient({ logger: new KeepingLogger() });
    const events: TelemetryEvent[] = [];
    for (const type of Object.values(TelemetryEventType)) client.telemetryEvents.on(type, (e) => void events.push(e));
    const { token } = workspace.connectionOptions as { token: string };
    const named = { userAgentEntry: `report ${token}`, telemetryEnabled: true };
    await client.connect({ ...workspace.connectionOptions, ...FAST, ...named } as ConnectionOptions);
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT 1 AS one');
    await operation.fetchAll();
    const failing = session.executeStatement('SELECT * FROM no_such_table').then((found) => found.fetchAll());
    expect(await rejectionOf(failing)).to.not.equal(undefined);
    await session.close();
    await client.close();
    const types = new Set(events.map(({ eventType }) => eventType));
    expect([...types]).to.have.members([
      ...[TelemetryEventType.CONNECTION_OPEN, TelemetryEventType.CONNECTION_CLOSE],
      ...[TelemetryEventType.STATEMENT_START, TelemetryEventType.STATEMENT_COMPLETE, TelemetryEventType.ERROR],
    ]);
    for (const given of [...events, client.getTelemetryStats()]) {
      const found: string[] = [];
      walk(given, 'it', token, found, new Set());
      expect(found, (given as Partial<TelemetryEvent>).eventType).to.deep.equal([]);
    }
  });
});

/** Adds where in `value` a function or `token` stands: own and inherited properties, by name and by symbol. */
function walk(value: unknown, at: string, token: string, found: string[], seen: Set<unknown>): void {
  if (typeof value === 'function' || (typeof value === 'string' && value.includes(token))) found.push(at);
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (
    let object: object | null = value;
    isOfLibrary(object);
    object = Object.getPrototypeOf(object) as object | null
  ) {
    for (const key of Reflect.ownKeys(object)) {
      if (key === 'toString' && at.endsWith('.summary')) continue;
      walk(Reflect.get(value, key), `${at}.${String(key)}`, token, found, seen);
    }
  }
}

function isOfLibrary(object: object | null): object is object {
  return object !== null && object !== Object.prototype && object !== Array.prototype;
}
