import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import https from 'node:https';
import { Duplex } from 'node:stream';
import HttpConnection from '@databricks/sql/dist/connection/connections/HttpConnection';
import { expect } from 'chai';
import {
  MAX_RESPONSE_BYTES,
  sendHttp as send,
  type HttpOutcome,
  type HttpRequest,
  type HttpTarget,
} from '../../../../lib/telemetry/http/transport';
import { systemClock } from '../../../../lib/util/clock';
import { ClientContextStub } from '../../.stubs/ClientContextStub';
import { startTestServer, type Answer, type TestServer } from '../../.stubs/TestServer';

const never = new AbortController().signal;
const sendHttp = (to: HttpTarget, request: HttpRequest, timeoutMs: number, signal: AbortSignal): Promise<HttpOutcome> =>
  send(to, request, timeoutMs, signal, systemClock);
const POST = { method: 'POST', path: '/p?q=1', headers: { 'x-a': 'b' }, body: '{"ü":1}' } as const;

describe('sendHttp', () => {
  let answer: Answer;
  let server: TestServer;

  beforeEach(async () => {
    answer = (response) => response.end('ok');
    server = await startTestServer((response, request) => answer(response, request));
  });
  afterEach(() => server.stop());

  function target(overrides: Partial<HttpTarget> = {}): HttpTarget {
    const tls = { ca: server.ca };
    return {
      protocol: 'https:',
      hostname: 'localhost',
      port: server.port,
      tls,
      getAgent: async () => undefined,
      ...overrides,
    };
  }

  it('makes the request as asked and reads the answer', async () => {
    answer = (response) => response.writeHead(201, { 'Retry-After': '7' }).end('fine');
    const outcome = await sendHttp(target(), POST, 5000, never);
    expect(outcome).to.deep.equal({ kind: 'response', status: 201, retryAfter: '7', body: 'fine' });
    expect(server.received[0]).to.include({ method: 'POST', path: '/p?q=1', body: '{"ü":1}' });
    expect(server.received[0]?.headers).to.include({ 'x-a': 'b', 'content-length': '8' });
  });

  it('sends no body and no length with a GET', async () => {
    await sendHttp(target(), { method: 'GET', path: '/', headers: {} }, 5000, never);
    expect(server.received[0]).to.include({ method: 'GET', body: '' });
    expect(server.received[0]?.headers).to.not.have.property('content-length');
  });

  it('goes through the agent it is given', async () => {
    const agent = new https.Agent({ ca: server.ca, keepAlive: true });
    const outcome = await sendHttp(target({ tls: {}, getAgent: async () => agent }), POST, 5000, never);
    expect(outcome.kind).to.equal('response');
    expect(Object.keys(agent.freeSockets)).to.have.length(1);
    agent.destroy();
  });

  it('takes any stream that an agent hands out', async () => {
    const agent = new http.Agent();
    agent.createConnection = () => Duplex.from(net.connect(server.port, 'localhost'));
    const outcome = await sendHttp(target({ protocol: 'http:', getAgent: async () => agent }), POST, 5000, never);
    expect(outcome.kind).to.equal('failed');
  });

  it('survives an agent that fails with something that cannot be looked at', async () => {
    const failure = new Proxy(new Error('no'), {
      get: () => {
        throw new Error('hands off');
      },
    });
    const outcome = await sendHttp(target({ getAgent: () => Promise.reject(failure) }), POST, 5000, never);
    expect(outcome).to.deep.equal({ kind: 'failed', name: 'unknown', code: undefined });
  });

  it('does not follow a redirect', async () => {
    answer = (response) => response.writeHead(307, { Location: '/other' }).end();
    expect(await sendHttp(target(), POST, 5000, never)).to.include({ kind: 'response', status: 307 });
    expect(server.received).to.have.length(1);
  });

  it('does not trust an unknown certificate, unless told not to look', async () => {
    const untrusting = await sendHttp(target({ tls: {} }), POST, 5000, never);
    expect(untrusting).to.deep.equal({ kind: 'failed', name: 'Error', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const careless = await sendHttp(target({ tls: { rejectUnauthorized: false } }), POST, 5000, never);
    expect(careless.kind).to.equal('response');
  });

  it('presents the client certificate', async () => {
    const outcome = await sendHttp(
      target({ tls: { ca: server.ca, cert: 'no PEM', key: 'no PEM' } }),
      POST,
      5000,
      never,
    );
    expect(outcome.kind).to.equal('invalid');
  });

  it('speaks plain http where that is asked for, also with an IPv6 host in brackets', async () => {
    const plain = http.createServer((_, response) => response.end('plain'));
    await once(plain.listen(0, '::1'), 'listening');
    const { port } = plain.address() as AddressInfo;
    const outcome = await sendHttp(target({ protocol: 'http:', hostname: '[::1]', port }), POST, 5000, never);
    expect(outcome).to.include({ kind: 'response', status: 200, body: 'plain' });
    plain.close();
    plain.closeAllConnections();
  });

  it('goes through the proxy of the driver, with the TLS settings of the connection', async () => {
    const tunnels: (string | undefined)[] = [];
    const proxy = http.createServer().on('connect', (request, socket) => {
      tunnels.push(request.url);
      const upstream = net.connect(server.port, 'localhost', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on('error', () => undefined);
    });
    await once(proxy.listen(0), 'listening');
    const { port } = proxy.address() as AddressInfo;
    const options = {
      host: 'localhost',
      port: server.port,
      https: true,
      proxy: { protocol: 'http', host: 'localhost', port },
    };
    const connection = new HttpConnection(options as never, new ClientContextStub() as never);
    const viaProxy = target({ getAgent: () => connection.getAgent() });
    expect(await sendHttp(viaProxy, POST, 5000, never)).to.include({ kind: 'response', status: 200 });
    expect(tunnels).to.deep.equal([`localhost:${server.port}`]);
    const untrusting = { ...viaProxy, tls: {} };
    expect(await sendHttp(untrusting, POST, 5000, never)).to.include({ kind: 'failed' });
    (await connection.getAgent())?.destroy();
    proxy.close();
    proxy.closeAllConnections();
  });

  it('reports a refused connection by name and code', async () => {
    const gone = net.createServer();
    await once(gone.listen(0), 'listening');
    const { port } = gone.address() as AddressInfo;
    await once(gone.close(), 'close');
    const outcome = await sendHttp(target({ port }), POST, 5000, never);
    expect(outcome).to.include({ kind: 'failed', code: 'ECONNREFUSED' });
  });

  it('reports a reset connection', async () => {
    answer = (response) => response.socket?.destroy();
    expect(await sendHttp(target(), POST, 5000, never)).to.deep.equal({
      kind: 'failed',
      name: 'Error',
      code: 'ECONNRESET',
    });
  });

  it('reports an agent that cannot be had', async () => {
    const coded = target({ getAgent: () => Promise.reject(Object.assign(new TypeError('no'), { code: 'EX' })) });
    expect(await sendHttp(coded, POST, 5000, never)).to.deep.equal({ kind: 'failed', name: 'TypeError', code: 'EX' });
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything can be thrown
    const odd = target({ getAgent: () => Promise.reject('no') });
    expect(await sendHttp(odd, POST, 5000, never)).to.deep.equal({ kind: 'failed', name: 'string', code: undefined });
  });

  it('reports a request that cannot be made', async () => {
    const outcome = await sendHttp(target(), { ...POST, headers: { 'x-a': 'line\nbreak' } }, 5000, never);
    expect(outcome).to.deep.equal({ kind: 'invalid', name: 'TypeError', code: 'ERR_INVALID_CHAR' });
  });

  it('gives up after its time and destroys the connection', async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (response) => response.on('close', resolve);
    });
    const startMs = performance.now();
    expect(await sendHttp(target(), POST, 100, never)).to.deep.equal({ kind: 'timeout' });
    expect(performance.now() - startMs).to.be.within(90, 10_000);
    await closed;
  }).retries(2); // It measures time.

  it('counts the wait for the agent into its time and makes no request afterwards', async () => {
    let give: (agent: undefined) => void = () => undefined;
    const slow = target({ getAgent: () => new Promise((resolve) => (give = resolve)) });
    expect(await sendHttp(slow, POST, 20, never)).to.deep.equal({ kind: 'timeout' });
    give(undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.received).to.have.length(0);
  });

  it('stops when its signal aborts, and does not start when that has happened', async () => {
    const abort = new AbortController();
    const closed = new Promise<void>((resolve) => {
      answer = (response) => {
        response.on('close', resolve);
        abort.abort();
      };
    });
    expect(await sendHttp(target(), POST, 5000, abort.signal)).to.deep.equal({ kind: 'aborted' });
    await closed;
    expect(await sendHttp(target(), POST, 5000, abort.signal)).to.deep.equal({ kind: 'aborted' });
    expect(server.received).to.have.length(1);
  });

  describe('an answer whose body does not come to its end', () => {
    const statusOnly = { kind: 'response', status: 200, retryAfter: undefined, body: undefined };

    it('counts by its status when the connection breaks', async () => {
      answer = (response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('half');
        setTimeout(() => response.socket?.destroy(), 20);
      };
      expect(await sendHttp(target(), POST, 5000, never)).to.deep.equal(statusOnly);
    });

    it('counts by its status when the time is over', async () => {
      answer = (response) => void response.writeHead(200).write('half');
      expect(await sendHttp(target(), POST, 1000, never)).to.deep.equal(statusOnly);
    });

    it('counts by its status when it is too large, and is not read further', async () => {
      const closed = new Promise<void>((resolve) => {
        answer = (response) => {
          response.on('close', resolve);
          response.write('x'.repeat(MAX_RESPONSE_BYTES));
          setTimeout(() => response.write('x'), 50);
        };
      });
      expect(await sendHttp(target(), POST, 5000, never)).to.deep.equal(statusOnly);
      await closed;
    });
  });

  it('reads a body of the largest size', async () => {
    answer = (response) => response.end('x'.repeat(MAX_RESPONSE_BYTES));
    const outcome = await sendHttp(target(), POST, 5000, never);
    expect(outcome.kind === 'response' && outcome.body?.length).to.equal(MAX_RESPONSE_BYTES);
  });
});
