import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { sendHttp, type HttpTarget } from '../../../../lib/telemetry/http/transport';
import { systemClock } from '../../../../lib/util/clock';

const never = new AbortController().signal;
const POST = { method: 'POST', path: '/', headers: {}, body: '{}' } as const;

function plainTo(port: number, agent: http.Agent): HttpTarget {
  return { protocol: 'http:', hostname: 'localhost', port, tls: {}, getAgent: async () => agent };
}

describe('sendHttp on a kept-alive connection', () => {
  /** Answers the first request of a connection and resets it on the second; `connections` resets more than one. */
  async function flaky(resets: number): Promise<{ port: number; requests: () => number; close: () => void }> {
    let requests = 0;
    const raw = net.createServer((socket) => {
      let first = true;
      socket
        .on('error', () => undefined)
        .on('data', () => {
          requests += 1;
          if (!first && requests <= 1 + resets) return socket.resetAndDestroy();
          first = false;
          return socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        });
    });
    await once(raw.listen(0), 'listening');
    return { port: (raw.address() as AddressInfo).port, requests: () => requests, close: () => raw.close() };
  }

  it('tries once more on a fresh one when the server has just closed it', async () => {
    const agent = new http.Agent({ keepAlive: true });
    const raw = await flaky(1);
    const plain = plainTo(raw.port, agent);
    const request = { method: 'GET', path: '/', headers: {} } as const;
    expect(await sendHttp(plain, request, 5000, never, systemClock)).to.include({ body: 'ok' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await sendHttp(plain, request, 5000, never, systemClock)).to.include({ body: 'ok' });
    expect(raw.requests()).to.equal(3);
    agent.destroy();
    raw.close();
  });

  it('gives up when the next one is reset, too', async () => {
    const agent = new http.Agent({ keepAlive: true });
    const raw = await flaky(3);
    const plain = plainTo(raw.port, agent);
    const request = { method: 'GET', path: '/', headers: {} } as const;
    await Promise.all([1, 2].map(() => sendHttp(plain, request, 5000, never, systemClock)));
    await new Promise((resolve) => setImmediate(resolve));
    const outcome = await sendHttp(plain, request, 5000, never, systemClock);
    expect(outcome).to.deep.equal({ kind: 'failed', name: 'Error', code: 'ECONNRESET' });
    expect(raw.requests()).to.equal(4);
    agent.destroy();
    raw.close();
  });

  it('leaves it able to keep the process alive for whoever gets it next', async () => {
    const plain = http.createServer((_, response) => response.end('ok'));
    await once(plain.listen(0), 'listening');
    const { port } = plain.address() as AddressInfo;
    const agent = new http.Agent({ keepAlive: true });
    await sendHttp(plainTo(port, agent), POST, 5000, never, systemClock);
    await new Promise((resolve) => setImmediate(resolve));
    const next = http.request({ agent, host: 'localhost', port }).end();
    const [socket] = (await once(next, 'socket')) as [{ _handle: { hasRef(): boolean } }];
    expect(next.reusedSocket).to.equal(true);
    expect(socket._handle.hasRef()).to.equal(true);
    await once(next, 'response');
    agent.destroy();
    plain.close();
  });
});
