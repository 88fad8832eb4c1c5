import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { sendHttp, type HttpOutcome } from '../../../../lib/telemetry/http/transport';
import { systemClock } from '../../../../lib/util/clock';
import { bomb, head, HOSTILE_ANSWERS, OK, type HostileAnswer } from '../../.stubs/hostileAnswers';

const REQUEST = { method: 'POST', path: '/', headers: { authorization: 'Bearer secret' }, body: '{}' } as const;
const AMPLE_MS = 10_000;

describe('sendHttp, answered with', () => {
  const servers: net.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Asks a server on a plain socket; tells how many connections it had, and which were left open. */
  async function asked(write: HostileAnswer['write'], timeoutMs = AMPLE_MS): Promise<[HttpOutcome, Set<Socket>]> {
    const sockets = new Set<Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      socket.once('data', () => write(socket));
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const target = { hostname: '127.0.0.1', port, tls: {}, getAgent: async () => undefined };
    const never = new AbortController().signal;
    const outcome = await sendHttp({ protocol: 'http:', ...target }, REQUEST, timeoutMs, never, systemClock);
    return [outcome, sockets];
  }

  for (const { title, write, comesTo, timeoutMs } of HOSTILE_ANSWERS) {
    it(`${title}, comes to an end and holds no connection`, async () => {
      const [outcome, sockets] = await asked(write, timeoutMs);
      expect(outcome).to.include(comesTo);
      for (const socket of sockets) socket.end();
      const endMs = performance.now() + AMPLE_MS;
      while (sockets.size > 0 && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(sockets.size).to.equal(0);
    });
  }

  it('a bomb of gzip that nobody asked for, leaves it as it is', async () => {
    const packed = bomb();
    const [outcome] = await asked((socket) => {
      socket.write(head(OK, 'Content-Encoding: gzip', `Content-Length: ${packed.length}`));
      socket.write(packed);
    });
    expect(outcome).to.include({ kind: 'response', status: 200 });
    expect(outcome.kind === 'response' && (outcome.body?.length ?? 0) <= packed.length).to.equal(true);
  });

  for (const status of [300, 301, 302, 303, 307, 308]) {
    it(`${status} to another server, asks that one nothing`, async () => {
      const strangers: string[] = [];
      const stranger = net.createServer((socket) => {
        socket.on('error', () => undefined).on('data', (bytes: Buffer) => strangers.push(bytes.toString()));
      });
      servers.push(stranger);
      await once(stranger.listen(0, '127.0.0.1'), 'listening');
      const location = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/telemetry-ext`;
      const [outcome] = await asked((socket) =>
        socket.end(head(`HTTP/1.1 ${status} Moved`, `Location: ${location}`, 'Content-Length: 0')),
      );
      expect(outcome).to.include({ kind: 'response', status });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(strangers).to.deep.equal([]);
    });
  }
});
