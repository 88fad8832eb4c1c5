import { expect } from 'chai';
import { connect, createServer } from 'node:net';
import { startGateway, OptionError } from 'databricks-telemetry-collector';
import {
  bodyOf,
  exchange,
  NO_COLLECTOR,
  send,
  testGateway,
  upstreamThat,
  type TestGateway,
  type Upstream,
} from './testGateway';
import { until } from '../testCollector';

describe('the gateway under attack', () => {
  let upstream: Upstream;
  let test: TestGateway;
  const bodies: string[] = [];
  before(async () => {
    upstream = await upstreamThat((message, response) => {
      void bodyOf(message).then((body) => {
        bodies.push(body.toString());
        response.end('from the workspace');
      });
    });
    test = await testGateway({ upstream: upstream.origin });
  });
  beforeEach(() => {
    upstream.requests.length = 0;
    bodies.length = 0;
  });
  after(async () => {
    await test.gateway.close();
    await upstream.close();
  });

  const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
  const attack = async (lines: readonly string[], rest = ''): Promise<string> =>
    exchange(test.port, `${lines.join('\r\n')}\r\n\r\n${rest}`);

  const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const AMBIGUOUS: readonly (readonly [string, readonly string[]])[] = [
    ['a length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked']],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 6']],
    ['two lengths', ['Content-Length: 6', 'Content-Length: 50']],
    ['two equal lengths', ['Content-Length: 6', 'Content-Length: 6']],
    ['a list of lengths', ['Content-Length: 6, 6']],
    ['a signed length', ['Content-Length: +6']],
    ['a hexadecimal length', ['Content-Length: 0x6']],
    ['a negative length', ['Content-Length: -6']],
    ['an unknown coding', ['Transfer-Encoding: xchunked']],
    ['a coding before chunks', ['Transfer-Encoding: gzip, chunked']],
    ['a coding after chunks', ['Transfer-Encoding: chunked, identity']],
    ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['a space before the colon', ['Transfer-Encoding : chunked']],
    ['a folded header', ['Transfer-Encoding:', ' chunked']],
    ['a vertical tab', ['Transfer-Encoding: \vchunked']],
    ['a bare line feed', ['X: y\nTransfer-Encoding: chunked']],
    ['a bare carriage return', ['X: y\rTransfer-Encoding: chunked']],
    ['a NUL', ['X: y\0z']],
  ];
  for (const [name, headers] of AMBIGUOUS) {
    it(`refuses a body with ${name}: nothing arrives, nothing is smuggled`, async () => {
      const answer = await attack(['POST / HTTP/1.1', 'Host: x', ...headers], `0\r\n\r\n${SMUGGLED}`);
      expect(statusOf(answer)).to.be.within(400, 501);
      expect(answer)
        .to.match(/connection: close/i)
        .and.not.include('from the workspace');
      expect(upstream.requests.map(({ url }) => url)).to.deep.equal([]);
    });
  }

  it('refuses chunks of an HTTP/1.0 client, and chunks that are malformed', async () => {
    const old = await attack(['POST / HTTP/1.0', 'Host: x', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`);
    expect(statusOf(old)).to.equal(400);
    for (const chunk of [
      'zz\r\nabc\r\n',
      '3\nabc\r\n',
      '-1\r\n',
      'ffffffffffffffffff\r\n',
      '3\r\nabcdef\r\n0\r\n\r\n',
    ]) {
      const answer = await attack(['POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked'], chunk);
      expect(answer, chunk).to.not.include('from the workspace');
    }
    expect(bodies).to.deep.equal([]);
  });

  it('a request after a body is a request of its own, not part of it', async () => {
    const answer = await attack(['POST /first HTTP/1.1', 'Host: x', 'Content-Length: 3'], `abc${SMUGGLED}`);
    expect(answer.match(/from the workspace/g)).to.have.lengthOf(2);
    expect(upstream.requests.map(({ url }) => url)).to.deep.equal(['/first', '/smuggled']);
    expect(bodies).to.have.members(['abc', '']);
  });

  it('no header is lost in a crowd: a length after 2,500 others still counts', async () => {
    const crowd = Array.from({ length: 2_500 }, (_, i) => `X${i}: y`);
    const answer = await attack(
      ['POST /crowd HTTP/1.1', 'Host: x', ...crowd, 'Content-Length: 3', 'Connection: close'],
      'abc',
    );
    expect(answer).to.include('from the workspace');
    expect(bodies).to.deep.equal(['abc']);
  });

  it('is no proxy: CONNECT, absolute targets and `*` are refused', async () => {
    expect(await attack(['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'])).to.match(
      /^HTTP\/1.1 405.*no_tunnel/s,
    );
    for (const target of ['http://example.com/', 'https://example.com/a', 'ftp://x/', '*']) {
      const answer = await attack([`OPTIONS ${target} HTTP/1.1`, 'Host: x']);
      expect(answer, target)
        .to.match(/^HTTP\/1.1 400/)
        .and.match(/foreign_target/);
    }
    expect(upstream.requests).to.deep.equal([]);
  });

  it('leads nowhere else, whatever the path and Host say', async () => {
    for (const path of [
      '//example.com/',
      '/@example.com/',
      '/http://example.com/',
      '/\\example.com',
      '/?http://example.com',
    ]) {
      const answer = await attack([
        `GET ${path} HTTP/1.1`,
        'Host: example.com',
        'X-Forwarded-Host: example.com',
        'Connection: close',
      ]);
      expect(answer, path).to.include('from the workspace');
      expect(upstream.requests.at(-1)?.url).to.equal(path);
      expect(upstream.requests.at(-1)?.headers.host).to.equal(new URL(upstream.origin).host);
    }
  });

  it('refuses other protocols, TRACE, and a second Host', async () => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket'];
    expect(await attack(['GET / HTTP/1.1', 'Host: x', ...upgrade])).to.match(/^HTTP\/1.1 501.*no_upgrade/s);
    expect(await attack(['PRI * HTTP/2.0', '', 'SM'])).to.match(/^HTTP\/1.1 400/);
    expect(statusOf(await attack(['TRACE / HTTP/1.1', 'Host: x']))).to.equal(405);
    expect(statusOf(await attack(['GET / HTTP/1.1', 'Host: x', 'Host: y']))).to.equal(400);
    expect(statusOf(await attack(['GET / HTTP/1.1']))).to.equal(400);
    expect(await attack(['\x16\x03\x01\x02\x00\x01'])).to.match(/^HTTP\/1.1 400/);
    expect(upstream.requests).to.deep.equal([]);
  });

  it('cuts off slow headers, slow bodies and headers that are too large', async () => {
    const head = ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 100'].join('\r\n');
    const { gateway, port } = await testGateway({ upstream: upstream.origin, requestTimeoutMs: 500 });
    expect(await exchange(port, head, 30_000)).to.match(/^HTTP\/1.1 408/);
    // Its headers are with the workspace already: the connection ends without an answer that looks whole.
    expect(await exchange(port, `${head}\r\n\r\n{`, 30_000)).to.not.include('from the workspace');
    await gateway.close();
    const large = await attack(['GET / HTTP/1.1', 'Host: x', `X: ${'y'.repeat(70_000)}`]);
    expect(large).to.match(/^HTTP\/1.1 431.*headers_too_large/s);
    expect((await send(test.port, { path: '/' })).status).to.equal(200);
  });

  it('bounds what one connection asks at a time', async () => {
    const own = await upstreamThat(() => undefined);
    const { gateway } = await testGateway({ upstream: own.origin });
    const answer = await exchange(gateway.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500));
    expect(answer).to.equal('');
    expect(own.requests.length).to.be.at.most(16);
    await gateway.close();
    await own.close();
  });

  it('bounds its connections', async () => {
    const own = await testGateway({ upstream: upstream.origin, maxConnections: 2 });
    let closed = 0;
    const sockets = Array.from({ length: 10 }, () => connect(own.port, '127.0.0.1'));
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.on('close', () => (closed += 1));
    }
    await until(() => Promise.resolve(closed), (count) => count === 8); // prettier-ignore
    for (const socket of sockets) socket.destroy();
    await own.gateway.close();
  });

  it('an answer of the workspace that is malformed or ambiguous is 502 and goes no further', async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      'nonsense\r\n\r\n',
      '',
    ];
    for (const answer of answers) {
      const odd = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(answer));
      });
      await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
      const { port } = odd.address() as { port: number };
      const { gateway } = await testGateway({ upstream: `http://127.0.0.1:${port}` });
      expect((await send(gateway.port)).status, answer).to.equal(502);
      await gateway.close();
      odd.close();
    }
  });

  it('refuses options that would send credentials in the clear, elsewhere, or to itself', async () => {
    const good = { upstream: 'https://example.cloud.databricks.com', collector: NO_COLLECTOR, port: 0 };
    const refused = async (options: object, message: RegExp): Promise<void> => {
      const error = await startGateway({ ...good, ...options }).then(
        async (gateway) => gateway.close(),
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(OptionError);
      expect((error as Error).message).to.match(message);
    };
    await refused({ upstream: 'http://example.cloud.databricks.com' }, /in the clear/);
    await refused({ upstream: 'https://user:password@example.com' }, /no path, query or credentials/);
    await refused({ upstream: 'https://example.com/sql' }, /no path/);
    await refused({ upstream: 'example.com' }, /upstream must be an address/);
    await refused({ upstream: undefined }, /upstream must be an address/);
    await refused({ upstream: 'ftp://example.com' }, /upstream must be/);
    await refused({ collector: 'http://collector.example.com' }, /collector must be https/);
    await refused({ telemetry: 'both' }, /telemetry must be/);
    await refused({ host: '0.0.0.0' }, /give a certificate/);
    await refused({ upstream: 'http://127.0.0.1:4443', port: 4443 }, /the gateway itself/);
    await refused({ port: 70_000 }, /port/);
    await refused({ maxConnections: '5' }, /maxConnections/);
    await refused({ idleTimeoutMs: Number.NaN }, /idleTimeoutMs/);
  });
});
