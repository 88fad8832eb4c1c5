import { expect } from 'chai';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createServer as createTls, request as requestTls } from 'node:https';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../testCollector';
import { bodyOf, codeOf, exchange, ownIdentity, send, testGateway, upstreamThat, type Upstream } from './testGateway';

const MIB = 2 ** 20;

describe('the gateway passes on', () => {
  let upstream: Upstream | undefined;
  let close: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await close?.();
    await upstream?.close();
    close = undefined;
    upstream = undefined;
  });

  /** A gateway in front of a server that does `handle`; its port. */
  async function before(
    handle: Parameters<typeof upstreamThat>[0],
    options: Partial<Parameters<typeof testGateway>[0]> = {},
  ): Promise<number> {
    upstream = await upstreamThat(handle);
    const { gateway } = await testGateway({ upstream: upstream.origin, ...options });
    close = () => gateway.close();
    return gateway.port;
  }

  it('method, target, end-to-end headers and body as they are; Host is the workspace’s', async () => {
    let body = '';
    const port = await before((message, response) => {
      void bodyOf(message).then((bytes) => {
        body = bytes.toString();
        response.end();
      });
    });
    const headers = [
      'X-Twice',
      'a',
      'Authorization',
      'Bearer t',
      'x-twice',
      'b',
      'Content-Length',
      '5',
      'Cookie',
      'c=1',
    ];
    await send(
      port,
      { method: 'PATCH', path: '//a/%2e/./b?q=%20&o=1', headers: ['Host', 'client.test', ...headers] },
      'hello',
    );
    const [got] = upstream?.requests ?? [];
    expect([got?.method, got?.url, body]).to.deep.equal(['PATCH', '//a/%2e/./b?q=%20&o=1', 'hello']);
    const host = new URL(upstream?.origin ?? '').host;
    expect(got?.rawHeaders).to.deep.equal(['Host', host, ...headers, 'Connection', 'keep-alive']);
  });

  it('no hop-by-hop header, in neither direction, nor one that Connection names; framing stays', async () => {
    const port = await before((_message, response) => {
      response.writeHead(207, 'As it was', [
        ['Connection', 'close, X-Hop'],
        ['X-Hop', 'upstream'],
        ['Keep-Alive', 'timeout=1'],
        ['Proxy-Authenticate', 'Basic'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['Content-Length', '2'],
      ] as never);
      response.end('ok');
    });
    const head = [
      'POST / HTTP/1.1',
      'Host: x',
      'Connection: close, X-Mine, content-length, host',
      'X-Mine: 1',
      'Keep-Alive: 300',
      'TE: trailers',
      'Proxy-Authorization: Basic eDp5',
      'Proxy-Connection: keep-alive',
      'X-Kept: 1',
      'Content-Length: 3',
    ];
    const answer = await exchange(port, `${head.join('\r\n')}\r\n\r\nabc`);
    const [got] = upstream?.requests ?? [];
    const host = new URL(upstream?.origin ?? '').host;
    expect(got?.rawHeaders).to.deep.equal([
      'Host',
      host,
      'X-Kept',
      '1',
      'Content-Length',
      '3',
      'Connection',
      'keep-alive',
    ]);
    const lines = answer.split('\r\n');
    expect(lines[0]).to.equal('HTTP/1.1 207 As it was');
    expect(lines).to.include.members(['Set-Cookie: a=1', 'Set-Cookie: b=2', 'Content-Length: 2', 'Connection: close']);
    expect(answer).to.not.match(/x-hop|keep-alive|proxy-authenticate/i);
  });

  it('trailers in both directions, when the body comes in chunks', async () => {
    let got: IncomingMessage | undefined;
    const port = await before((message, response) => {
      got = message;
      void bodyOf(message).then(() => {
        response.writeHead(200, { trailer: 'X-Sum' });
        response.write('part');
        response.addTrailers({ 'X-Sum': '42' });
        response.end();
      });
    });
    const asked = request({ host: '127.0.0.1', port, method: 'POST', headers: { trailer: 'X-Md5' } });
    asked.write('abc');
    asked.addTrailers({ 'X-Md5': 'xyz' });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect((await bodyOf(answer)).toString()).to.equal('part');
    expect(answer.trailers).to.deep.equal({ 'x-sum': '42' });
    expect([got?.headers.trailer, got?.trailers]).to.deep.equal(['X-Md5', { 'x-md5': 'xyz' }]);
  });

  it('the answer to HEAD and a 304 with their length and without a body, on a connection that stays', async () => {
    const port = await before((message, response) => {
      response.writeHead(message.method === 'HEAD' ? 200 : 304, { 'content-length': 1_000, etag: '"x"' });
      response.end();
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const head = await send(port, { method: 'HEAD', agent });
    const cached = await send(port, { agent });
    expect([head.status, head.headers['content-length'], head.body.length]).to.deep.equal([200, '1000', 0]);
    expect([cached.status, cached.headers['content-length'], cached.body.length]).to.deep.equal([304, '1000', 0]);
    expect(await upstream?.connections()).to.equal(1);
    agent.destroy();
  });

  it('100 Continue when the workspace says so, and early hints', async () => {
    const order: string[] = [];
    const slow = createServer((socket) => {
      let got = '';
      socket.on('error', () => undefined);
      socket.on('data', (part) => {
        got += part.toString();
        if (got.includes('\r\n\r\n') && !order.includes('asked')) {
          order.push('asked');
          setTimeout(() => {
            order.push('told');
            socket.write(
              'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n',
            );
          }, 100);
        }
        if (got.includes('body')) {
          order.push('body');
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        }
      });
    });
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { gateway } = await testGateway({ upstream: `http://127.0.0.1:${(slow.address() as AddressInfo).port}` });
    const asked = request({
      host: '127.0.0.1',
      port: gateway.port,
      method: 'PUT',
      headers: { expect: '100-continue', 'content-length': 4 },
    });
    const hints: unknown[] = [];
    asked.on('information', ({ statusCode, headers }) => statusCode === 103 && hints.push(headers['link']));
    asked.flushHeaders();
    await once(asked, 'continue');
    order.push('continued');
    asked.end('body');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).to.equal(200);
    expect(order).to.deep.equal(['asked', 'told', 'continued', 'body']);
    expect(hints).to.deep.equal(['</a.css>; rel=preload']);
    asked.destroy();
    await gateway.close();
    slow.close();
  });

  it('large bodies both ways, byte for byte', async () => {
    const sent = Buffer.alloc(24 * MIB);
    for (let i = 0; i < sent.length; i += 4) sent.writeUInt32LE((i * 2_654_435_761) >>> 0, i);
    const port = await before((message, response) => {
      message.pipe(response);
    });
    const echoed = await send(port, { method: 'POST', headers: { 'content-length': sent.length } }, sent);
    expect(echoed.body.equals(sent)).to.equal(true);
    const chunked = await send(port, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, sent);
    expect(chunked.body.equals(sent)).to.equal(true);
  });

  it('no faster than the client reads: the workspace waits, and memory stays', async () => {
    let written = 0;
    const part = Buffer.alloc(MIB, 'x');
    const port = await before((_message, response) => {
      const more = (): void => {
        while (written < 200) {
          written += 1;
          if (!response.write(part)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const asked = request({ host: '127.0.0.1', port });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.pause();
    const standsStill = async (): Promise<boolean> => {
      const earlier = written;
      await sleep(300);
      return earlier === written;
    };
    await until(standsStill, (still) => still);
    expect(written).to.be.below(40);
    let got = 0;
    for await (const bytes of answer as AsyncIterable<Buffer>) got += bytes.length;
    expect(got).to.equal(200 * MIB);
  });

  it('no faster than the workspace reads: the client waits', async () => {
    let reading: IncomingMessage | undefined;
    const port = await before((message, response) => {
      reading = message;
      message.once('end', () => response.end());
    });
    let sent = 0;
    const asked = request({ host: '127.0.0.1', port, method: 'PUT', headers: { 'content-length': 100 * MIB } });
    const more = (): void => {
      while (sent < 100) {
        sent += 1;
        if (!asked.write(Buffer.alloc(MIB))) {
          asked.once('drain', more);
          return;
        }
      }
      asked.end();
    };
    more();
    await sleep(500);
    expect(sent).to.be.below(40);
    reading?.resume();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect([answer.statusCode, sent]).to.deep.equal([200, 100]);
  });

  it('that a client went away: the workspace’s request ends, while it waits and while it answers', async () => {
    const ended: string[] = [];
    const port = await before((message, response) => {
      response.once('close', () => ended.push(message.url ?? ''));
      if (message.url === '/answering') response.write('begun');
    });
    for (const path of ['/waiting', '/answering']) {
      const asked = request({ host: '127.0.0.1', port, path });
      asked.on('error', () => undefined);
      asked.end();
      await until(
        async () => upstream?.requests.map(({ url }) => url),
        (urls) => urls?.includes(path) === true,
      );
      asked.destroy();
      await until(
        async () => ended,
        (paths) => paths.includes(path),
      );
    }
  });

  it('that the workspace broke off: what was cut off does not look whole', async () => {
    const port = await before((message, response) => {
      if (message.url === '/length') response.writeHead(200, { 'content-length': 1_000 });
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    });
    for (const path of ['/length', '/chunks']) {
      const failure = await send(port, { path }).then(
        () => undefined,
        (error: unknown) => error as NodeJS.ErrnoException,
      );
      expect(failure?.code, path).to.equal('ECONNRESET');
    }
  });

  it('an answer that comes before the request is whole, and ends that connection', async () => {
    const port = await before((_message, response) => {
      response.writeHead(413).end('too much');
    });
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\npart';
    const answer = await exchange(port, `${head}`);
    expect(answer)
      .to.match(/^HTTP\/1.1 413/)
      .and.match(/connection: close/i)
      .and.match(/too much/);
  });

  it('an HTTP/1.0 client’s request, whose answer ends with the connection', async () => {
    const port = await before((_message, response) => {
      response.write('a');
      response.end('b');
    });
    const answer = await exchange(port, 'GET /old HTTP/1.0\r\n\r\n');
    expect(answer)
      .to.match(/\r\n\r\nab$/)
      .and.not.match(/transfer-encoding/i);
    expect(upstream?.requests.map(({ url }) => url)).to.deep.equal(['/old']);
  });

  it('says 502 when nobody is there, 504 when nobody answers; and works again when somebody is', async () => {
    const { gateway, lines } = await testGateway({ upstream: 'http://127.0.0.1:9' });
    const down = await send(gateway.port, { path: '/sql/1.0/warehouses/secret-id?token=secret-token' });
    expect([down.status, codeOf(down)]).to.deep.equal([502, 'upstream_unreachable']);
    expect(down.body.toString()).to.include('ECONNREFUSED');
    expect((await send(gateway.port, { method: 'POST' }, 'x'.repeat(100_000))).status).to.equal(502);
    expect(lines.map(({ event }) => event)).to.deep.equal(['gateway_listening', 'upstream_failed']);
    expect(JSON.stringify(lines)).to.not.include('secret');
    expect(gateway.stats()).to.include({ requests: 2, failed: 2 });
    await gateway.close();

    let answers = false;
    const port = await before((_message, response) => (answers ? response.end('here') : undefined), {
      idleTimeoutMs: 3_000,
    });
    const silent = await send(port);
    expect([silent.status, codeOf(silent)]).to.deep.equal([504, 'upstream_timeout']);
    answers = true;
    expect((await send(port)).body.toString()).to.equal('here');
  });

  it('says 504 when a connection cannot be made in time', async () => {
    // It accepts, and never speaks TLS.
    const mute = createServer();
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { gateway } = await testGateway({
      upstream: `https://127.0.0.1:${(mute.address() as AddressInfo).port}`,
      connectTimeoutMs: 100,
    });
    expect((await send(gateway.port)).status).to.equal(504);
    await gateway.close();
    mute.close();
  });

  it('to a workspace whose certificate is trusted only, over TLS of its own', async () => {
    const [theirs, ours] = await Promise.all([ownIdentity(), ownIdentity()]);
    const secure = createTls(theirs, (message, response) => response.end(message.headers.host));
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const host = `localhost:${(secure.address() as AddressInfo).port}`;
    const ask = (port: number): Promise<string> =>
      new Promise((resolve, reject) => {
        requestTls({ host: 'localhost', port, ca: ours.ca }, (answer) => {
          void bodyOf(answer).then((body) => resolve(`${answer.statusCode ?? 0} ${body.toString()}`));
        })
          .on('error', reject)
          .end();
      });
    const trusting = await testGateway({ upstream: `https://${host}`, upstreamCa: theirs.ca, tls: ours });
    const strict = await testGateway({ upstream: `https://${host}`, tls: ours });
    expect(trusting.gateway.address).to.match(/^https:/);
    expect(await ask(trusting.port)).to.equal(`200 ${host}`);
    expect(await ask(strict.port)).to.match(/^502 .*(?:VERIFY|SELF_SIGNED|CERT)/);
    await Promise.all([trusting.gateway.close(), strict.gateway.close()]);
    secure.closeAllConnections();
    secure.close();
  });

  it('closes in bounded time, idle connections and endless answers included', async () => {
    const port = await before((message, response) => {
      if (message.url === '/idle') response.end();
      else response.write('x');
    });
    const agent = new Agent({ keepAlive: true });
    await send(port, { path: '/idle', agent });
    const endless = request({ host: '127.0.0.1', port, path: '/endless' });
    endless.on('error', () => undefined);
    endless.end();
    const [answer] = (await once(endless, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    const startMs = performance.now();
    await close?.();
    expect(performance.now() - startMs).to.be.below(30_000);
    agent.destroy();
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
  });
});
