import { expect } from 'chai';
import { toHostKey } from '../../../lib/model/connection';
import { FLAG_SLOT } from '../../../lib/telemetry/FeatureFlagCache';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import type { TelemetryOptions } from '../../../lib/model/options';
import type { TelemetryClient } from '../../../lib/telemetry/TelemetryClient';
import { TelemetryClientProvider } from '../../../lib/telemetry/TelemetryClientProvider';
import { TelemetryEventType, type ConnectionInfo } from '../../../lib/telemetry/types';
import { connectionTo, originTo } from '../.stubs/origins';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { startTestServer, type Answer, type TestServer } from '../.stubs/TestServer';

const FLAG = {
  name: 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs',
  value: 'true',
};

describe('TelemetryClientProvider', () => {
  let server: TestServer;
  let host: string;
  let hosts: HostRegistry;
  let telemetry: Answer;

  beforeEach(async () => {
    telemetry = (response) => response.end('{}');
    server = await startTestServer((response, request) =>
      request.method === 'GET' ? response.end(JSON.stringify({ flags: [FLAG] })) : telemetry(response, request),
    );
    host = `localhost:${server.port}`;
    hosts = new HostRegistry();
  });
  afterEach(() => server.stop());

  const provider = (options: TelemetryOptions = {}): TelemetryClientProvider =>
    new TelemetryClientProvider(new ClientContextStub({ telemetryFlushIntervalMs: 3_600_000, ...options }), hosts);
  const flagLeases = (): number => hosts.get(toHostKey(host)).get(FLAG_SLOT).leaseCount;
  const posts = (): number => server.received.filter(({ method }) => method === 'POST').length;
  function open(client: TelemetryClient, connection: ConnectionInfo): void {
    client.getAggregator().processEvent({
      eventType: TelemetryEventType.CONNECTION_OPEN,
      timestamp: Date.now(),
      connection,
      sessionId: 's',
    });
  }

  it('gives all connections to a host the same client, however the host is spelt and whoever asks', async () => {
    const [first, second] = [provider(), provider()];
    const spellings = [host, `HTTPS://LocalHost:${server.port}/`, `localhost.:${server.port}`];
    const leases = spellings.map((spelling, index) => (index < 2 ? first : second).acquire(spelling));
    expect(new Set(leases.map(({ client }) => client)).size).to.equal(1);
    await Promise.all(leases.map((lease) => lease.release()));
  });

  it('gives each host a client of its own', async () => {
    const subject = provider();
    const [a, b] = [subject.acquire('a.test'), subject.acquire('b.test')];
    expect(a.client).to.not.equal(b.client);
    await Promise.all([a.release(), b.release()]);
  });

  it('closes the client when its last lease is given back, and not before', async () => {
    const subject = provider();
    const origin = originTo(server, 'T');
    const [first, second] = [subject.acquire(host, origin), subject.acquire(host, origin)];
    await first.release();
    open(second.client, connectionTo(origin));
    expect(second.client.getStats()).to.include({ collected: 1, pending: 1 });
    await second.release();
    expect(second.client.getStats()).to.include({ collected: 1, delivered: 1, pending: 0 });
    open(second.client, connectionTo(origin));
    expect(second.client.getStats()).to.include({ collected: 1 });
  });

  it('counts a lease once, however often it is released', async () => {
    const subject = provider();
    const [first, second] = [subject.acquire(host), subject.acquire(host)];
    expect(first.release()).to.equal(first.release());
    await first.release();
    expect(subject.acquire(host).client).to.equal(second.client);
  });

  it('starts a new client for who comes while the last one closes', async () => {
    const subject = provider();
    const origin = originTo(server, 'T');
    const lease = subject.acquire(host, origin);
    open(lease.client, connectionTo(origin));
    const closing = lease.release();
    const next = subject.acquire(host, origin);
    expect(next.client).to.not.equal(lease.client);
    await closing;
    expect(lease.client.getStats()).to.include({ delivered: 1 });
    open(next.client, connectionTo(origin));
    await next.release();
    expect(next.client.getStats()).to.include({ delivered: 1 });
  });

  it('flushes what a connection produced when others stay, bounded by the close timeout', async () => {
    const subject = provider({ telemetryCloseTimeoutMs: 200 });
    const [leaver, stayer] = [originTo(server, 'A'), originTo(server, 'B')];
    const [first, second] = [subject.acquire(host, leaver), subject.acquire(host, stayer)];
    const connection = connectionTo(leaver);
    open(first.client, connection);
    await first.release({ connection });
    expect(
      server.received.some(({ headers, method }) => method === 'POST' && headers.authorization === 'Bearer A'),
    ).to.equal(true);

    telemetry = () => undefined;
    const third = subject.acquire(host, leaver);
    open(third.client, connection);
    const startMs = performance.now();
    await third.release();
    expect(performance.now() - startMs).to.be.within(150, 5000);
    expect(third.client.getStats()).to.include({ collected: 2, delivered: 1, pending: 1 });
    await second.release();
    expect(third.client.getStats()).to.deep.include({ pending: 0 });
    expect(third.client.getStats().dropped).to.include({ close_timeout: 1 });
  }).retries(2); // It measures time.

  it('takes a connection from those that the flag may be asked with', async () => {
    const subject = provider();
    const lease = subject.acquire(host, originTo(server, 'T'));
    expect(flagLeases()).to.equal(1);
    await lease.release();
    expect(flagLeases()).to.equal(0);
  });

  it('keeps connections with another telemetryEndpoint apart', async () => {
    const own = provider({ telemetryEndpoint: `https://localhost:${server.port}/mine` });
    const [a, b, c] = [provider().acquire(host), own.acquire(host), own.acquire(host)];
    expect(a.client).to.not.equal(b.client);
    expect(b.client).to.equal(c.client);
    await Promise.all([a, b, c].map((lease) => lease.release()));
  });

  it('survives any order of opening and closing on several hosts', async () => {
    const names = ['a', 'b'].map((name) => `${name}.localhost:${server.port}`);
    const providers = [provider(), provider()];
    const clients = new Set<TelemetryClient>();
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const origin = originTo(server, `T${index % 5}`);
        const lease = providers[index % 2]!.acquire(names[index % 2]!, origin);
        clients.add(lease.client);
        open(lease.client, connectionTo(origin));
        await new Promise((resolve) => setTimeout(resolve, (index * 7) % 30));
        await lease.release();
      }),
    );
    let collected = 0;
    for (const client of clients) {
      const stats = client.getStats();
      collected += stats.collected;
      expect(stats).to.include({ delivered: stats.collected, pending: 0 });
    }
    expect(collected).to.equal(60);
    for (const name of names) expect(hosts.get(toHostKey(name)).users).to.equal(0);
  });

  describe('by name', () => {
    it('gives and takes back the shared client', async () => {
      const subject = provider();
      const client = subject.getOrCreateClient(host, originTo(server, 'T'));
      expect(subject.getOrCreateClient(host.toUpperCase())).to.equal(client);
      await subject.releaseClient(host);
      expect(subject.getOrCreateClient(host)).to.equal(client);
      await subject.releaseClient(host);
      await subject.releaseClient(`https://${host}`);
      expect(hosts.get(toHostKey(host)).users).to.equal(0);
      expect(subject.getOrCreateClient(host)).to.not.equal(client);
      await subject.releaseClient(host);
    });

    it('takes nothing back that it did not give', async () => {
      const lease = provider().acquire(host);
      await provider().releaseClient(host);
      expect(hosts.get(toHostKey(host)).users).to.be.above(0);
      await lease.release();
    });
  });

  it('shares the registry of the process by default', async () => {
    const leases = [1, 2].map(() => new TelemetryClientProvider(new ClientContextStub()).acquire(host));
    expect(leases[0]?.client).to.equal(leases[1]?.client);
    await Promise.all(leases.map((lease) => lease.release()));
  });

  it('makes no request for telemetry when nothing was collected', async () => {
    await provider().acquire(host, originTo(server, 'T')).release();
    expect(posts()).to.equal(0);
  });
});
