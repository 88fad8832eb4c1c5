import { expect } from 'chai';
import { defaultHostRegistry, HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import { ACCOUNTS_SLOT } from '../../../lib/telemetry/pipeline/AccountBook';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { until } from '../../e2e/support/waiting';
import { flag } from '../.stubs/flagAnswers';
import { originTo } from '../.stubs/origins';
import { ClientWorld } from './clientWorld';

const MINUTE = 60_000;

describe('TelemetryClient', () => {
  let at: ClientWorld;
  beforeEach(async () => {
    at = await ClientWorld.start();
  });
  afterEach(() => at.server.stop());

  it('leaves its account in its own registry, also when it has ended, and in no other', async () => {
    const client = at.client();
    at.collect(client);
    await client.close();
    const reports = at.hosts.common.get(ACCOUNTS_SLOT).reports();
    expect(reports.map(({ receiver, collected, delivered }) => [receiver, collected, delivered])).to.deep.equal([
      [at.host, 1, 1],
    ]);
    const others = defaultHostRegistry.common.get(ACCOUNTS_SLOT).reports();
    expect(others.map(({ receiver }) => receiver)).to.not.include(at.host);
  });

  describe('and the feature flag', () => {
    it('collects until the answer comes, then sends', async () => {
      let release: () => void = () => undefined;
      at.flagAnswer = (response, request) => {
        release = () => flag('true')(response, request);
      };
      const client = at.client({ telemetryFlushIntervalMs: 100 });
      at.collect(client);
      expect(client.getStats()).to.include({ flagState: 'unknown', collected: 1, pending: 1 });
      await until('it is asked', () => at.server.received.length === 1);
      expect(at.requests('POST')).to.equal(0);
      release();
      await until('it is delivered', () => client.getStats().delivered === 1);
      expect(client.getStats()).to.include({ flagState: 'on', pending: 0 });
      await client.close();
    });

    it('discards what was collected, and all that follows, when the answer is off', async () => {
      at.flagAnswer = flag('false');
      const client = at.client();
      at.collect(client);
      await until('the flag is off', () => client.getStats().flagState === 'off');
      at.collect(client);
      expect(client.getStats()).to.include({ collected: 1, pending: 0 });
      expect(client.getStats().dropped).to.include({ flag_off: 1 });
      await client.close();
      expect(at.requests('POST')).to.equal(0);
    });

    it('keeps what was collected while no answer can be had, and sends it when there is one', async () => {
      at.flagAnswer = (response) => response.writeHead(503).end();
      const client = at.client({ telemetryFlushIntervalMs: 100 });
      at.collect(client);
      await until('it was asked', () => at.flag.dueInMs > 0);
      expect(client.getStats()).to.include({ flagState: 'unknown', pending: 1 });
      at.flagAnswer = flag('true');
      at.clock.skip(MINUTE);
      await until('the flag is on', () => client.getStats().flagState === 'on');
      at.clock.skip(MINUTE);
      await until('it is delivered', () => client.getStats().delivered === 1);
      await client.close();
    });

    it('follows the flag both ways, until it is closed', async () => {
      at.flagAnswer = flag('true', { ttl_seconds: 60 });
      const client = at.client();
      await until('the flag is on', () => client.getStats().flagState === 'on');
      at.collect(client);
      at.flagAnswer = flag('false', { ttl_seconds: 60 });
      at.clock.skip(2 * MINUTE);
      at.collect(client);
      await until('the flag is off', () => client.getStats().flagState === 'off');
      expect(client.getStats().dropped).to.include({ flag_off: 2 });
      at.flagAnswer = flag('true', { ttl_seconds: 60 });
      at.clock.skip(2 * MINUTE);
      at.collect(client);
      await until('the flag is on', () => client.getStats().flagState === 'on');
      at.collect(client);
      await client.close();
      expect(client.getStats()).to.include({ collected: 3, delivered: 1 });
      const asked = at.server.received.length;
      at.clock.skip(60 * MINUTE);
      at.collect(client);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(at.server.received.length).to.equal(asked);
    });

    it('asks again when its time is over and something happens, a little later by a random part', async () => {
      for (const chance of [0, 0.5, 1]) {
        at.hosts = new HostRegistry();
        at.clock.chance = chance;
        const client = at.client();
        await until('the flag is on', () => client.getStats().flagState === 'on');
        const asked = at.requests('GET');
        const dueInMs = at.flag.dueInMs * (1 + 0.05 * chance);
        at.clock.skip(dueInMs - 2000);
        at.collect(client);
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(at.requests('GET')).to.equal(asked);
        at.clock.skip(2000);
        at.collect(client);
        await until('it is asked', () => at.requests('GET') === asked + 1);
        await client.close();
      }
    });

    it('holds no timer while nothing is pending, so nobody is asked while nothing happens', async () => {
      const client = at.client();
      await until('the flag is on', () => client.getStats().flagState === 'on');
      await until('no timer is left', () => at.clock.waits.length === 0);
      const asked = at.requests('GET');
      at.clock.skip(60 * MINUTE);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(at.requests('GET')).to.equal(asked);
      await client.close();
    });

    it('asks with the connections that are attached, and no more with those that left', async () => {
      const client = at.client();
      const other = originTo(at.server, 'other');
      client.attach(other);
      await until('the flag is on', () => client.getStats().flagState === 'on');
      client.detach(at.origin);
      for (let asked = 1; asked <= 3; asked += 1) {
        at.clock.skip(20 * MINUTE);
        at.collect(client);
        await until('it is asked', () => at.requests('GET') === asked + 1);
        await until('it was asked', () => at.flag.dueInMs > 0);
      }
      const [first, ...later] = at.server.received.map(({ headers }) => headers.authorization);
      expect([first, ...new Set(later)]).to.deep.equal(['Bearer T', 'Bearer other']);
      await client.close();
    });

    it('does not ask for it with a telemetryEndpoint', async () => {
      const client = at.client({ telemetryEndpoint: `https://localhost:${at.server.port}/mine` });
      expect(client.getStats().flagState).to.equal('on');
      at.collect(client);
      await client.close();
      expect(at.server.received.map(({ method }) => method)).to.deep.equal(['POST']);
    });
  });

  it('reports host, breaker, flag, last error, requests and bytes', async () => {
    at.telemetry = (response) => response.writeHead(503).end();
    const client = at.client({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 1 });
    expect(client.getStats()).to.include({
      host: at.host,
      breakerState: 'CLOSED',
      lastError: undefined,
      requests: 0,
      bytesSent: 0,
    });
    at.collect(client);
    await client.flush();
    const stats = client.getStats();
    expect(stats).to.include({ breakerState: 'OPEN', flagState: 'on', requests: 1, pending: 1 });
    expect(stats.bytesSent).to.equal(Buffer.byteLength(at.server.received.at(-1)?.body ?? ''));
    expect(stats.lastError).to.deep.equal({ name: 'HttpError', code: undefined, status: 503 });
    await client.close();
  });

  it('counts the values that were left out because they broke the rule of their field', async () => {
    const client = at.client({});
    const event = {
      eventType: TelemetryEventType.STATEMENT_COMPLETE,
      timestamp: Date.now(),
      connection: at.connection,
    } as const;
    client.getAggregator().processEvent({ ...event, statementId: 'no statement id' });
    await client.flush();
    expect(client.getStats()).to.include({ delivered: 1, omittedFields: 1 });
    await client.close();
  });

  it('asks and sends nothing where the endpoint cannot be meant, and names the breaker of the host', async () => {
    const client = at.client({ telemetryEndpoint: 'nonsense' });
    at.collect(client);
    await client.close();
    expect(client.getStats()).to.include({ breakerState: 'CLOSED' });
    expect(client.getStats().dropped).to.include({ invalid: 1 });
    expect(at.server.received).to.deep.equal([]);
  });
});
