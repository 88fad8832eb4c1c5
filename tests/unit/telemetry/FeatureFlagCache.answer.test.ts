import { expect } from 'chai';
import { FeatureFlagCache } from '../../../lib/telemetry/FeatureFlagCache';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { flag } from '../.stubs/flagAnswers';
import { FlagHost } from '../.stubs/FlagHost';
import { status } from '../.stubs/TestServer';

describe('FeatureFlagCache: the answer', () => {
  let at: FlagHost;
  let cache: FeatureFlagCache;

  beforeEach(async () => {
    at = await FlagHost.start();
    cache = at.cache();
  });
  afterEach(() => at.server.stop());

  describe('the answer', () => {
    for (const value of ['true', 'TRUE', 'True', true]) {
      it(`is on for ${JSON.stringify(value)}`, async () => {
        at.answer = flag(value);
        cache.getOrCreateContext(at.name, at.origin);
        expect(await cache.isTelemetryEnabled(at.name)).to.equal(true);
      });
    }

    for (const value of ['false', false, 'yes', 1, null, {}, undefined]) {
      it(`is off for ${JSON.stringify(value)}`, async () => {
        at.answer = flag(value);
        cache.getOrCreateContext(at.name, at.origin);
        expect(await cache.refresh(at.name)).to.equal('off');
        expect(await cache.isTelemetryEnabled(at.name)).to.equal(false);
      });
    }

    for (const body of ['', 'nonsense', 'null', '12']) {
      it(`is no word when the server says ${JSON.stringify(body)}`, async () => {
        at.answer = (response) => response.end(body);
        cache.getOrCreateContext(at.name, at.origin);
        expect(await cache.refresh(at.name)).to.equal('unknown');
      });
    }

    it('of a server that knows no flags counts as off, and as nobody’s word', async () => {
      at.answer = (response) => response.writeHead(404).end();
      cache.getOrCreateContext(at.name, at.origin);
      expect(await cache.refresh(at.name)).to.equal('off');
      expect(cache.peek(at.name).isServersWord).to.equal(false);
    });

    for (const body of ['[]', '{}', '{"flags":{}}', '{"flags":[null,1,"x"]}']) {
      it(`is off when the server says ${JSON.stringify(body)}`, async () => {
        at.answer = (response) => response.end(body);
        cache.getOrCreateContext(at.name, at.origin);
        expect(await cache.refresh(at.name)).to.equal('off');
      });
    }

    for (const code of [204, 400, 404, 410]) {
      it(`is off at status ${code}`, async () => {
        at.answer = status(code);
        cache.getOrCreateContext(at.name, at.origin);
        expect(await cache.refresh(at.name)).to.equal('off');
      });
    }

    for (const code of [302, 307, 308, 401, 403, 408, 429, 500, 503]) {
      it(`is still unknown, and not enabled, at status ${code}`, async () => {
        at.answer = status(code);
        cache.getOrCreateContext(at.name, at.origin);
        expect(await cache.refresh(at.name)).to.equal('unknown');
        expect(await cache.isTelemetryEnabled(at.name)).to.equal(false);
      });
    }

    it('is still unknown when the server resets, or breaks off', async () => {
      at.answer = (response) => response.socket?.destroy();
      cache.getOrCreateContext(at.name, at.origin);
      expect(await cache.refresh(at.name)).to.equal('unknown');
      at.answer = (response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('{"flags":');
        setTimeout(() => response.socket?.destroy(), 20);
      };
      expect(await cache.fetchFeatureFlag(at.name)).to.equal(false);
      expect(cache.peek(at.name).state).to.equal('unknown');
    });

    it('is written to the log for debugging', async () => {
      const context = new ClientContextStub();
      cache = new FeatureFlagCache(context, at.hosts);
      cache.getOrCreateContext(at.name, at.origin);
      await cache.refresh(at.name);
      expect(context.lines).to.deep.equal(['debug telemetry: feature flag on (answer)']);
    });
  });
});
