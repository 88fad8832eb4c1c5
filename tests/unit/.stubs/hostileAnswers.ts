import { gzipSync } from 'node:zlib';
import type { Socket } from 'node:net';
import { MAX_RESPONSE_BYTES } from '../../../lib/telemetry/http/transport';

/** For answers that never end: a status counts, or the time is over. */
const SHORT_MS = 300;

export const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
export const OK = 'HTTP/1.1 200 OK';
const statusOnly = (status: number): object => ({ kind: 'response', status, body: undefined });

/** What a server writes as its answer, and what that is to come to. */
export interface HostileAnswer {
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
export const bomb = (): Buffer => gzipSync(Buffer.alloc(64 * 1024 * 1024));

export const HOSTILE_ANSWERS: readonly HostileAnswer[] = [
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
    title: '2,000 early hints before the answer',
    write: (socket) =>
      socket.write(head('HTTP/1.1 103 Early Hints').repeat(2000) + head(OK, 'Content-Length: 2') + 'ok'),
    comesTo: { kind: 'response', status: 200, body: 'ok' },
  },
  {
    title: 'early hints without end',
    write: (socket) => {
      const timer = setInterval(() => socket.write(head('HTTP/1.1 103 Early Hints').repeat(20)), 5);
      socket.on('close', () => clearInterval(timer));
    },
    comesTo: { kind: 'timeout' },
    timeoutMs: SHORT_MS,
  },
  {
    title: 'chunks and trailers',
    write: (socket) =>
      socket.write(`${head(OK, 'Transfer-Encoding: chunked', 'Trailer: x-a')}2\r\nok\r\n0\r\n${head('x-a: b')}`),
    comesTo: { kind: 'response', status: 200, body: 'ok' },
  },
  {
    title: 'chunks that break off',
    write: (socket) => socket.end(`${head(OK, 'Transfer-Encoding: chunked')}5\r\nhel`),
    comesTo: statusOnly(200),
  },
  {
    title: 'a body that is shorter than it says',
    write: (socket) => socket.end(`${head(OK, 'Content-Length: 10')}ok`),
    comesTo: statusOnly(200),
  },
  {
    title: 'a body that is longer than it says',
    write: (socket) => socket.write(`${head(OK, 'Content-Length: 2')}ok and more`),
    comesTo: { kind: 'response', status: 200 },
  },
  {
    title: 'no content, and some',
    write: (socket) => socket.write(`${head('HTTP/1.1 204 No Content')}and more`),
    comesTo: { kind: 'response', status: 204 },
  },
  {
    title: 'a body that is not compressed as it says',
    write: (socket) => socket.write(`${head(OK, 'Content-Encoding: br', 'Content-Length: 2')}{}`),
    comesTo: { kind: 'response', status: 200, body: '{}' },
  },
  {
    title: 'a body without length, and an end',
    write: (socket) => socket.end(`${head('HTTP/1.0 200 OK')}ok`),
    comesTo: { kind: 'response', status: 200, body: 'ok' },
  },
  {
    title: 'a status that does not exist',
    write: (socket) => socket.write(head('HTTP/1.1 999 Odd', 'Content-Length: 0')),
    comesTo: { kind: 'response', status: 999, body: '' },
  },
  {
    title: 'a reset after the head',
    write: (socket) => {
      socket.write(head(OK, 'Content-Length: 10'));
      // Not before it has been read: a reset may take with it what is on its way.
      setTimeout(() => socket.resetAndDestroy(), 200);
    },
    comesTo: statusOnly(200),
  },
  {
    title: 'a version of HTTP that was not asked for',
    write: (socket) => socket.write(head('HTTP/2.0 200 OK', 'Content-Length: 0')),
    comesTo: { kind: 'response', status: 200, body: '' },
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
