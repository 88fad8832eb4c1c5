import { expect } from 'chai';
import { FeatureFlagCache, type FeatureFlagContext } from '../../../lib/telemetry/FeatureFlagCache';
import { defaultHostRegistry, HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import type { TelemetryOptions } from '../../../lib/model/options';
import { ACCOUNTS_SLOT } from '../../../lib/telemetry/pipeline/AccountBook';
import { TelemetryClient } from '../../../lib/telemetry/TelemetryClient';
import { TelemetryEventType, type ConnectionInfo, type RecordOrigin } from '../../../lib/telemetry/types';
import { connectionTo, originTo } from '../.stubs/origins';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { SkippingClock } from '../.stubs/SkippingClock';
import { startTestServer, type Answer, type TestServer } from '../.stubs/TestServer';
import { until } from '../../e2e/support/waiting';

const NAME = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';
const flag =
  (value: string, ttlSeconds = 900): Answer =>
  (response) =>
    response.end(JSON.stringify({ flags: [{ name: NAME, value }], ttl_seconds: ttlSeconds }));
const MINUTE = 60_000;
const hang: Answer = () => undefined;

describe('TelemetryClient', () => {
  let flagAnswer: Answer;
  let telemetry: Answer;
  let server: TestServer;
  let host: string;
  let hosts: HostRegistry;
  let origin: RecordOrigin;
  let connection: ConnectionInfo;
  let clock: SkippingClock;

  beforeEach(async () => {
    flagAnswer = flag('true');
    telemetry = (response) => response.end('{}');
    server = await startTestServer((response, request) =>
      (request.method === 'GET' ? flagAnswer : telemetry)(response, request),
    );
    host = `localhost:${server.port}`;
    hosts = new HostRegistry();
    clock = new SkippingClock();
    origin = originTo(server, 'T');
    connection = connectionTo(origin);
  });
  afterEach(() => server.stop());

  function start(options: TelemetryOptions = {}): TelemetryClient {
    const client = new TelemetryClient(
      new ClientContextStub({ telemetryFlushIntervalMs: 3_600_000, ...options }),
      host,
      hosts,
      undefined,
      clock,
    );
    client.attach(origin);
    return client;
  }
  function collect(client: TelemetryClient, from = connection): void {
    client.getAggregator().processEvent({
      eventType: TelemetryEventType.CONNECTION_OPEN,
      timestamp: Date.now(),
      connection: from,
      sessionId: 's',
    });
  }
  const flags = (): FeatureFlagContext =>
    new FeatureFlagCache(new ClientContextStub(), hosts, undefined, clock).peek(host);
  const gets = (): number => server.received.filter(({ method }) => method === 'GET').length;
  const posts = (): number => server.received.filter(({ method }) => method === 'POST').length;
  const sinceMs = (startMs: number): number => performance.now() - startMs;

  it('leaves its account in its own registry, also when it has ended, and in no other', async () => {
    const client = start();
    collect(client);
    await client.close();
    const reports = hosts.common.get(ACCOUNTS_SLOT).reports();
    expect(reports.map(({ receiver, collected, delivered }) => [receiver, collected, delivered])).to.deep.equal([
      [host, 1, 1],
    ]);
    const others = defaultHostRegistry.common.get(ACCOUNTS_SLOT).reports();
    expect(others.map(({ receiver }) => receiver)).to.not.include(host);
  });

  describe('and the feature flag', () => {
    it('collects until the answer comes, then sends', async () => {
      let release: () => void = () => undefined;
      flagAnswer = (response, request) => {
        release = () => flag('true')(response, request);
      };
      const client = start({ telemetryFlushIntervalMs: 100 });
      collect(client);
      expect(client.getStats()).to.include({ flagState: 'unknown', collected: 1, pending: 1 });
      await until('server.received.length === 1', () => server.received.length === 1);
      expect(posts()).to.equal(0);
      release();
      await until('delivered === 1', () => client.getStats().delivered === 1);
      expect(client.getStats()).to.include({ flagState: 'on', pending: 0 });
      await client.close();
    });

    it('discards what was collected, and all that follows, when the answer is off', async () => {
      flagAnswer = flag('false');
      const client = start();
      collect(client);
      await until("flagState === 'off'", () => client.getStats().flagState === 'off');
      collect(client);
      expect(client.getStats()).to.include({ collected: 1, pending: 0 });
      expect(client.getStats().dropped).to.include({ flag_off: 1 });
      await client.close();
      expect(posts()).to.equal(0);
    });

    it('keeps what was collected while no answer can be had, and sends it when there is one', async () => {
      flagAnswer = (response) => response.writeHead(503).end();
      const client = start({ telemetryFlushIntervalMs: 100 });
      collect(client);
      await until('flags().dueInMs > 0', () => flags().dueInMs > 0);
      expect(client.getStats()).to.include({ flagState: 'unknown', pending: 1 });
      flagAnswer = flag('true');
      clock.skip(MINUTE);
      await until("flagState === 'on'", () => client.getStats().flagState === 'on');
      clock.skip(MINUTE);
      await until('delivered === 1', () => client.getStats().delivered === 1);
      await client.close();
    });

    it('follows the flag both ways, until it is closed', async () => {
      flagAnswer = flag('true', 60);
      const client = start();
      await until("flagState === 'on'", () => client.getStats().flagState === 'on');
      collect(client);
      flagAnswer = flag('false', 60);
      clock.skip(2 * MINUTE);
      collect(client);
      await until("flagState === 'off'", () => client.getStats().flagState === 'off');
      expect(client.getStats().dropped).to.include({ flag_off: 2 });
      flagAnswer = flag('true', 60);
      clock.skip(2 * MINUTE);
      collect(client);
      await until("flagState === 'on'", () => client.getStats().flagState === 'on');
      collect(client);
      await client.close();
      expect(client.getStats()).to.include({ collected: 3, delivered: 1 });
      const asked = server.received.length;
      clock.skip(60 * MINUTE);
      collect(client);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(server.received.length).to.equal(asked);
    });

    it('asks again when its time is over and something happens, a little later by a random part', async () => {
      for (const chance of [0, 0.5, 1]) {
        hosts = new HostRegistry();
        clock.chance = chance;
        const client = start();
        await until("flagState === 'on'", () => client.getStats().flagState === 'on');
        const asked = gets();
        const dueInMs = flags().dueInMs * (1 + 0.05 * chance);
        clock.skip(dueInMs - 2000);
        collect(client);
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(gets()).to.equal(asked);
        clock.skip(2000);
        collect(client);
        await until('gets() === asked + 1', () => gets() === asked + 1);
        await client.close();
      }
    });

    it('holds no timer while nothing is pending, so nobody is asked while nothing happens', async () => {
      const client = start();
      await until("flagState === 'on'", () => client.getStats().flagState === 'on');
      await until('clock.waits.length === 0', () => clock.waits.length === 0);
      const asked = gets();
      clock.skip(60 * MINUTE);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(gets()).to.equal(asked);
      await client.close();
    });

    it('asks with the connections that are attached, and no more with those that left', async () => {
      const client = start();
      const other = originTo(server, 'other');
      client.attach(other);
      await until("flagState === 'on'", () => client.getStats().flagState === 'on');
      client.detach(origin);
      for (let asked = 1; asked <= 3; asked += 1) {
        clock.skip(20 * MINUTE);
        collect(client);
        await until('gets() === asked + 1', () => gets() === asked + 1);
        await until('flags().dueInMs > 0', () => flags().dueInMs > 0);
      }
      const [first, ...later] = server.received.map(({ headers }) => headers.authorization);
      expect([first, ...new Set(later)]).to.deep.equal(['Bearer T', 'Bearer other']);
      await client.close();
    });

    it('does not ask for it with a telemetryEndpoint', async () => {
      const client = start({ telemetryEndpoint: `https://localhost:${server.port}/mine` });
      expect(client.getStats().flagState).to.equal('on');
      collect(client);
      await client.close();
      expect(server.received.map(({ method }) => method)).to.deep.equal(['POST']);
    });
  });

  describe('flush', () => {
    it('sends what is pending', async () => {
      const client = start();
      collect(client);
      await client.flush();
      expect(client.getStats()).to.include({ delivered: 1, pending: 0 });
      await client.close();
    });

    it('ends at its deadline while the flag hangs', async () => {
      flagAnswer = hang;
      const client = start({ telemetryCloseTimeoutMs: 0 });
      collect(client);
      const startMs = performance.now();
      await client.flush({ deadlineMs: 100 });
      expect(sinceMs(startMs)).to.be.within(90, 1900);
      expect(client.getStats()).to.include({ pending: 1 });
      await client.close();
    }).retries(2); // It measures time.

    it('ends at its deadline while the endpoint hangs, and at telemetryCloseTimeoutMs without one', async () => {
      telemetry = hang;
      const client = start({ telemetryCloseTimeoutMs: 100 });
      for (const options of [{ deadlineMs: 50 }, {}]) {
        collect(client);
        const startMs = performance.now();
        await client.flush(options);
        expect(sinceMs(startMs)).to.be.within(45, 1900);
      }
      await client.close();
    }).retries(2); // It measures time.

    it('sends only what a connection produced when it is named', async () => {
      const client = start({ telemetryBatchSize: 1, telemetryCloseTimeoutMs: 100 });
      const other = connectionTo(originTo(server, 'other'));
      collect(client, other);
      collect(client);
      telemetry = (response, request) =>
        request.headers.authorization === 'Bearer other' ? undefined : response.end('{}');
      await client.flush({ connection, deadlineMs: 2000 });
      expect(client.getStats().delivered).to.equal(1);
      await client.close();
    });
  });

  describe('close', () => {
    it('waits for the flag and sends, all within the close timeout', async () => {
      flagAnswer = (response, request) => void setTimeout(() => flag('true')(response, request), 50);
      const client = start();
      collect(client);
      await client.close();
      expect(client.getStats()).to.include({ delivered: 1, pending: 0, flagState: 'on' });
    });

    it('ends in time and drops when the endpoint hangs, with the request aborted', async () => {
      const aborted = new Promise<void>((resolve) => {
        telemetry = (response) => response.on('close', resolve);
      });
      const client = start({ telemetryCloseTimeoutMs: 200 });
      collect(client);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.within(150, 1900);
      expect(client.getStats()).to.include({ collected: 1, pending: 0 });
      expect(client.getStats().dropped).to.include({ close_timeout: 1 });
      await aborted;
    }).retries(2); // It measures time.

    it('ends in time and drops when the flag hangs', async () => {
      flagAnswer = hang;
      const client = start({ telemetryCloseTimeoutMs: 200 });
      collect(client);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.within(150, 1900);
      expect(client.getStats()).to.include({ collected: 1, pending: 0, flagState: 'unknown' });
      expect(client.getStats().dropped).to.include({ flag_unknown: 1, flag_off: 0 });
      expect(posts()).to.equal(0);
    }).retries(2); // It measures time.

    it('does not wait for a flag whose request has just failed', async () => {
      flagAnswer = (response) => response.writeHead(503).end();
      hosts = new HostRegistry();
      const client = start();
      collect(client);
      await until('flags().dueInMs > 0', () => flags().dueInMs > 0);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.below(1000);
      expect(client.getStats().dropped).to.include({ flag_unknown: 1, flag_off: 0 });
      expect(client.getStats().lastError).to.deep.equal({ name: 'HttpError', code: undefined, status: 503 });
    }).retries(2); // It measures time.

    it('does its work once', async () => {
      const client = start();
      collect(client);
      expect(client.close()).to.equal(client.close());
      await client.close();
      expect(posts()).to.equal(1);
    });

    it('comes back at once with a timeout of 0', async () => {
      const client = start({ telemetryCloseTimeoutMs: 0 });
      collect(client);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.below(1000);
      expect(client.getStats()).to.include({ pending: 0 });
    }).retries(2); // It measures time.
  });

  it('reports host, breaker, flag, last error, requests and bytes', async () => {
    telemetry = (response) => response.writeHead(503).end();
    const client = start({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 1 });
    expect(client.getStats()).to.include({
      host,
      breakerState: 'CLOSED',
      lastError: undefined,
      requests: 0,
      bytesSent: 0,
    });
    collect(client);
    await client.flush();
    const stats = client.getStats();
    expect(stats).to.include({ breakerState: 'OPEN', flagState: 'on', requests: 1, pending: 1 });
    expect(stats.bytesSent).to.equal(Buffer.byteLength(server.received.at(-1)?.body ?? ''));
    expect(stats.lastError).to.deep.equal({ name: 'HttpError', code: undefined, status: 503 });
    await client.close();
  });

  it('counts the values that were left out because they broke the rule of their field', async () => {
    const client = start({});
    const event = { eventType: TelemetryEventType.STATEMENT_COMPLETE, timestamp: Date.now(), connection } as const;
    client.getAggregator().processEvent({ ...event, statementId: 'no statement id' });
    await client.flush();
    expect(client.getStats()).to.include({ delivered: 1, omittedFields: 1 });
    await client.close();
  });

  it('asks and sends nothing where the endpoint cannot be meant, and names the breaker of the host', async () => {
    const client = start({ telemetryEndpoint: 'nonsense' });
    collect(client);
    await client.close();
    expect(client.getStats()).to.include({ breakerState: 'CLOSED' });
    expect(client.getStats().dropped).to.include({ invalid: 1 });
    expect(server.received).to.deep.equal([]);
  });
});
