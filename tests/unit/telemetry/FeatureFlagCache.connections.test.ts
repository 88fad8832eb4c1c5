import { expect } from 'chai';
import type { FeatureFlagCache } from '../../../lib/telemetry/FeatureFlagCache';
import { flag } from '../.stubs/flagAnswers';
import { FlagHost } from '../.stubs/FlagHost';
import { originTo } from '../.stubs/origins';
import { status } from '../.stubs/TestServer';

describe('FeatureFlagCache: connections', () => {
  let at: FlagHost;
  let cache: FeatureFlagCache;

  beforeEach(async () => {
    at = await FlagHost.start();
    cache = at.cache();
  });
  afterEach(() => at.server.stop());

  describe('connections', () => {
    it('are counted: without one the flag is off and nobody is asked', async () => {
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(false);
      expect(cache.getOrCreateContext(at.name, at.origin).leaseCount).to.equal(1);
      expect(cache.getOrCreateContext(at.name, at.origin).leaseCount).to.equal(2);
      cache.releaseContext(at.name, at.origin);
      cache.releaseContext(at.name);
      expect(cache.peek(at.name).leaseCount).to.equal(1);
      cache.releaseContext(at.name, at.origin);
      cache.releaseContext(at.name, at.origin);
      expect(cache.peek(at.name).leaseCount).to.equal(0);
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(false);
      expect(at.requests).to.equal(0);
    });

    it('that have all left leave the flag off for who has none, whatever was answered', async () => {
      cache.getOrCreateContext(at.name, at.origin);
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(true);
      cache.releaseContext(at.name, at.origin);
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(false);
    });

    it('of other tenants are asked when one is refused or has no credentials', async () => {
      at.answer = (response, request) =>
        request.headers.authorization === 'Bearer good'
          ? flag('true')(response, request)
          : status(403)(response, request);
      const broken = originTo(at.server, undefined, { authenticate: () => Promise.reject(new Error('no')) });
      const throwing = originTo(at.server, undefined, {
        authenticate: () => {
          throw new Error('at once');
        },
      });
      for (const tenant of [originTo(at.server, 'bad'), throwing, broken, originTo(at.server, 'good')]) {
        cache.getOrCreateContext(at.name, tenant);
      }
      expect(await cache.refresh(at.name)).to.equal('on');
      expect(at.requests).to.equal(2);
    });

    it('without credentials are passed over', async () => {
      cache.getOrCreateContext(at.name, originTo(at.server, undefined));
      cache.getOrCreateContext(at.name, at.origin);
      expect(await cache.refresh(at.name)).to.equal('on');
      expect(at.requests).to.equal(1);
    });

    it('are asked one time each, four at most, and in turn over several requests', async () => {
      at.answer = status(401);
      for (let i = 0; i < 6; i += 1) {
        const tenant = originTo(at.server, String(i));
        cache.getOrCreateContext(at.name, tenant);
        cache.getOrCreateContext(at.name, tenant);
      }
      await cache.fetchFeatureFlag(at.name);
      await cache.fetchFeatureFlag(at.name);
      expect(cache.peek(at.name).leaseCount).to.equal(12);
      expect(at.server.received.map(({ headers }) => headers.authorization?.slice(-1))).to.deep.equal([
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
        '0',
        '1',
      ]);
    });

    it('that come new do not wait out the failure of others', async () => {
      at.answer = status(401);
      cache.getOrCreateContext(at.name, originTo(at.server, 'bad'));
      expect(await cache.refresh(at.name)).to.equal('unknown');
      at.answer = flag('true');
      cache.getOrCreateContext(at.name, at.origin);
      expect(await cache.refresh(at.name)).to.equal('on');
    });

    it('that come new wait out the failure of the server', async () => {
      at.answer = status(429, { 'Retry-After': '60' });
      cache.getOrCreateContext(at.name, at.origin);
      await cache.refresh(at.name);
      cache.getOrCreateContext(at.name, originTo(at.server, 'new'));
      expect(await cache.refresh(at.name)).to.equal('unknown');
      expect(at.requests).to.equal(1);
    });

    it('that come new do not wait for credentials that never come', async () => {
      const quick = at.cache({ telemetryFeatureFlagTimeoutMs: 100 });
      quick.getOrCreateContext(at.name, originTo(at.server, 'T', { authenticate: () => new Promise(() => undefined) }));
      await quick.refresh(at.name);
      quick.releaseContext(at.name);
      quick.getOrCreateContext(at.name, at.origin);
      expect(quick.peek(at.name).dueInMs).to.equal(0);
    });

    it('that come new do not ask again while an answer stands', async () => {
      at.answer = flag('false');
      cache.getOrCreateContext(at.name, at.origin);
      await cache.refresh(at.name);
      cache.getOrCreateContext(at.name, originTo(at.server, 'new'));
      await cache.refresh(at.name);
      expect(at.requests).to.equal(1);
    });

    it('ask also when they export without authentication', async () => {
      cache.getOrCreateContext(at.name, originTo(at.server, 'T', { authenticated: false }));
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(true);
    });
  });
});
