import { expect } from 'chai';
import { utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { OptionError, startCollector, type LogLine } from 'databricks-telemetry-collector';
import { settingsOf } from '../lib/options';
import { statementLog } from './logs';
import { post, testCollector, until, type TestCollector } from './testCollector';

const SEND = 'send-token-1';
const READ = 'read-token-1';
const ADMIN = 'admin-token-1';
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Status of a request with headers that `fetch` would not send. */
function statusOf(address: string, path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${address}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(method === 'GET' ? undefined : '{}');
  });
}

describe('security', () => {
  describe('with tokens', () => {
    let test: TestCollector;
    let address: string;
    const lines: LogLine[] = [];
    before(async () => {
      test = await testCollector({
        send: { tokens: [SEND, 'send-token-2'] },
        read: { tokens: [READ] },
        admin: { tokens: [ADMIN] },
        log: (line) => lines.push(line),
      });
      address = test.collector.address;
    });
    after(() => test.end());

    const sending = async (headers: Record<string, string>): Promise<number> =>
      (await post(address, [statementLog()], { headers })).status;
    const asking = async (headers: Record<string, string>, path = '/api/v1/overview'): Promise<number> =>
      (await fetch(address + path, { headers })).status;
    const steering = async (headers: Record<string, string>): Promise<number> =>
      (
        await fetch(`${address}/api/v1/configuration`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ scope: 'service', name: 'nobody', enabled: true }),
        })
      ).status;

    it('sending takes a sending token, any of several', async () => {
      expect(await sending({})).to.equal(401);
      expect(await sending(bearer('wrong-token'))).to.equal(401);
      expect(await sending(bearer(READ))).to.equal(403);
      expect(await sending(bearer(ADMIN))).to.equal(403);
      expect(await sending(bearer(SEND))).to.equal(200);
      expect(await sending(bearer('send-token-2'))).to.equal(200);
    });

    it('reading takes a reading token, or one for steering', async () => {
      for (const path of ['/api/v1/overview', '/api/v1/live', '/api/v1/export', '/api/v1/configuration', '/metrics']) {
        expect(await asking({}, path), path).to.equal(401);
        expect(await asking(bearer(SEND), path), path).to.equal(403);
      }
      expect(await asking(bearer(READ))).to.equal(200);
      expect(await asking(bearer(ADMIN))).to.equal(200);
    });

    it('steering takes a steering token', async () => {
      expect(await steering({})).to.equal(401);
      expect(await steering(bearer(SEND))).to.equal(403);
      expect(await steering(bearer(READ))).to.equal(403);
      expect(await steering(bearer(ADMIN))).to.equal(200);
    });

    it('no token is taken from a URL or a cookie', async () => {
      expect(await asking({ cookie: `token=${READ}` })).to.equal(401);
      expect((await fetch(`${address}/api/v1/overview?token=${READ}`)).status).to.equal(401);
    });

    it('page, health and the API document are open: they hold no data', async () => {
      for (const path of ['/', '/healthz', '/readyz', '/api/v1/openapi.json']) {
        expect(await asking({}, path), path).to.equal(200);
      }
    });

    it('no token is in a log line', () => {
      expect(lines).to.not.deep.equal([]);
      expect(JSON.stringify(lines)).to.not.match(/token-1/);
    });
  });

  it('tokens of a file are exchanged without a restart; without its file the role is closed', async function () {
    this.timeout(180_000);
    const test = await testCollector();
    const file = join(test.data, 'tokens');
    writeFileSync(file, '# for reading\nfirst-token\n');
    const guarded = await testCollector({ read: { file } });
    const status = async (token: string): Promise<number> =>
      (await fetch(`${guarded.collector.address}/api/v1/overview`, { headers: bearer(token) })).status;
    expect(await status('first-token')).to.equal(200);
    writeFileSync(file, 'second-token\n');
    utimesSync(file, new Date(), new Date(Date.now() + 5_000));
    await until(
      () => status('second-token'),
      (code) => code === 200,
    );
    expect(await status('first-token')).to.equal(401);
    const live = await fetch(`${guarded.collector.address}/api/v1/live`, { headers: bearer('second-token') });
    await test.end();
    // The stream ends by itself: who watches is asked again.
    expect(await live.text()).to.match(/^retry/);
    await until(
      () => status('second-token'),
      (code) => code === 401,
    );
    await guarded.end();
  });

  it('binds nothing but loopback without tokens, and refuses wrong options by name', async () => {
    const refused = async (options: object, message: RegExp): Promise<void> => {
      const error = await startCollector(options).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(OptionError);
      expect((error as Error).message).to.match(message);
    };
    await refused({ host: '0.0.0.0' }, /loopback only/);
    await refused({ host: '0.0.0.0', send: { tokens: [SEND] } }, /loopback only/);
    await refused({ host: '::', read: { tokens: [READ] } }, /loopback only/);
    await refused({ port: 70_000 }, /port/);
    await refused({ retentionDays: Number.NaN }, /retentionDays/);
    await refused({ retentionDays: '3' }, /retentionDays/);
    await refused({ store: 'sqlite' }, /store/);
    await refused({ send: { tokens: ['short'] } }, /token/);
    await refused({ send: { file: '/nowhere/tokens' } }, /cannot be read/);
    await refused({ send: { file: '/nowhere/tokens', tokens: [SEND] } }, /cannot be read/);
    for (const token of ['two words', 'schlüssel-1', 'line\nbreak']) {
      await refused({ send: { tokens: [token] } }, /printable ASCII/);
    }
    for (const name of ['requestTimeoutMs', 'questionTimeoutMs', 'storeTimeoutMs']) {
      await refused({ [name]: 2 ** 31 }, new RegExp(`${name} must be 2147483647 at most`));
    }
    for (const name of ['port', 'threads', 'memoryMb', 'maxBodyBytes', 'requestTimeoutMs', 'retentionBytes']) {
      await refused({ [name]: 5_000.5 }, new RegExp(`^${name} must be a whole number\\.$`));
    }
    await refused({ threads: 5_000 }, /threads must be 1024 at most/);
    await refused({ memoryMb: 1e99 }, /memoryMb must be/);
    for (const name of ['t.example.com:8443', 'https://t.example.com', '*.example.com', '[::1]', 'a b']) {
      await refused({ allowedHosts: [name] }, /without scheme and port/);
    }
  });

  describe('on loopback without tokens', () => {
    let test: TestCollector;
    let address: string;
    before(async () => {
      test = await testCollector();
      address = test.collector.address;
    });
    after(() => test.end());

    it('refuses a Host header that names something else', async () => {
      for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'a b']) {
        expect(await statusOf(address, '/api/v1/overview', { host }), host).to.equal(421);
      }
      for (const host of ['localhost', '127.0.0.1:4300', '[::1]:80']) {
        expect(await statusOf(address, '/api/v1/overview', { host }), host).to.equal(200);
      }
    });

    it('answers a balancer that asks for its health with HTTP/1.0, and nothing else without a Host', async () => {
      const { port } = test.collector;
      const statusLine = (path: string): Promise<string> =>
        new Promise((resolve, reject) => {
          let answer = '';
          const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
          socket.on('data', (part) => (answer += part.toString()));
          socket.on('error', reject);
          socket.on('close', () => resolve(answer.split('\r\n', 1)[0] ?? ''));
        });
      for (const path of ['/healthz', '/readyz']) expect(await statusLine(path), path).to.equal('HTTP/1.1 200 OK');
      for (const path of ['/', '/metrics', '/api/v1/overview', '/healthz/x']) {
        expect(await statusLine(path), path).to.match(/^HTTP\/1\.1 421 /);
      }
    });

    it('refuses what a browser sends for another origin', async () => {
      const host = new URL(address).host;
      const foreign = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: `http://${host}.evil.example` },
        { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ];
      for (const headers of foreign as Record<string, string>[]) {
        expect(await statusOf(address, '/api/v1/overview', headers)).to.equal(403);
        const type = { 'content-type': 'application/json' };
        expect(await statusOf(address, '/telemetry-ext', { ...type, ...headers }, 'POST')).to.equal(403);
      }
      expect(await statusOf(address, '/api/v1/overview', { origin: `http://${host}` })).to.equal(200);
    });

    it('answers its own page behind a proxy that ends TLS or names the collector differently', async () => {
      const { host } = new URL(address);
      expect(await statusOf(address, '/api/v1/overview', { origin: `https://${host}` })).to.equal(200);
      const renamed = { origin: 'https://telemetry.example', 'sec-fetch-site': 'same-origin' };
      expect(await statusOf(address, '/api/v1/overview', renamed)).to.equal(200);
    });

    it('refuses a page whose own name was resolved to this machine, whatever the browser says of it', async () => {
      const rebound = { host: 'evil.example:4300', 'sec-fetch-site': 'same-origin' };
      for (const headers of [rebound, { ...rebound, origin: 'http://evil.example:4300' }]) {
        expect(await statusOf(address, '/api/v1/overview', headers)).to.equal(421);
        const type = { 'content-type': 'application/json' };
        expect(await statusOf(address, '/api/v1/configuration', { ...type, ...headers }, 'PUT')).to.equal(421);
      }
      const any: unknown = await startCollector({ port: 0, data: test.data, allowedHosts: ['*'] }).catch(
        (error: unknown) => error,
      );
      expect(String(any)).to.match(/OptionError: allowedHosts: \* lets any page/);
    });

    it('takes a list of names and nothing that resembles one', () => {
      for (const allowedHosts of ['telemetry.example.com', '*.example.com', [''], [4300], null] as never[]) {
        expect(() => settingsOf({ allowedHosts })).to.throw(OptionError, 'allowedHosts must be a list of names');
      }
    });

    it('refuses a content type other than JSON, and none at all', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/json', '']) {
        const headers = type === '' ? {} : { 'content-type': type };
        expect(await statusOf(address, '/telemetry-ext', headers as never, 'POST'), type).to.equal(415);
        expect(await statusOf(address, '/api/v1/configuration', headers as never, 'PUT'), type).to.equal(415);
      }
      const json = { 'content-type': 'application/json; charset=utf-8' };
      expect(await statusOf(address, '/telemetry-ext', json, 'POST')).to.equal(200);
    });

    it('sends its security headers with every answer, errors included', async () => {
      for (const path of ['/', '/api/v1/overview', '/nowhere', '/api/v1/statements?limit=x']) {
        const { headers } = await fetch(address + path);
        expect(headers.get('content-security-policy'), path).to.match(/^default-src 'self';/);
        expect(headers.get('x-content-type-options')).to.equal('nosniff');
        expect(headers.get('x-frame-options')).to.equal('DENY');
        expect(headers.get('referrer-policy')).to.equal('no-referrer');
        expect(headers.get('cross-origin-resource-policy')).to.equal('same-origin');
        expect(headers.get('cross-origin-opener-policy')).to.equal('same-origin');
        expect(headers.get('cache-control'), path).to.equal('no-store');
        expect(headers.get('access-control-allow-origin')).to.equal(null);
      }
    });

    it('serves no file outside the page', async () => {
      for (const path of [
        '/assets/../package.json',
        '/assets/..%2f..%2fpackage.json',
        '/assets/%2e%2e/x',
        '/assets/%',
        '/assets/x%00.js',
        `/assets/${'x'.repeat(300)}.js`,
        '/assets/',
      ]) {
        expect([400, 404], path).to.include(await statusOf(address, path, {}));
      }
    });

    it('cuts off a client that sends too slowly, and headers that are too large', async () => {
      const hasty = await testCollector({ requestTimeoutMs: 500 });
      const { port } = hasty.collector;
      const ended = (text: string): Promise<string> =>
        new Promise((resolve) => {
          let answer = '';
          const socket = connect(port, '127.0.0.1', () => socket.write(text));
          socket.on('data', (part) => (answer += part.toString()));
          socket.on('error', () => resolve(answer));
          socket.on('close', () => resolve(answer));
        });
      const head = 'POST /telemetry-ext HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
      expect(await ended(`${head}content-length: 100\r\n\r\n{`)).to.match(/^(HTTP\/1.1 408|$)/);
      expect(await ended(`${head}x: ${'y'.repeat(20_000)}\r\n\r\n`)).to.match(/^HTTP\/1.1 431/);
      await hasty.end();
    });

    it('knows the methods of a path', async () => {
      expect(await statusOf(address, '/telemetry-ext', {})).to.equal(405);
      expect(await statusOf(address, '/nowhere', {})).to.equal(404);
    });
  });

  it('goes on when the clock is set back: requests are answered, a token that was taken away is refused', async function () {
    this.timeout(180_000);
    const folder = await testCollector();
    const file = join(folder.data, 'tokens');
    writeFileSync(file, 'first-token\n');
    const guarded = await testCollector({ read: { file } });
    const status = async (): Promise<number> =>
      (await fetch(`${guarded.collector.address}/api/v1/overview`, { headers: bearer('first-token') })).status;
    expect(await status()).to.equal(200);
    const now = Date.now;
    Date.now = () => now() - 3_600_000;
    try {
      expect(await status()).to.equal(200);
      writeFileSync(file, 'second-token\n');
      await until(status, (code) => code === 401);
    } finally {
      Date.now = now;
    }
    await guarded.end();
    await folder.end();
  });

  it('limits the connections', async () => {
    const test = await testCollector({ maxConnections: 2 });
    const { port } = new URL(test.collector.address);
    const sockets = Array.from({ length: 6 }, () => connect(Number(port), '127.0.0.1'));
    let closed = 0;
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.on('close', () => (closed += 1));
    }
    await until(
      async () => closed,
      (count) => count === 4,
    );
    for (const socket of sockets) socket.destroy();
    await test.end();
  });

  it('limits the requests of one address', async () => {
    const test = await testCollector({ requestsPerSecond: 5 });
    const startMs = performance.now();
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await fetch(`${test.collector.address}/healthz`)).status),
    );
    const most = 5 + Math.ceil((5 * (performance.now() - startMs)) / 1_000);
    expect(statuses.filter((status) => status === 200).length).to.be.within(5, most);
    expect(statuses.filter((status) => status === 429).length).to.be.at.least(60 - most);
    await test.end();
  });
});
