import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { LogLine } from 'databricks-telemetry-collector';
import { statementLog } from './logs';
import { deliver, post, testCollector, type TestCollector, type Verdict } from './testCollector';

describe('the collector under attack', () => {
  let test: TestCollector;
  let port: number;
  const lines: LogLine[] = [];
  before(async () => {
    test = await testCollector({ maxBodyBytes: 65_536, log: (line) => lines.push(line) });
    port = test.collector.port;
  });
  afterEach(async () => {
    // Whatever came: it answers, takes what is good, and has nothing to say about itself.
    await deliver(test.collector.address, [statementLog()]);
    expect(lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
  after(() => test.end());

  /** Everything that comes back for `bytes` until the connection ends; the client ends its side when `ends`. */
  const exchange = (bytes: string | Buffer, ends = false, to = port): Promise<string> =>
    new Promise((resolve) => {
      let answer = '';
      const socket = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true }, () => {
        if (ends) socket.end(bytes);
        else socket.write(bytes);
      });
      socket.setTimeout(20_000, () => socket.destroy());
      socket.on('data', (part) => (answer += part.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('end', () => socket.end());
      socket.on('close', () => resolve(answer));
    });
  const statusesOf = (answer: string): number[] =>
    [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
  const HEAD = 'POST /telemetry-ext HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const LAST = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

  it('shrugs off what is no HTTP, and connections that end early', async () => {
    const nonsense = [
      Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]),
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      ...Array.from({ length: 50 }, (_, i) => Buffer.concat([randomBytes(20 + i), Buffer.from('\r\n\r\n')])),
    ];
    for (const bytes of nonsense) expect(await exchange(bytes, true)).to.match(/^(?:HTTP\/1\.1 400 |$)/);
    for (const part of ['', 'P', 'POST /tele', HEAD, `${HEAD}Content-Length: 100\r\n\r\n{"proto`]) {
      expect(await exchange(part, true), part).to.match(/^(?:HTTP\/1\.1 400 |$)/);
    }
  });

  it('reads no request out of a body whose length is ambiguous', async () => {
    for (const framing of [
      'Content-Length: 4\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked\r\nContent-Length: 4',
      'Content-Length: 4\r\nContent-Length: 60',
      'Content-Length: 4, 4',
      'Content-Length: +4',
      'Transfer-Encoding: xchunked',
      'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding : chunked',
      'X: y\nTransfer-Encoding: chunked',
    ]) {
      const answer = await exchange(`${HEAD}${framing}\r\n\r\n0\r\n\r\n${LAST}`);
      expect(statusesOf(answer), framing).to.deep.equal([400]);
    }
  });

  it('is no proxy, has no tunnel and changes no protocol', async () => {
    const connecting = 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n';
    expect(statusesOf(await exchange(connecting))).to.deep.equal([]);
    const elsewhere = 'GET http://example.com/healthz HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n';
    expect(statusesOf(await exchange(elsewhere))).to.deep.equal([421]);
    const upgrade = `GET /api/v1/live HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`;
    expect(statusesOf(await exchange(upgrade))).to.deep.equal([421]);
    for (const method of ['TRACE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
      const odd = `${method} /api/v1/overview HTTP/1.1\r\nHost: localhost\r\nX-Secret: 1\r\nConnection: close\r\n\r\n`;
      const answer = await exchange(odd);
      expect(statusesOf(answer), method).to.deep.equal([405]);
      expect(answer).to.not.include('X-Secret');
    }
  });

  it('answers HEAD as GET, without the body, and what is asked behind it', async () => {
    for (const path of [
      '/',
      '/metrics',
      '/api/v1/overview',
      '/api/v1/export',
      '/api/v1/live',
      '/api/v1/openapi.json',
    ]) {
      const answer = await exchange(`HEAD ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n${LAST}`);
      expect(statusesOf(answer), path).to.deep.equal([200, 200]);
      expect(answer.slice(answer.indexOf('\r\n\r\n') + 4), path).to.match(/^HTTP\/1\.1 200 OK/);
    }
  });

  it('limits a body that does not say how long it is', async () => {
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    const answer = await exchange(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(8)}`);
    expect(statusesOf(answer)).to.deep.equal([413]);
  });

  it('answers odd paths without a fault', async () => {
    for (const path of [
      '//',
      '/%',
      '/%00',
      '/..%2f..%2fetc%2fpasswd',
      '/assets/..%5c..%5cpackage.json',
      '/api/v1/statements/%ff',
      '/api/v1/statements/__proto__',
      '/api/v1/statements/a%2Fb',
      '/api/v1/constructor',
      '/api/v1/overview?from=-1&to=x',
      '/api/v1/overview?from=1e400',
      '/api/v1/statements?cursor=AAAA',
      "/api/v1/statements?service=';DROP%20TABLE%20statements;--&limit=1",
      `/${'a'.repeat(8_000)}`,
    ]) {
      const answer = await exchange(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(statusesOf(answer), path).to.have.lengthOf(1);
      expect(statusesOf(answer)[0], path).to.be.within(200, 499);
    }
  });

  it('takes no harm from bodies that are deep, repeat themselves or name what objects have', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const log = JSON.stringify(statementLog());
    const odd = [
      deep,
      `{"entry":${deep}}`,
      log.replace('{', '{"__proto__":{"eventId":"x","isAdmin":true},"constructor":{"prototype":{}},'),
      log.replace('{', '{"frontend_log_event_id":"other",'),
      log.replace('"entry"', '"toString":1,"hasOwnProperty":{},"entry"'),
      '{"frontend_log_event_id":{"$gt":""},"entry":{"sql_driver_log":{}}}',
      log.replace(/"timestamp_millis":\d+/, '"timestamp_millis":1e308'),
    ];
    const { numProtoSuccess, errors } = (await (await post(test.collector.address, odd)).json()) as Verdict;
    expect([numProtoSuccess, errors.length]).to.deep.equal([3, 4]);
    expect(({} as { isAdmin?: boolean }).isAdmin).to.equal(undefined);
    const whole = await exchange(`${HEAD}Connection: close\r\nContent-Length: ${deep.length}\r\n\r\n${deep}`);
    expect(statusesOf(whole)).to.deep.equal([400]);
  });

  it('a slow client holds nothing up, and is cut off', async () => {
    const hasty = await testCollector({ requestTimeoutMs: 500 });
    const begun = `${HEAD}Content-Length: 1000\r\n\r\n{`;
    const slow = Array.from({ length: 50 }, () => exchange(begun, false, hasty.collector.port));
    expect((await fetch(`${hasty.collector.address}/healthz`)).status).to.equal(200);
    for (const answer of await Promise.all(slow)) expect(answer).to.match(/^(?:HTTP\/1\.1 408 |$)/);
    await hasty.end();
  });
});
