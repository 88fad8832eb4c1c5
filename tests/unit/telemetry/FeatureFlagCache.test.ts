import { expect } from 'chai';
import sinon from 'sinon';
import { FeatureFlagCache } from '../../../lib/telemetry/FeatureFlagCache';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import type { RecordOrigin } from '../../../lib/telemetry/types';
import { originTo, USER_AGENT } from '../.stubs/origins';
import type { TelemetryOptions } from '../../../lib/model/options';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { SkippingClock } from '../.stubs/SkippingClock';
import { startTestServer, type Answer, type TestServer } from '../.stubs/TestServer';

const NAME = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';
const MINUTE = 60_000;

const flag =
  (value: unknown, rest: object = {}): Answer =>
  (response) =>
    response.end(
      JSON.stringify({
        flags: [
          { name: 'other', value: 'true' },
          { name: NAME, value },
        ],
        ...rest,
      }),
    );
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();

function blockFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('FeatureFlagCache', () => {
  let answer: Answer;
  let server: TestServer;
  let host: string;
  let hosts: HostRegistry;
  let cache: FeatureFlagCache;
  let origin: RecordOrigin;
  let clock: SkippingClock;

  beforeEach(async () => {
    answer = flag('true');
    server = await startTestServer((response, request) => answer(response, request));
    host = `localhost:${server.port}`;
    hosts = new HostRegistry();
    origin = originTo(server, 'T');
    clock = new SkippingClock();
    cache = cacheWith();
  });
  afterEach(async () => {
    sinon.restore();
    await server.stop();
  });

  const requests = (): number => server.received.length;
  function cacheWith(options: TelemetryOptions = {}, driverVersion?: string): FeatureFlagCache {
    const product = driverVersion === undefined ? undefined : { driverVersion, userAgent: USER_AGENT };
    return new FeatureFlagCache(new ClientContextStub(options), hosts, product, clock);
  }

  describe('the request', () => {
    it('goes to the endpoint of the driver version, with credentials and headers of the connection', async () => {
      origin = originTo(server, 'T', { headers: { 'x-databricks-org-id': '42' } });
      cache = cacheWith({}, '2.1.0-beta.1+x');
      cache.getOrCreateContext(host, origin);
      await cache.isTelemetryEnabled(host);
      const [request] = server.received;
      expect(request).to.include({ method: 'GET', path: '/api/2.0/connector-service/feature-flags/NODEJS/2.1.0' });
      expect(request?.headers).to.include({
        authorization: 'Bearer T',
        'x-databricks-org-id': '42',
        'user-agent': USER_AGENT,
      });
    });

    it('names 0.0.0 by default, and for a version that is none', async () => {
      await cache.fetchFeatureFlag(host).catch(() => undefined);
      cache.getOrCreateContext(host, origin);
      await cache.fetchFeatureFlag(host);
      await cacheWith({}, 'odd').fetchFeatureFlag(host);
      expect(server.received.map(({ path }) => path.split('/').at(-1))).to.deep.equal(['0.0.0', '0.0.0']);
    });

    for (const [version, triplet] of [
      ['10.21.32', '10.21.32'],
      ['2.1.0-oss', '2.1.0'],
      ['v2.1.0', '0.0.0'],
    ]) {
      it(`names version ${version} as ${triplet}`, async () => {
        cache.getOrCreateContext(host, origin);
        await cacheWith({}, version).fetchFeatureFlag(host);
        expect(server.received[0]?.path).to.match(new RegExp(`/NODEJS/${triplet}$`));
      });
    }

    it('is made with a connection when there is one, also beside uses without any', async () => {
      cache.getOrCreateContext(host);
      cache.getOrCreateContext(host, origin);
      expect(await cache.refresh(host)).to.equal('on');
      expect(requests()).to.equal(1);
    });

    it('is made as the client itself when no connection is registered', async () => {
      const context = new ClientContextStub();
      context.authProvider = { authenticate: async () => ({ Authorization: 'Bearer own' }) };
      context.agent = origin.getAgent as () => Promise<undefined>;
      expect(await new FeatureFlagCache(context, hosts).fetchFeatureFlag(host)).to.equal(true);
      expect(server.received[0]?.headers.authorization).to.equal('Bearer own');
    });

    it('is one for all who ask at the same time', async () => {
      cache.getOrCreateContext(host, origin);
      const other = cacheWith();
      const answers = await Promise.all([
        cache.isTelemetryEnabled(host),
        cache.refresh(host),
        cache.fetchFeatureFlag(host),
        other.isTelemetryEnabled(`HTTPS://LocalHost:${server.port}/`),
      ]);
      expect(answers).to.deep.equal([true, 'on', true, true]);
      expect(requests()).to.equal(1);
    });

    it('ends after telemetryFeatureFlagTimeoutMs in all', async () => {
      answer = () => undefined;
      const quick = cacheWith({ telemetryFeatureFlagTimeoutMs: 100 });
      quick.getOrCreateContext(host, origin);
      const startMs = clock.now();
      expect(await quick.isTelemetryEnabled(host)).to.equal(false);
      expect(clock.now() - startMs).to.be.within(90, 2500);
    }).retries(2); // It measures time.

    it('counts the wait for credentials into that time', async () => {
      const quick = cacheWith({ telemetryFeatureFlagTimeoutMs: 100 });
      quick.getOrCreateContext(host, originTo(server, 'T', { authenticate: () => new Promise(() => undefined) }));
      const startMs = clock.now();
      expect(await quick.refresh(host)).to.equal('unknown');
      expect(clock.now() - startMs).to.be.within(90, 2500);
      expect(requests()).to.equal(0);
    }).retries(2); // It measures time.
  });

  describe('the answer', () => {
    for (const value of ['true', 'TRUE', 'True', true]) {
      it(`is on for ${JSON.stringify(value)}`, async () => {
        answer = flag(value);
        cache.getOrCreateContext(host, origin);
        expect(await cache.isTelemetryEnabled(host)).to.equal(true);
      });
    }

    for (const value of ['false', false, 'yes', 1, null, {}, undefined]) {
      it(`is off for ${JSON.stringify(value)}`, async () => {
        answer = flag(value);
        cache.getOrCreateContext(host, origin);
        expect(await cache.refresh(host)).to.equal('off');
        expect(await cache.isTelemetryEnabled(host)).to.equal(false);
      });
    }

    for (const body of ['', 'nonsense', 'null', '12']) {
      it(`is no word when the server says ${JSON.stringify(body)}`, async () => {
        answer = (response) => response.end(body);
        cache.getOrCreateContext(host, origin);
        expect(await cache.refresh(host)).to.equal('unknown');
      });
    }

    it('of a server that knows no flags counts as off, and as nobody’s word', async () => {
      answer = (response) => response.writeHead(404).end();
      cache.getOrCreateContext(host, origin);
      expect(await cache.refresh(host)).to.equal('off');
      expect(cache.peek(host).isServersWord).to.equal(false);
    });

    for (const body of ['[]', '{}', '{"flags":{}}', '{"flags":[null,1,"x"]}']) {
      it(`is off when the server says ${JSON.stringify(body)}`, async () => {
        answer = (response) => response.end(body);
        cache.getOrCreateContext(host, origin);
        expect(await cache.refresh(host)).to.equal('off');
      });
    }

    for (const code of [204, 400, 404, 410]) {
      it(`is off at status ${code}`, async () => {
        answer = status(code);
        cache.getOrCreateContext(host, origin);
        expect(await cache.refresh(host)).to.equal('off');
      });
    }

    for (const code of [302, 307, 308, 401, 403, 408, 429, 500, 503]) {
      it(`is still unknown, and not enabled, at status ${code}`, async () => {
        answer = status(code);
        cache.getOrCreateContext(host, origin);
        expect(await cache.refresh(host)).to.equal('unknown');
        expect(await cache.isTelemetryEnabled(host)).to.equal(false);
      });
    }

    it('is still unknown when the server resets, or breaks off', async () => {
      answer = (response) => response.socket?.destroy();
      cache.getOrCreateContext(host, origin);
      expect(await cache.refresh(host)).to.equal('unknown');
      answer = (response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('{"flags":');
        setTimeout(() => response.socket?.destroy(), 20);
      };
      expect(await cache.fetchFeatureFlag(host)).to.equal(false);
      expect(cache.peek(host).state).to.equal('unknown');
    });

    it('is written to the log for debugging', async () => {
      const context = new ClientContextStub();
      cache = new FeatureFlagCache(context, hosts);
      cache.getOrCreateContext(host, origin);
      await cache.refresh(host);
      expect(context.lines).to.deep.equal(['debug telemetry: feature flag on (answer)']);
    });
  });

  describe('the time an answer stands', () => {
    async function dueAfter(next: Answer): Promise<number> {
      answer = next;
      cache.getOrCreateContext(host, origin);
      await cache.refresh(host);
      return Math.ceil(cache.peek(host).dueInMs / 1000) * 1000;
    }

    it('is fifteen minutes when the server names none', async () => {
      expect(await dueAfter(flag('true'))).to.equal(15 * MINUTE);
    });
    it('is what the server names, under either name', async () => {
      expect(await dueAfter(flag('true', { ttl_seconds: 300 }))).to.equal(5 * MINUTE);
      clock.skip(6 * MINUTE);
      expect(await dueAfter(flag('true', { ttlSeconds: 600 }))).to.equal(10 * MINUTE);
      clock.skip(11 * MINUTE);
      expect(await dueAfter(flag('false', { ttl_seconds: 120 }))).to.equal(2 * MINUTE);
    });
    it('is one minute at least and one hour at most', async () => {
      expect(await dueAfter(flag('true', { ttl_seconds: 1 }))).to.equal(MINUTE);
      clock.skip(2 * MINUTE);
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
        clock.skip(16 * MINUTE);
      }
      expect(times).to.deep.equal([0.5, 1, 2, 4, 8, 15, 15]);
    });

    it('starts over from short after an answer with a time', async () => {
      await dueAfter(status(404));
      clock.skip(MINUTE);
      await dueAfter(flag('true'));
      clock.skip(16 * MINUTE);
      expect(await dueAfter(status(404))).to.equal(MINUTE / 2);
    });

    it('is short after a failure, too, jittered, and at least Retry-After', async () => {
      expect(await dueAfter(status(503))).to.equal(MINUTE / 2);
      clock.chance = 0;
      clock.skip(MINUTE);
      expect(await dueAfter(status(503))).to.equal(MINUTE / 2);
      clock.skip(MINUTE);
      expect(await dueAfter(status(429, { 'Retry-After': '300' }))).to.equal(5 * MINUTE);
    });

    it('is not shortened or lengthened by the wall clock', async () => {
      cache.getOrCreateContext(host, origin);
      await cache.refresh(host);
      sinon.stub(clock, 'epochMs').returns(Date.now() + 3_600_000);
      await cache.refresh(host);
      expect(requests()).to.equal(1);
    });
  });

  describe('while it stands', () => {
    it('nobody is asked again, whether on or off', async () => {
      for (const value of ['true', 'false']) {
        answer = flag(value, { ttl_seconds: 600 });
        cache.getOrCreateContext(host, origin);
        await cache.refresh(host);
        clock.skip(9 * MINUTE);
        const before = requests();
        expect(await cache.isTelemetryEnabled(host)).to.equal(value === 'true');
        expect(requests()).to.equal(before);
        clock.skip(2 * MINUTE);
      }
    });

    it('it outlives the last client of the host', async () => {
      cache.getOrCreateContext(host, origin);
      await cache.refresh(host);
      cache.releaseContext(host, origin);
      const later = cacheWith();
      later.getOrCreateContext(host, origin);
      expect(await later.isTelemetryEnabled(host)).to.equal(true);
      expect(requests()).to.equal(1);
    });
  });

  describe('when its time is over', () => {
    beforeEach(async () => {
      cache.getOrCreateContext(host, origin);
      await cache.refresh(host);
      clock.skip(15 * MINUTE + 1);
    });

    it('is given once more at once and renewed meanwhile', async () => {
      let release: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => {
        answer = (response, request) => {
          release = () => flag('false')(response, request);
          resolve();
        };
      });
      expect(await cache.isTelemetryEnabled(host)).to.equal(true);
      await asked;
      release();
      expect(await cache.fetchFeatureFlag(host)).to.equal(false);
      expect(await cache.isTelemetryEnabled(host)).to.equal(false);
      expect(requests()).to.equal(2);
    });

    it('stands for as long again while requests fail, then nothing is known', async () => {
      answer = status(503);
      expect(await cache.refresh(host)).to.equal('on');
      clock.skip(15 * MINUTE);
      expect(await cache.refresh(host)).to.equal('unknown');
      expect(await cache.isTelemetryEnabled(host)).to.equal(false);
    });

    it('stays off while requests fail when it was off', async () => {
      answer = flag('false', { ttl_seconds: 60 });
      await cache.refresh(host);
      answer = status(503);
      clock.skip(60 * MINUTE);
      expect(await cache.refresh(host)).to.equal('off');
    });
  });

  describe('connections', () => {
    it('are counted: without one the flag is off and nobody is asked', async () => {
      expect(await cache.isTelemetryEnabled(host)).to.equal(false);
      expect(cache.getOrCreateContext(host, origin).leaseCount).to.equal(1);
      expect(cache.getOrCreateContext(host, origin).leaseCount).to.equal(2);
      cache.releaseContext(host, origin);
      cache.releaseContext(host);
      expect(cache.peek(host).leaseCount).to.equal(1);
      cache.releaseContext(host, origin);
      cache.releaseContext(host, origin);
      expect(cache.peek(host).leaseCount).to.equal(0);
      expect(await cache.isTelemetryEnabled(host)).to.equal(false);
      expect(requests()).to.equal(0);
    });

    it('that have all left leave the flag off for who has none, whatever was answered', async () => {
      cache.getOrCreateContext(host, origin);
      expect(await cache.isTelemetryEnabled(host)).to.equal(true);
      cache.releaseContext(host, origin);
      expect(await cache.isTelemetryEnabled(host)).to.equal(false);
    });

    it('of other tenants are asked when one is refused or has no credentials', async () => {
      answer = (response, request) =>
        request.headers.authorization === 'Bearer good'
          ? flag('true')(response, request)
          : status(403)(response, request);
      const broken = originTo(server, undefined, { authenticate: () => Promise.reject(new Error('no')) });
      const throwing = originTo(server, undefined, {
        authenticate: () => {
          throw new Error('at once');
        },
      });
      for (const tenant of [originTo(server, 'bad'), throwing, broken, originTo(server, 'good')]) {
        cache.getOrCreateContext(host, tenant);
      }
      expect(await cache.refresh(host)).to.equal('on');
      expect(requests()).to.equal(2);
    });

    it('without credentials are passed over', async () => {
      cache.getOrCreateContext(host, originTo(server, undefined));
      cache.getOrCreateContext(host, origin);
      expect(await cache.refresh(host)).to.equal('on');
      expect(requests()).to.equal(1);
    });

    it('are asked one time each, four at most, and in turn over several requests', async () => {
      answer = status(401);
      for (let i = 0; i < 6; i += 1) {
        const tenant = originTo(server, String(i));
        cache.getOrCreateContext(host, tenant);
        cache.getOrCreateContext(host, tenant);
      }
      await cache.fetchFeatureFlag(host);
      await cache.fetchFeatureFlag(host);
      expect(cache.peek(host).leaseCount).to.equal(12);
      expect(server.received.map(({ headers }) => headers.authorization?.slice(-1))).to.deep.equal([
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
      answer = status(401);
      cache.getOrCreateContext(host, originTo(server, 'bad'));
      expect(await cache.refresh(host)).to.equal('unknown');
      answer = flag('true');
      cache.getOrCreateContext(host, origin);
      expect(await cache.refresh(host)).to.equal('on');
    });

    it('that come new wait out the failure of the server', async () => {
      answer = status(429, { 'Retry-After': '60' });
      cache.getOrCreateContext(host, origin);
      await cache.refresh(host);
      cache.getOrCreateContext(host, originTo(server, 'new'));
      expect(await cache.refresh(host)).to.equal('unknown');
      expect(requests()).to.equal(1);
    });

    it('that come new do not wait for credentials that never come', async () => {
      const quick = cacheWith({ telemetryFeatureFlagTimeoutMs: 100 });
      quick.getOrCreateContext(host, originTo(server, 'T', { authenticate: () => new Promise(() => undefined) }));
      await quick.refresh(host);
      quick.releaseContext(host);
      quick.getOrCreateContext(host, origin);
      expect(quick.peek(host).dueInMs).to.equal(0);
    });

    it('that come new do not ask again while an answer stands', async () => {
      answer = flag('false');
      cache.getOrCreateContext(host, origin);
      await cache.refresh(host);
      cache.getOrCreateContext(host, originTo(server, 'new'));
      await cache.refresh(host);
      expect(requests()).to.equal(1);
    });

    it('ask also when they export without authentication', async () => {
      cache.getOrCreateContext(host, originTo(server, 'T', { authenticated: false }));
      expect(await cache.isTelemetryEnabled(host)).to.equal(true);
    });
  });

  describe('while the application holds up the event loop', () => {
    it('an answer that has come meanwhile is not lost', async () => {
      const quick = cacheWith({ telemetryFeatureFlagTimeoutMs: 100 });
      const answered = new Promise<void>((resolve) => {
        answer = (response, request) => {
          flag('true')(response, request);
          response.on('finish', resolve);
        };
      });
      quick.getOrCreateContext(host, origin);
      const asked = quick.refresh(host);
      await answered;
      blockFor(400);
      expect(await asked).to.equal('on');
      expect(quick.peek(host).lastFailure).to.equal(undefined);
    });

    it('before the request is under way, its time is not over', async () => {
      const quick = cacheWith({ telemetryFeatureFlagTimeoutMs: 500 });
      quick.getOrCreateContext(host, origin);
      const asked = quick.refresh(host);
      blockFor(800);
      expect(await asked).to.equal('on');
    });
  });

  it('names how the last request failed, until one does not', async () => {
    cache.getOrCreateContext(host, origin);
    answer = status(503);
    await cache.fetchFeatureFlag(host);
    expect(cache.peek(host).lastFailure).to.include({ kind: 'response', status: 503 });
    answer = (response) => response.socket?.destroy();
    await cache.fetchFeatureFlag(host);
    expect(cache.peek(host).lastFailure).to.deep.equal({ kind: 'failed', name: 'Error', code: 'ECONNRESET' });
    answer = flag('true');
    await cache.fetchFeatureFlag(host);
    expect(cache.peek(host).lastFailure).to.equal(undefined);
  });

  it('shares the registry of the process by default', async () => {
    new FeatureFlagCache(new ClientContextStub()).getOrCreateContext(host, origin);
    expect(await new FeatureFlagCache(new ClientContextStub()).isTelemetryEnabled(host)).to.equal(true);
    new FeatureFlagCache(new ClientContextStub()).releaseContext(host, origin);
  });
});
