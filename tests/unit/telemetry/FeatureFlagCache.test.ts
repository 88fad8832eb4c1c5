import { expect } from 'chai';
import { FeatureFlagCache } from '../../../lib/telemetry/FeatureFlagCache';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { flag } from '../.stubs/flagAnswers';
import { FlagHost } from '../.stubs/FlagHost';
import { originTo, USER_AGENT } from '../.stubs/origins';
import { status } from '../.stubs/TestServer';

function blockFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('FeatureFlagCache', () => {
  let at: FlagHost;
  let cache: FeatureFlagCache;

  beforeEach(async () => {
    at = await FlagHost.start();
    cache = at.cache();
  });
  afterEach(() => at.server.stop());

  describe('the request', () => {
    it('goes to the endpoint of the driver version, with credentials and headers of the connection', async () => {
      cache = at.cache({}, '2.1.0-beta.1+x');
      cache.getOrCreateContext(at.name, originTo(at.server, 'T', { headers: { 'x-databricks-org-id': '42' } }));
      await cache.isTelemetryEnabled(at.name);
      const [request] = at.server.received;
      expect(request).to.include({ method: 'GET', path: '/api/2.0/connector-service/feature-flags/NODEJS/2.1.0' });
      expect(request?.headers).to.include({
        authorization: 'Bearer T',
        'x-databricks-org-id': '42',
        'user-agent': USER_AGENT,
      });
    });

    it('names 0.0.0 by default, and for a version that is none', async () => {
      await cache.fetchFeatureFlag(at.name).catch(() => undefined);
      cache.getOrCreateContext(at.name, at.origin);
      await cache.fetchFeatureFlag(at.name);
      await at.cache({}, 'odd').fetchFeatureFlag(at.name);
      expect(at.server.received.map(({ path }) => path.split('/').at(-1))).to.deep.equal(['0.0.0', '0.0.0']);
    });

    for (const [version, triplet] of [
      ['10.21.32', '10.21.32'],
      ['2.1.0-oss', '2.1.0'],
      ['v2.1.0', '0.0.0'],
    ]) {
      it(`names version ${version} as ${triplet}`, async () => {
        cache.getOrCreateContext(at.name, at.origin);
        await at.cache({}, version).fetchFeatureFlag(at.name);
        expect(at.server.received[0]?.path).to.match(new RegExp(`/NODEJS/${triplet}$`));
      });
    }

    it('is made with a connection when there is one, also beside uses without any', async () => {
      cache.getOrCreateContext(at.name);
      cache.getOrCreateContext(at.name, at.origin);
      expect(await cache.refresh(at.name)).to.equal('on');
      expect(at.requests).to.equal(1);
    });

    it('is made as the client itself when no connection is registered', async () => {
      const context = new ClientContextStub();
      context.authProvider = { authenticate: async () => ({ Authorization: 'Bearer own' }) };
      context.agent = at.origin.getAgent as () => Promise<undefined>;
      expect(await new FeatureFlagCache(context, at.hosts).fetchFeatureFlag(at.name)).to.equal(true);
      expect(at.server.received[0]?.headers.authorization).to.equal('Bearer own');
    });

    it('is one for all who ask at the same time', async () => {
      cache.getOrCreateContext(at.name, at.origin);
      const other = at.cache();
      const answers = await Promise.all([
        cache.isTelemetryEnabled(at.name),
        cache.refresh(at.name),
        cache.fetchFeatureFlag(at.name),
        other.isTelemetryEnabled(`HTTPS://LocalHost:${at.server.port}/`),
      ]);
      expect(answers).to.deep.equal([true, 'on', true, true]);
      expect(at.requests).to.equal(1);
    });

    it('ends after telemetryFeatureFlagTimeoutMs in all', async () => {
      at.answer = () => undefined;
      const quick = at.cache({ telemetryFeatureFlagTimeoutMs: 100 });
      quick.getOrCreateContext(at.name, at.origin);
      const startMs = at.clock.now();
      expect(await quick.isTelemetryEnabled(at.name)).to.equal(false);
      expect(at.clock.now() - startMs).to.be.within(90, 2500);
    }).retries(2); // It measures time.

    it('counts the wait for credentials into that time', async () => {
      const quick = at.cache({ telemetryFeatureFlagTimeoutMs: 100 });
      quick.getOrCreateContext(at.name, originTo(at.server, 'T', { authenticate: () => new Promise(() => undefined) }));
      const startMs = at.clock.now();
      expect(await quick.refresh(at.name)).to.equal('unknown');
      expect(at.clock.now() - startMs).to.be.within(90, 2500);
      expect(at.requests).to.equal(0);
    }).retries(2); // It measures time.
  });

  describe('while the application holds up the event loop', () => {
    it('an answer that has come meanwhile is not lost', async () => {
      const quick = at.cache({ telemetryFeatureFlagTimeoutMs: 1000 });
      const answered = new Promise<void>((resolve) => {
        at.answer = (response, request) => {
          flag('true')(response, request);
          response.on('finish', resolve);
        };
      });
      quick.getOrCreateContext(at.name, at.origin);
      const asked = quick.refresh(at.name);
      await answered;
      blockFor(1300);
      expect(await asked).to.equal('on');
      expect(quick.peek(at.name).lastFailure).to.equal(undefined);
    });

    it('before the request is under way, its time is not over', async () => {
      const quick = at.cache({ telemetryFeatureFlagTimeoutMs: 1500 });
      quick.getOrCreateContext(at.name, at.origin);
      const asked = quick.refresh(at.name);
      blockFor(1800);
      expect(await asked).to.equal('on');
    });
  });

  it('names how the last request failed, until one does not', async () => {
    cache.getOrCreateContext(at.name, at.origin);
    at.answer = status(503);
    await cache.fetchFeatureFlag(at.name);
    expect(cache.peek(at.name).lastFailure).to.include({ kind: 'response', status: 503 });
    at.answer = (response) => response.socket?.destroy();
    await cache.fetchFeatureFlag(at.name);
    expect(cache.peek(at.name).lastFailure).to.deep.equal({ kind: 'failed', name: 'Error', code: 'ECONNRESET' });
    at.answer = flag('true');
    await cache.fetchFeatureFlag(at.name);
    expect(cache.peek(at.name).lastFailure).to.equal(undefined);
  });

  it('shares the registry of the process by default', async () => {
    new FeatureFlagCache(new ClientContextStub()).getOrCreateContext(at.name, at.origin);
    expect(await new FeatureFlagCache(new ClientContextStub()).isTelemetryEnabled(at.name)).to.equal(true);
    new FeatureFlagCache(new ClientContextStub()).releaseContext(at.name, at.origin);
  });
});
