import { expect } from 'chai';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createServer as createTls, request as requestTls } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { bodyOf, exchange, Front, ownIdentity, send, testGateway } from './testGateway';

const MIB = 2 ** 20;

describe('the gateway passes on', () => {
  const front = new Front();
  afterEach(() => front.end());

  it('method, target, end-to-end headers and body as they are; Host is the workspace’s', async () => {
    let body = '';
    const port = await front.before((message, response) => {
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
    const [got] = front.upstream?.requests ?? [];
    expect([got?.method, got?.url, body]).to.deep.equal(['PATCH', '//a/%2e/./b?q=%20&o=1', 'hello']);
    const host = new URL(front.upstream?.origin ?? '').host;
    expect(got?.rawHeaders).to.deep.equal(['Host', host, ...headers, 'Connection', 'keep-alive']);
  });

  it('no hop-by-hop header, in neither direction, nor one that Connection names; framing stays', async () => {
    const port = await front.before((_message, response) => {
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
    const [got] = front.upstream?.requests ?? [];
    const host = new URL(front.upstream?.origin ?? '').host;
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
    const port = await front.before((message, response) => {
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
    const port = await front.before((message, response) => {
      response.writeHead(message.method === 'HEAD' ? 200 : 304, { 'content-length': 1_000, etag: '"x"' });
      response.end();
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const head = await send(port, { method: 'HEAD', agent });
    const cached = await send(port, { agent });
    expect([head.status, head.headers['content-length'], head.body.length]).to.deep.equal([200, '1000', 0]);
    expect([cached.status, cached.headers['content-length'], cached.body.length]).to.deep.equal([304, '1000', 0]);
    expect(await front.upstream?.connections()).to.equal(1);
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
    const port = await front.before((message, response) => {
      message.pipe(response);
    });
    const echoed = await send(port, { method: 'POST', headers: { 'content-length': sent.length } }, sent);
    expect(echoed.body.equals(sent)).to.equal(true);
    const chunked = await send(port, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, sent);
    expect(chunked.body.equals(sent)).to.equal(true);
  });

  it('an answer that comes before the request is whole, and ends that connection', async () => {
    const port = await front.before((_message, response) => {
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
    const port = await front.before((_message, response) => {
      response.write('a');
      response.end('b');
    });
    const answer = await exchange(port, 'GET /old HTTP/1.0\r\n\r\n');
    expect(answer)
      .to.match(/\r\n\r\nab$/)
      .and.not.match(/transfer-encoding/i);
    expect(front.upstream?.requests.map(({ url }) => url)).to.deep.equal(['/old']);
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
});
