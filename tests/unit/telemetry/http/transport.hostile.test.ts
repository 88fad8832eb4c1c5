import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { MAX_RESPONSE_BYTES, sendHttp, type HttpOutcome } from '../../../../lib/telemetry/http/transport';
import { systemClock } from '../../../../lib/util/clock';

const REQUEST = { method: 'POST', path: '/', headers: { authorization: 'Bearer secret' }, body: '{}' } as const;
const AMPLE_MS = 10_000;
/** For answers that never end: a status counts, or the time is over. */
const SHORT_MS = 300;

const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const OK = 'HTTP/1.1 200 OK';
const statusOnly = (status: number): object => ({ kind: 'response', status, body: undefined });

/** What a server writes as its answer, and what that is to come to. */
interface Case {
  readonly title: string;
  readonly write: (socket: Socket) => unknown;
  readonly comesTo: object;
  readonly timeoutMs?: number;
}

function trickling(text: string): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => {
      if (at < text.length) socket.write(text.charAt(at++));
    }, 20);
    socket.on('close', () => clearInterval(timer));
  };
}

/** 64 MiB of zeros in 64 kB. */
const bomb = (): Buffer => gzipSync(Buffer.alloc(64 * 1024 * 1024));

const CASES: readonly Case[] = [
  {
    title: '100, 102 and 103 before the answer',
    write: (socket) =>
      socket.write(
        head('HTTP/1.1 100 Continue') +
          head('HTTP/1.1 102 Processing') +
          head('HTTP/1.1 103 Early Hints', 'Link: </style.css>') +
          head(OK, 'Content-Length: 2') +
          'ok',
      ),
    comesTo: { kind: 'response', status: 200, body: 'ok' },
  },
  {
    title: 'nothing but 100',
    write: (socket) => socket.write(head('HTTP/1.1 100 Continue')),
    comesTo: { kind: 'timeout' },
    timeoutMs: SHORT_MS,
  },
  {
    title: 'an upgrade that nobody asked for',
    write: (socket) =>
      socket.write(head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: upgrade')),
    comesTo: { kind: 'failed', code: 'ECONNRESET' },
  },
  {
    title: 'a body whose chunks are none',
    write: (socket) => socket.write(`${head(OK, 'Transfer-Encoding: chunked')}nonsense\r\n`),
    comesTo: statusOnly(200),
  },
  {
    title: 'two lengths',
    write: (socket) => socket.write(`${head(OK, 'Content-Length: 2', 'Content-Length: 3')}ok`),
    comesTo: { kind: 'failed', code: 'HPE_UNEXPECTED_CONTENT_LENGTH' },
  },
  {
    title: 'no HTTP',
    write: (socket) => socket.write('220 mail.test ESMTP\r\n'),
    comesTo: { kind: 'failed', code: 'HPE_INVALID_CONSTANT' },
  },
  {
    title: 'headers without end',
    write: (socket) => socket.write(`${OK}\r\n${'x-a: b\r\n'.repeat(20_000)}`),
    comesTo: { kind: 'failed', code: 'HPE_HEADER_OVERFLOW' },
  },
  {
    title: 'headers a byte at a time',
    write: trickling(head(OK, 'Content-Length: 2')),
    comesTo: { kind: 'timeout' },
    timeoutMs: SHORT_MS,
  },
  {
    title: 'a body a byte at a time',
    write: (socket) => {
      socket.write(head(OK, 'Content-Length: 1000'));
      trickling('x'.repeat(1000))(socket);
    },
    comesTo: statusOnly(200),
    timeoutMs: SHORT_MS,
  },
  {
    title: 'a body of a terabyte',
    write: (socket) => {
      socket.write(head(OK, `Content-Length: ${2 ** 40}`));
      for (let sent = 0; sent <= MAX_RESPONSE_BYTES; sent += 65_536) socket.write(Buffer.alloc(65_536));
    },
    comesTo: statusOnly(200),
  },
  {
    title: 'an end before its head is complete',
    write: (socket) => socket.end(`${OK}\r\nContent-`),
    comesTo: { kind: 'failed', code: 'ECONNRESET' },
  },
  {
    title: 'nothing, and an end',
    write: (socket) => socket.end(),
    comesTo: { kind: 'failed', code: 'ECONNRESET' },
  },
];

describe('sendHttp, answered with', () => {
  const servers: net.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Asks a server on a plain socket; tells how many connections it had, and which were left open. */
  async function asked(write: Case['write'], timeoutMs = AMPLE_MS): Promise<[HttpOutcome, Set<Socket>]> {
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

  for (const { title, write, comesTo, timeoutMs } of CASES) {
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
