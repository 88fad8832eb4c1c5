import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import type { GatewayOptions, TelemetryMode } from 'databricks-telemetry-collector';
import { sessionLog, statementLog } from '../logs';
import { loaded, testCollector, until, type TestCollector, type Verdict } from '../testCollector';
import {
  bodyOf,
  codeOf,
  NO_COLLECTOR,
  send,
  testGateway,
  upstreamThat,
  type TestGateway,
  type Upstream,
} from './testGateway';

const SECRET = 'secret-of-the-driver';
const FLAG = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';
const FLAGS_PATH = '/api/2.0/connector-service/feature-flags/NODEJS/2.1.0';
const CREDENTIALS = { authorization: `Bearer ${SECRET}`, cookie: `session=${SECRET}`, 'x-databricks-org-id': '42' };

interface Flags {
  readonly flags: { name: string; value: string }[];
  readonly ttl_seconds: number;
  readonly configuration?: unknown;
}

describe('telemetry through the gateway', () => {
  let collector: TestCollector;
  let upstream: Upstream;
  const bodies: Buffer[] = [];
  let flagStatus = 200;
  let flagValue = 'true';
  const running: TestGateway[] = [];

  before(async () => {
    collector = await testCollector();
    upstream = await upstreamThat((message, response) => {
      void bodyOf(message).then((body) => {
        bodies.push(body);
        if (!message.url?.includes('feature-flags')) {
          response.end('{"numProtoSuccess":7}');
          return;
        }
        const flags = [
          { name: FLAG, value: flagValue },
          { name: 'databricks.partnerplatform.clientConfigsFeatureFlags.enableSomethingElse', value: '17' },
        ];
        response.writeHead(flagStatus, { 'content-type': 'application/json' });
        response.end(flagStatus === 200 ? JSON.stringify({ flags, ttl_seconds: 900 }) : '{"error":"no"}');
      });
    });
  });
  beforeEach(() => {
    upstream.requests.length = 0;
    bodies.length = 0;
    flagStatus = 200;
    flagValue = 'true';
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ gateway }) => gateway.close()));
  });
  after(async () => {
    await upstream.close();
    await collector.end();
  });

  const gatewayThat = async (telemetry: TelemetryMode, more: Partial<GatewayOptions> = {}): Promise<TestGateway> => {
    const test = await testGateway({
      upstream: upstream.origin,
      collector: collector.collector.address,
      telemetry,
      ...more,
    });
    running.push(test);
    return test;
  };
  const post = (port: number, logs: object[], path = '/telemetry-ext', compress = false): ReturnType<typeof send> => {
    const text = JSON.stringify({
      uploadTime: Date.now(),
      items: [],
      protoLogs: logs.map((log) => JSON.stringify(log)),
    });
    const body = compress ? gzipSync(text) : Buffer.from(text);
    const headers = {
      ...CREDENTIALS,
      'content-type': 'application/json',
      'user-agent': 'NodejsDatabricksSqlConnector/2.1.0 (checkout; Linux)',
      'content-length': body.length,
      ...(compress ? { 'content-encoding': 'gzip' } : {}),
    };
    return send(port, { method: 'POST', path, headers }, body);
  };
  const stored = async (statementId: string): Promise<boolean> =>
    collector.client.statement(statementId).then(
      () => true,
      () => false,
    );
  const flagsOf = async (port: number, options = {}): Promise<Flags> =>
    JSON.parse((await send(port, { path: FLAGS_PATH, headers: CREDENTIALS, ...options })).body.toString()) as Flags;
  const on = ({ flags }: Flags): unknown => flags.find(({ name }) => name === FLAG)?.value;

  describe('that stays at home', () => {
    it('reaches the collector, plain and compressed, with its verdict; the workspace gets none', async () => {
      const { port, gateway } = await gatewayThat('keep');
      const paths = [
        '/telemetry-ext',
        '/telemetry-unauth',
        '/api/2.0/sql/telemetry-ext',
        '/api/2.0/sql/telemetry-unauth',
      ];
      for (const [index, path] of paths.entries()) {
        for (const compress of [false, true]) {
          const answer = await post(port, [statementLog({ statementId: `kept-${index}-${compress}` })], path, compress);
          expect((JSON.parse(answer.body.toString()) as Verdict).numProtoSuccess, path).to.equal(1);
        }
      }
      await until(() => stored('kept-3-true'), Boolean);
      expect(await stored('kept-0-false')).to.equal(true);
      expect(upstream.requests).to.deep.equal([]);
      expect(gateway.stats().kept).to.equal(8);
    });

    it('whatever the spelling of its path', async () => {
      const { port } = await gatewayThat('keep');
      const spellings = [
        '//telemetry-ext',
        '/telemetry-ext/',
        '/telemetry-ext?x=/y',
        '/TELEMETRY-Ext',
        '/%74elemetry-ext',
        '/telemetry%2Dext',
        '/%2574elemetry-ext',
        '/a/../telemetry-ext',
        '/a/%2e%2e/telemetry-ext',
        '/./telemetry-ext',
        '/telemetry-ext;v=1',
        '/telemetry-ext%3Fx=1',
        '/telemetry-ext%23x',
        '/telemetry-ext%20',
        '/telemetry-ext%00.html',
        '/\\telemetry-ext',
        '/api/9.9/sql/telemetry-ext',
        '/telemetry-ext/x/..',
      ];
      for (const path of spellings) expect((await post(port, [statementLog()], path)).status, path).to.equal(200);
      expect((await send(port, { method: 'PUT', path: '/telemetry-ext' }, '{}')).status).to.equal(405);
      expect(upstream.requests.map(({ url }) => url)).to.deep.equal([]);
    });

    it('is not sent to the workspace when the collector is away: 503, to try again', async () => {
      const { port, lines } = await gatewayThat('keep', { collector: NO_COLLECTOR });
      const answer = await post(port, [statementLog()]);
      expect([answer.status, codeOf(answer), answer.headers['retry-after']]).to.deep.equal([
        503,
        'collector_away',
        '5',
      ]);
      expect(await flagsOf(port).then(on)).to.equal(undefined);
      expect(upstream.requests.map(({ url }) => url)).to.deep.equal([FLAGS_PATH]);
      expect(lines.map(({ event }) => event)).to.include('collector_away');
    });

    it('is switched by the collector; every other flag is the workspace’s', async () => {
      const { port } = await gatewayThat('keep');
      flagValue = 'false';
      const answer = await flagsOf(port);
      expect(on(answer)).to.equal('true');
      expect(answer.ttl_seconds).to.equal(60);
      expect(answer.configuration).to.include({ enabled: true });
      expect(answer.flags.find(({ name }) => name.endsWith('enableSomethingElse'))?.value).to.equal('17');
      expect(answer.flags.filter(({ name }) => name === FLAG)).to.have.lengthOf(1);
      flagStatus = 404;
      expect(await flagsOf(port).then(on)).to.equal('true');
      flagStatus = 401;
      expect((await send(port, { path: FLAGS_PATH })).status).to.equal(401);
    });

    it('answers the flag although the workspace is away', async () => {
      const { port } = await gatewayThat('keep', { upstream: 'http://127.0.0.1:9' });
      expect(await flagsOf(port).then(on)).to.equal('true');
    });

    it('carries no credential: neither the collector nor its data nor a log line sees one', async () => {
      const seen: string[] = [];
      const spy = await upstreamThat((message, response) => {
        seen.push(JSON.stringify(message.rawHeaders) + (message.url ?? ''));
        message.resume();
        response.end('{"flags":[]}');
      });
      const { port, lines } = await gatewayThat('keep', {
        collector: spy.origin,
        collectorToken: 'token-of-the-gateway',
      });
      await post(port, [statementLog()]);
      await flagsOf(port);
      await send(port, { method: 'POST', path: FLAGS_PATH, headers: CREDENTIALS }, '{}');
      expect(seen).to.have.lengthOf(3);
      for (const headers of seen) {
        expect(headers)
          .to.include('Bearer token-of-the-gateway')
          .and.not.include(SECRET)
          .and.not.match(/cookie|org-id/);
      }
      expect(JSON.stringify(lines)).to.not.include(SECRET).and.not.include('token-of-the-gateway');
      await spy.close();
    });

    it('says in the log that the collector does not take the gateway’s token', async () => {
      const guarded = await testCollector({ send: { tokens: ['send-token-1'] } });
      const wrong = await gatewayThat('keep', { collector: guarded.collector.address, collectorToken: 'wrong-token' });
      expect((await post(wrong.port, [statementLog()])).status).to.equal(401);
      expect(wrong.lines.at(-1)).to.include({ event: 'collector_refused', status: 401 });
      const right = await gatewayThat('keep', { collector: guarded.collector.address, collectorToken: 'send-token-1' });
      expect((await post(right.port, [statementLog()])).status).to.equal(200);
      await guarded.end();
    });

    it('is refused when a page of another origin sends it', async () => {
      const { port, gateway } = await gatewayThat('keep');
      const headers = { 'content-type': 'application/json', origin: 'https://evil.example' };
      for (const path of ['/telemetry-unauth', FLAGS_PATH]) {
        expect((await send(port, { method: 'POST', path, headers }, '{}')).status).to.equal(403);
      }
      expect(gateway.stats().refused).to.equal(2);
    });
  });

  describe('that is copied', () => {
    it('reaches both, byte for byte and compressed as it was; the answer is the workspace’s', async () => {
      const { port, gateway } = await gatewayThat('copy');
      for (const compress of [false, true]) {
        const answer = await post(
          port,
          [statementLog({ statementId: `copied-${compress}` })],
          '/telemetry-ext',
          compress,
        );
        expect(answer.body.toString()).to.equal('{"numProtoSuccess":7}');
      }
      await until(() => stored('copied-true'), Boolean);
      expect(await stored('copied-false')).to.equal(true);
      expect(
        upstream.requests.map(({ headers }) => [headers.authorization, headers['content-encoding']]),
      ).to.deep.equal([
        [`Bearer ${SECRET}`, undefined],
        [`Bearer ${SECRET}`, 'gzip'],
      ]);
      expect(bodies[1]?.subarray(0, 2)).to.deep.equal(Buffer.from([0x1f, 0x8b]));
      expect(gateway.stats().copies).to.deep.equal({ delivered: 2, refused: 0, dropped: 0, pending: 0 });
    });

    it('carries no credential: the collector sees what it needs to read the body', async () => {
      const seen: string[] = [];
      const spy = await upstreamThat((message, response) => {
        seen.push(JSON.stringify(message.rawHeaders) + (message.url ?? ''));
        message.resume();
        response.end('{}');
      });
      const { port, gateway, lines } = await gatewayThat('copy', { collector: spy.origin });
      await post(port, [statementLog()], `/telemetry-ext?token=${SECRET}`);
      await until(
        async () => gateway.stats().copies.delivered,
        (count) => count === 1,
      );
      expect(seen).to.have.lengthOf(1);
      expect(seen[0]).to.include('application/json').and.not.include(SECRET);
      expect(seen[0]).to.not.match(/cookie|org-id|authorization/i);
      expect(JSON.stringify(lines)).to.not.include(SECRET);
      await spy.close();
    });

    it('does not wait for the collector, and gets there once the collector is back', async () => {
      const away = await testCollector();
      const { port } = new URL(away.collector.address);
      const test = await gatewayThat('copy', { collector: away.collector.address });
      await away.collector.close();
      expect((await post(test.port, [sessionLog(), statementLog({ statementId: 'late' })])).status).to.equal(200);
      expect(test.gateway.stats().copies.pending).to.equal(1);
      const back = await testCollector({ port: Number(port) }, away.data);
      await loaded(back.client, 2);
      expect((await back.client.statement('late')).statement.statementId).to.equal('late');
      await back.end();
    });

    it('is bounded: what does not fit is counted and said, and the workspace gets it nevertheless', async () => {
      const test = await gatewayThat('copy', { collector: NO_COLLECTOR, maxCopyBytes: 20_000 });
      const logs = Array.from({ length: 20 }, () => statementLog());
      for (let i = 0; i < 5; i += 1) expect((await post(test.port, logs)).status).to.equal(200);
      const { copies } = test.gateway.stats();
      expect(copies.dropped).to.be.greaterThan(0);
      expect(copies.dropped + copies.pending).to.equal(5);
      expect(upstream.requests).to.have.lengthOf(5);
      expect(test.lines.find(({ event }) => event === 'copy_lost')).to.include({ reason: 'no_room' });
    });

    it('counts every copy once when the gateway closes while the collector is away', async () => {
      const test = await gatewayThat('copy', { collector: NO_COLLECTOR });
      for (let i = 0; i < 3; i += 1) await post(test.port, [statementLog()]);
      await test.gateway.close();
      expect(test.gateway.stats().copies).to.deep.equal({ delivered: 0, refused: 0, dropped: 3, pending: 0 });
    });

    it('is on when both say so: a rule at home reduces, and never gives more than the workspace', async () => {
      const { port } = await gatewayThat('copy');
      expect(await flagsOf(port).then(on)).to.equal('true');
      flagValue = 'false';
      expect(await flagsOf(port).then(on)).to.equal('false');
      flagValue = 'true';
      const rule = { scope: 'host', name: 'gateway.test', enabled: false };
      await fetch(`${collector.collector.address}/api/v1/configuration`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rule),
      });
      const asGateway = { headers: { ...CREDENTIALS, host: 'gateway.test:4443' } };
      const reduced = await flagsOf(port, asGateway);
      expect([on(reduced), reduced.configuration]).to.deep.equal(['false', undefined]);
      expect(await flagsOf(port).then(on)).to.equal('true');
      flagStatus = 500;
      const failed = await send(port, { path: FLAGS_PATH, headers: CREDENTIALS });
      expect([failed.status, failed.body.toString()]).to.deep.equal([500, '{"error":"no"}']);
    });

    it('shows the collector who asked for flags', async () => {
      const { port } = await gatewayThat('copy');
      await flagsOf(port, { headers: { ...CREDENTIALS, 'user-agent': 'godatabrickssqlconnector/1.6.1 (billing)' } });
      const response = await fetch(`${collector.collector.address}/api/v1/configuration`);
      const { senders } = (await response.json()) as { senders: { client: string; service: string | null }[] };
      expect(senders).to.deep.include.members([
        { ...senders.find(({ service }) => service === 'billing'), client: 'NODEJS', service: 'billing' },
      ]);
    });
  });
});
