import { expect } from 'chai';
import type { TelemetryOptions } from '../../../../lib/model/options';
import { HostRegistry } from '../../../../lib/telemetry/hosts/HostRegistry';
import type { TelemetryClient } from '../../../../lib/telemetry/TelemetryClient';
import { TelemetryClientProvider, type TelemetryLease } from '../../../../lib/telemetry/TelemetryClientProvider';
import { TelemetryEventType, type ConnectionInfo, type RecordOrigin } from '../../../../lib/telemetry/types';
import { ClientContextStub } from '../../.stubs/ClientContextStub';
import { connectionTo, originTo, USER_AGENT } from '../../.stubs/origins';
import { SkippingClock } from '../../.stubs/SkippingClock';
import { startTestServer, type Answer, type Received, type TestServer } from '../../.stubs/TestServer';
import { until } from '../../../e2e/support/waiting';

const FLAGS = '/api/2.0/connector-service/feature-flags/NODEJS/0.0.0';
const HOUR_MS = 3_600_000;

describe('a telemetryEndpoint without a path', () => {
  let server: TestServer;
  let clock: SkippingClock;
  let hosts: HostRegistry;
  let configuration: Answer;
  let leases: TelemetryLease[];

  beforeEach(async () => {
    configuration = says({ enabled: true });
    server = await startTestServer((response, request) =>
      request.path.startsWith('/api') ? configuration(response, request) : response.end('{}'),
    );
    clock = new SkippingClock();
    hosts = new HostRegistry();
    leases = [];
  });
  afterEach(async () => {
    await Promise.all(leases.map((lease) => lease.release()));
    await server.stop();
  });

  function says(what: object): Answer {
    return (response) => response.end(JSON.stringify({ configuration: { ttlSeconds: 60, ...what } }));
  }
  function sender(service: string, overrides: Partial<RecordOrigin> = {}): RecordOrigin {
    const facts = { service, processId: 'p-1', libraryVersion: '0.1.0', runtimeVersion: 'v20.20.2' };
    const options = { telemetryEnabled: { value: true, setBy: 'connect' } } as const;
    return originTo(server, 'T', {
      headers: { 'x-databricks-org-id': '42', 'x-team': 'secret' },
      sender: { ...facts, options },
      ...overrides,
    });
  }
  function start(origin: RecordOrigin, options: TelemetryOptions = {}): TelemetryClient {
    const telemetryEndpoint = `https://localhost:${server.port}`;
    const context = new ClientContextStub({ telemetryFlushIntervalMs: HOUR_MS, telemetryEndpoint, ...options });
    const lease = new TelemetryClientProvider(context, hosts, undefined, clock).acquire('workspace.test', origin);
    leases.push(lease);
    return lease.client;
  }
  function collect(client: TelemetryClient, connection: ConnectionInfo): void {
    client.getAggregator().processEvent({
      eventType: TelemetryEventType.CONNECTION_OPEN,
      timestamp: Date.now(),
      connection,
      sessionId: 's',
    });
  }
  const questions = (): Received[] => server.received.filter(({ path }) => path.startsWith('/api'));
  const posts = (): Received[] => server.received.filter(({ path }) => !path.startsWith('/api'));
  const entries = (): Record<string, unknown>[] =>
    posts().flatMap(({ body }) =>
      (JSON.parse(body) as { protoLogs: string[] }).protoLogs.map(
        (log) => (JSON.parse(log) as { entry: Record<string, unknown> }).entry,
      ),
    );

  it('is asked with who asks, and with nothing of the connection’s credentials, headers and path', async () => {
    const client = start(sender('checkout'), { telemetryEndpointToken: 'collectors' });
    await until("flagState === 'on'", () => client.getStats().flagState === 'on');
    const [question] = questions();
    expect(question).to.include({ method: 'POST', path: FLAGS });
    expect(question?.headers).to.include({ authorization: 'Bearer collectors', 'user-agent': USER_AGENT });
    expect(question?.headers).to.not.have.any.keys('x-databricks-org-id', 'x-team');
    expect(JSON.parse(question?.body ?? '')).to.deep.equal({
      service: 'checkout',
      host: 'workspace.test',
      processId: 'p-1',
      libraryVersion: '0.1.0',
      runtimeVersion: 'v20.20.2',
      options: { telemetryEnabled: { value: true, setBy: 'connect' } },
      account: { collected: 0, delivered: 0, rejected: 0, sampled: 0, pending: 0, dropped: {} },
    });
  });

  it('is told with each question what became of the records, and only of drops that occurred', async () => {
    const origin = sender('checkout');
    const client = start(origin);
    collect(client, connectionTo(origin));
    await client.flush();
    configuration = says({ enabled: false });
    clock.skip(60_000);
    collect(client, connectionTo(origin));
    await until("flagState === 'off'", () => client.getStats().flagState === 'off');
    clock.skip(60_000);
    collect(client, connectionTo(origin));
    await client.flush();
    await until('questions().length === 3', () => questions().length === 3);
    const accounts = questions().map(({ body }) => (JSON.parse(body) as { account: unknown }).account);
    const counts = { delivered: 1, rejected: 0, sampled: 0 };
    expect(accounts.slice(1)).to.deep.equal([
      { ...counts, collected: 1, pending: 0, dropped: {} },
      { ...counts, collected: 2, pending: 0, dropped: { flag_off: 1 } },
    ]);
  });

  for (const [mode, path] of [
    ['authenticated', '/telemetry-ext'],
    ['unauthenticated', '/telemetry-unauth'],
  ] as const) {
    it(`gets ${mode} records at ${path}, with its token`, async () => {
      const origin = sender('checkout', { authenticated: mode === 'authenticated' });
      const client = start(origin, { telemetryEndpointToken: 'collectors' });
      collect(client, connectionTo(origin));
      await client.flush();
      expect(posts().map((post) => post.path)).to.deep.equal([path]);
      expect(posts()[0]?.headers).to.include({ authorization: 'Bearer collectors' });
      expect(JSON.stringify(server.received)).to.not.include('Bearer T');
    });
  }

  it('gets local fields when it names the version that this library writes', async () => {
    configuration = says({ local: 1 });
    const origin = sender('checkout');
    const client = start(origin);
    collect(client, connectionTo(origin));
    await client.flush();
    expect(entries()[0]?.['local']).to.include({ version: 1, service: 'checkout', cloudFetchEnabled: true });
  });

  for (const [what, answer, authenticated] of [
    ['it names another version', { local: 2 }, true],
    ['it names none', {}, true],
    ['records leave without credentials', { local: 1 }, false],
  ] as const) {
    it(`gets no local fields when ${what}`, async () => {
      configuration = says(answer);
      const origin = sender('checkout', { authenticated });
      const client = start(origin);
      collect(client, connectionTo(origin));
      await client.flush();
      expect(entries().map((entry) => Object.keys(entry))).to.deep.equal([['sql_driver_log']]);
    });
  }

  it('loses its local fields with the answer that names them no more', async () => {
    configuration = says({ local: 1 });
    const origin = sender('checkout');
    const client = start(origin);
    collect(client, connectionTo(origin));
    await client.flush();
    configuration = says({});
    clock.skip(60_000);
    collect(client, connectionTo(origin));
    await until('questions().length === 2', () => questions().length === 2);
    await client.flush();
    expect(entries().map(({ local }) => local !== undefined)).to.deep.equal([true, false]);
  });

  it('switches off and on within a minute, while the client lives', async () => {
    const origin = sender('checkout');
    const client = start(origin);
    await until("flagState === 'on'", () => client.getStats().flagState === 'on');
    for (const enabled of [false, true]) {
      configuration = says({ enabled });
      clock.skip(58_000);
      collect(client, connectionTo(origin));
      await until(
        "flagState === (enabled ? 'on' : 'off')",
        () => client.getStats().flagState === (enabled ? 'on' : 'off'),
      );
      collect(client, connectionTo(origin));
      expect(client.getStats().pending).to.equal(enabled ? 1 : 0);
    }
    expect(client.getStats().dropped).to.include({ flag_off: 1 });
    expect(questions()).to.have.lengthOf(3);
  });

  it('is not asked more often than about once a minute, whatever it says, however many clients there are', async () => {
    configuration = says({ ttlSeconds: 1 });
    for (let i = 0; i < 3; i += 1) {
      const origin = sender('checkout');
      const client = start(origin);
      await until("flagState === 'on'", () => client.getStats().flagState === 'on');
      await leases.pop()?.release();
    }
    const client = start(sender('checkout'));
    clock.skip(50_000);
    collect(client, connectionTo(sender('checkout')));
    await client.flush();
    expect(questions()).to.have.lengthOf(1);
  });

  it('is asked for each service and with each token by itself', async () => {
    configuration = (response, request) =>
      says({ enabled: (JSON.parse(request.body) as { service: string }).service === 'pricing' })(response, request);
    const off = start(sender('checkout'));
    const on = start(sender('pricing'));
    const withToken = start(sender('pricing'), { telemetryEndpointToken: 'collectors' });
    await until("[on, withToken].every((client) => flagState === 'on')", () =>
      [on, withToken].every((client) => client.getStats().flagState === 'on'),
    );
    await until("off.getStats().flagState === 'off'", () => off.getStats().flagState === 'off');
    const tokens = questions().map(({ headers }) => headers.authorization);
    expect(tokens).to.have.members([undefined, undefined, 'Bearer collectors']);
  });

  it('holds what was collected while it cannot be asked, and gets it when it can', async () => {
    configuration = (response) => response.writeHead(503).end();
    const origin = sender('checkout');
    const client = start(origin);
    collect(client, connectionTo(origin));
    await client.flush({ deadlineMs: 500 });
    expect(client.getStats()).to.include({ flagState: 'unknown', pending: 1 });
    expect(client.getStats().lastError).to.include({ status: 503 });
    configuration = says({});
    clock.skip(60_000);
    await client.flush();
    expect(client.getStats()).to.include({ flagState: 'on', pending: 0, delivered: 1 });
  });

  it('that wants only errors gets no session that was collected before it said so, and each is accounted for', async () => {
    let answer: () => void = () => undefined;
    configuration = (response, request) => {
      answer = () => says({ level: 'ERROR' })(response, request);
    };
    const origin = sender('checkout');
    const client = start(origin, { telemetryLogLevel: 'TRACE' });
    collect(client, connectionTo(origin));
    await until('questions().length === 1', () => questions().length === 1);
    answer();
    await until("flagState === 'on'", () => client.getStats().flagState === 'on');
    collect(client, connectionTo(origin));
    await client.flush();
    expect(posts()).to.deep.equal([]);
    expect(client.getStats()).to.include({ collected: 1, pending: 0, delivered: 0 });
    expect(client.getStats().dropped).to.include({ flag_off: 1 });
  });

  it('is not asked when telemetry is closed by a token over plain HTTP', async () => {
    const origin = sender('checkout');
    const client = start(origin, { telemetryEndpoint: 'http://collector.test', telemetryEndpointToken: 'secret' });
    collect(client, connectionTo(origin));
    await client.flush();
    expect(server.received).to.deep.equal([]);
    expect(client.getStats()).to.include({ requests: 0, delivered: 0 });
  });
});
