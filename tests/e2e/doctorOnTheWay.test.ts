import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { startConnectProxy, type ConnectProxy, type LocalWorkspace } from 'databricks-local-workspace';
import { proxyOf } from '../../lib/explain/doctor/proxy';
import type { Finding } from '../../lib/explain/doctor/Finding';
import { DoctoredWorkspace, type Examination } from './support/DoctoredWorkspace';
import { HttpCollector } from './support/HttpCollector';
import { SocksProxy } from './support/SocksProxy';

const TOKEN = 'collector-secret-1';

describe('databricks-sql-telemetry doctor', function () {
  this.timeout(60_000);
  let doctored: DoctoredWorkspace;
  let workspace: LocalWorkspace;

  before(async () => {
    doctored = await DoctoredWorkspace.start();
    ({ workspace } = doctored);
  });
  after(() => doctored.stop());

  async function examined(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Examination['found']> {
    return (await doctored.examine(env, args, TOKEN, 'proxy-secret')).found;
  }

  const states = (found: Examination['found'], ...checks: readonly Finding['check'][]): unknown[] =>
    checks.map((check) => found[check]?.state);

  describe('behind a proxy', () => {
    const auth = { username: 'me', password: 'proxy-secret' };
    let proxy: ConnectProxy;
    before(async () => {
      proxy = await startConnectProxy({
        auth,
        resolve: (host) => (host === workspace.host ? undefined : { host: '127.0.0.1', port: workspace.port }),
      });
    });
    after(() => proxy.close());
    const address = (): string => `http://me:proxy-secret@${proxy.host}:${proxy.port}`;

    for (const way of ['--proxy', 'HTTPS_PROXY', 'http_proxy']) {
      it(`goes through the one that ${way} names, with everything`, async () => {
        const before = proxy.tunnels.length;
        const found = await (way === '--proxy' ? examined({}, way, address()) : examined({ [way]: address() }));
        expect(states(found, 'proxy', 'DNS', 'TLS', 'query', 'feature flag', 'telemetry')).to.deep.equal(
          new Array(6).fill('ok'),
        );
        expect(found['proxy']?.says).to.match(/^through http:\/\/127\.0\.0\.1:\d+/);
        if (way === '--proxy') expect(found['proxy']?.advice).to.equal(undefined);
        else expect(found['proxy']?.advice).to.match(new RegExp(`^The driver reads no ${way}: .* option proxy\\.$`));
        expect(proxy.tunnels.length).to.be.greaterThan(before + 1);
      });
    }

    it('goes past it where NO_PROXY names the host', async () => {
      const before = proxy.tunnels.length;
      const found = await examined({ HTTPS_PROXY: address(), NO_PROXY: `.test, ${workspace.host}` });
      expect(found['proxy']?.says).to.equal('none: NO_PROXY');
      expect(states(found, 'query', 'telemetry')).to.deep.equal(['ok', 'ok']);
      expect(proxy.tunnels.length).to.equal(before);
    });

    it('tells a proxy that wants a password, and tries nothing behind it', async () => {
      const found = await examined({ HTTPS_PROXY: `http://${proxy.host}:${proxy.port}` });
      expect(found['TLS']?.says).to.match(/^The proxy gives no way to localhost:\d+ \(status 407\)\.$/);
      expect(found['TLS']?.advice).to.match(/wants a user and a password/);
      expect(states(found, 'TLS', 'query')).to.deep.equal(['broken', 'skipped']);
    });

    it('tells a proxy that lets nobody there, and what is no proxy', async () => {
      const server = createServer((_request, response) => response.writeHead(404).end());
      server.on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const found = await examined({}, '--proxy', `http://127.0.0.1:${port}`);
      expect(found['TLS']?.says).to.match(/\(status 403\)/);
      await new Promise((resolve) => server.close(resolve));
      const gone = await examined({}, '--proxy', `127.0.0.1:${port}`);
      expect(gone['TLS']?.says).to.equal('The proxy cannot be reached (ECONNREFUSED).');
    });

    it('goes through a SOCKS proxy, and tells one that is not there', async () => {
      const socks = await SocksProxy.start(workspace.port);
      const way = `socks5h://127.0.0.1:${socks.settings.port}`;
      // Behind a proxy the driver does not use the CA that it is given.
      const found = await examined({ NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' }, '--proxy', way);
      expect(states(found, 'proxy', 'TLS', 'query', 'telemetry')).to.deep.equal(['ok', 'skipped', 'ok', 'ok']);
      expect(found['TLS']?.says).to.equal('not tried: the way leads through a SOCKS proxy');
      expect(socks.asked.length).to.be.greaterThan(1);
      await socks.close();
      const gone = await examined({}, '--proxy', way);
      expect(gone['TLS']?.says).to.equal('The proxy cannot be reached (ECONNREFUSED).');
      expect(states(gone, 'TLS', 'query')).to.deep.equal(['broken', 'skipped']);
    });

    it('tells an address that is none, and takes one without a scheme', () => {
      for (const wrong of ['ftp://proxy.test', 'http://', 'a b']) {
        const { proxy: taken, finding } = proxyOf(wrong, {}, 'host.test');
        expect(taken, wrong).to.equal(undefined);
        expect(finding).to.include({ state: 'broken', says: '--proxy is not the address of a proxy.' });
      }
      expect(proxyOf('proxy.test:8080', {}, 'host.test').proxy).to.deep.equal({
        ...{ protocol: 'http', host: 'proxy.test', port: 8080 },
      });
      const exempt = ['*', 'host.test', '.test', '*.test', 'a.b, host.test:443'];
      for (const NO_PROXY of exempt)
        expect(proxyOf(undefined, { HTTPS_PROXY: 'p:1', NO_PROXY }, 'host.test').proxy, NO_PROXY).to.equal(undefined);
      for (const NO_PROXY of ['', 'ost.test', 'other.test', 'host.test.more'])
        expect(proxyOf(undefined, { HTTPS_PROXY: 'p:1', NO_PROXY }, 'host.test').proxy, NO_PROXY).to.include({
          host: 'p',
        });
    });
  });

  describe('with a collector of one’s own', () => {
    let collector: HttpCollector;
    beforeEach(async () => {
      collector = await HttpCollector.start();
      collector.configuration = { enabled: true };
    });
    afterEach(() => collector.close());

    it('asks it for its configuration and reports to it, with its token', async () => {
      collector.token = TOKEN;
      for (const found of [
        await examined({}, '--endpoint', collector.base, '--endpoint-token', TOKEN),
        await examined({
          DATABRICKS_TELEMETRY_ENDPOINT: collector.base,
          DATABRICKS_TELEMETRY_ENDPOINT_TOKEN: TOKEN,
        }),
      ]) {
        expect(found['feature flag']).to.include({ state: 'ok', says: 'the collector wants telemetry' });
        expect(found['telemetry']?.says).to.match(/^Telemetry works: 3 of 3 records were delivered to http:\/\/127/);
      }
      expect(collector.logs).to.have.length(6);
    });

    it('tells a collector that does not accept the token, or wants one', async () => {
      collector.token = TOKEN;
      for (const args of [[], ['--endpoint-token', 'wrong-one']]) {
        const found = await examined({}, '--endpoint', collector.base, ...args);
        expect(found['feature flag']?.state).to.equal('broken');
        expect(found['feature flag']?.says).to.match(
          /^The configuration of the collector is not for these credentials \(status 401\)/,
        );
      }
    });

    it('tells a collector that wants no telemetry, which is not broken', async () => {
      collector.configuration = { enabled: false };
      const found = await examined({}, '--endpoint', collector.base);
      expect(found['feature flag']?.state).to.equal('off');
      expect(found['feature flag']?.says).to.match(/^The configuration of the collector says no\./);
    });

    it('tells a collector in trouble, and one that refuses records', async () => {
      collector.questionStatus = 503;
      const asked = await examined({}, '--endpoint', collector.base);
      expect(asked['feature flag']?.says).to.match(
        /^The configuration of the collector could not be asked for \(status 503\)/,
      );
      collector.questionStatus = undefined;
      collector.logStatus = 403;
      const refused = await examined({}, '--endpoint', collector.base);
      expect(refused['telemetry']).to.include({
        state: 'broken',
        says: 'The endpoint refuses the records (status 403).',
      });
    });

    it('tells a token that could be overheard', async () => {
      const found = await examined({}, '--endpoint', 'http://collector.test/', '--endpoint-token', TOKEN);
      expect(found['options']?.state).to.equal('broken');
      expect(found['options']?.says).to.match(/nothing leaves/);
    });
  });
});
