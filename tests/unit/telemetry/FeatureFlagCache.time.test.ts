import { expect } from 'chai';
import sinon from 'sinon';
import type { FeatureFlagCache } from '../../../lib/telemetry/FeatureFlagCache';
import { flag } from '../.stubs/flagAnswers';
import { FlagHost } from '../.stubs/FlagHost';
import { status, type Answer } from '../.stubs/TestServer';

const MINUTE = 60_000;

describe('FeatureFlagCache: time', () => {
  let at: FlagHost;
  let cache: FeatureFlagCache;

  beforeEach(async () => {
    at = await FlagHost.start();
    cache = at.cache();
  });
  afterEach(() => at.server.stop());

  describe('the time an answer stands', () => {
    async function dueAfter(next: Answer): Promise<number> {
      at.answer = next;
      cache.getOrCreateContext(at.name, at.origin);
      await cache.refresh(at.name);
      return Math.ceil(cache.peek(at.name).dueInMs / 1000) * 1000;
    }

    it('is fifteen minutes when the server names none', async () => {
      expect(await dueAfter(flag('true'))).to.equal(15 * MINUTE);
    });
    it('is what the server names, under either name', async () => {
      expect(await dueAfter(flag('true', { ttl_seconds: 300 }))).to.equal(5 * MINUTE);
      at.clock.skip(6 * MINUTE);
      expect(await dueAfter(flag('true', { ttlSeconds: 600 }))).to.equal(10 * MINUTE);
      at.clock.skip(11 * MINUTE);
      expect(await dueAfter(flag('false', { ttl_seconds: 120 }))).to.equal(2 * MINUTE);
    });
    it('is one minute at least and one hour at most', async () => {
      expect(await dueAfter(flag('true', { ttl_seconds: 1 }))).to.equal(MINUTE);
      at.clock.skip(2 * MINUTE);
      expect(await dueAfter(flag('true', { ttl_seconds: 1e9 }))).to.equal(60 * MINUTE);
    });
    for (const ttl of [0, -5, '300', null]) {
      it(`is fifteen minutes when the server names ${JSON.stringify(ttl)}`, async () => {
        expect(await dueAfter(flag('true', { ttl_seconds: ttl }))).to.equal(15 * MINUTE);
      });
    }

    it('is short for a negative answer without one, and doubles up to fifteen minutes', async () => {
      const times: number[] = [];
      for (let i = 0; i < 7; i += 1) {
        times.push((await dueAfter(status(404))) / MINUTE);
        at.clock.skip(16 * MINUTE);
      }
      expect(times).to.deep.equal([0.5, 1, 2, 4, 8, 15, 15]);
    });

    it('starts over from short after an answer with a time', async () => {
      await dueAfter(status(404));
      at.clock.skip(MINUTE);
      await dueAfter(flag('true'));
      at.clock.skip(16 * MINUTE);
      expect(await dueAfter(status(404))).to.equal(MINUTE / 2);
    });

    it('is short after a failure, too, jittered, and at least Retry-After', async () => {
      expect(await dueAfter(status(503))).to.equal(MINUTE / 2);
      at.clock.chance = 0;
      at.clock.skip(MINUTE);
      expect(await dueAfter(status(503))).to.equal(MINUTE / 2);
      at.clock.skip(MINUTE);
      expect(await dueAfter(status(429, { 'Retry-After': '300' }))).to.equal(5 * MINUTE);
    });

    it('is not shortened or lengthened by the wall clock', async () => {
      cache.getOrCreateContext(at.name, at.origin);
      await cache.refresh(at.name);
      sinon.stub(at.clock, 'epochMs').returns(Date.now() + 3_600_000);
      await cache.refresh(at.name);
      expect(at.requests).to.equal(1);
    });
  });

  describe('while it stands', () => {
    it('nobody is asked again, whether on or off', async () => {
      for (const value of ['true', 'false']) {
        at.answer = flag(value, { ttl_seconds: 600 });
        cache.getOrCreateContext(at.name, at.origin);
        await cache.refresh(at.name);
        at.clock.skip(9 * MINUTE);
        const before = at.requests;
        expect(await cache.isTelemetryEnabled(at.name)).to.equal(value === 'true');
        expect(at.requests).to.equal(before);
        at.clock.skip(2 * MINUTE);
      }
    });

    it('it outlives the last client of the host', async () => {
      cache.getOrCreateContext(at.name, at.origin);
      await cache.refresh(at.name);
      cache.releaseContext(at.name, at.origin);
      const later = at.cache();
      later.getOrCreateContext(at.name, at.origin);
      expect(await later.isTelemetryEnabled(at.name)).to.equal(true);
      expect(at.requests).to.equal(1);
    });
  });

  describe('when its time is over', () => {
    beforeEach(async () => {
      cache.getOrCreateContext(at.name, at.origin);
      await cache.refresh(at.name);
      at.clock.skip(15 * MINUTE + 1);
    });

    it('is given once more at once and renewed meanwhile', async () => {
      let release: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => {
        at.answer = (response, request) => {
          release = () => flag('false')(response, request);
          resolve();
        };
      });
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(true);
      await asked;
      release();
      expect(await cache.fetchFeatureFlag(at.name)).to.equal(false);
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(false);
      expect(at.requests).to.equal(2);
    });

    it('stands for as long again while requests fail, then nothing is known', async () => {
      at.answer = status(503);
      expect(await cache.refresh(at.name)).to.equal('on');
      at.clock.skip(15 * MINUTE);
      expect(await cache.refresh(at.name)).to.equal('unknown');
      expect(await cache.isTelemetryEnabled(at.name)).to.equal(false);
    });

    it('stays off while requests fail when it was off', async () => {
      at.answer = flag('false', { ttl_seconds: 60 });
      await cache.refresh(at.name);
      at.answer = status(503);
      at.clock.skip(60 * MINUTE);
      expect(await cache.refresh(at.name)).to.equal('off');
    });
  });
});
