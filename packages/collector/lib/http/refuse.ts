import type { Duplex } from 'node:stream';

/** Answers on a connection where there is no response to answer with, and ends it. `status`: `400 Bad Request`. */
export function refuse(socket: Duplex, status: string, code: string, message: string): void {
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: { code, message } });
  const type = 'content-type: application/json; charset=utf-8';
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\n${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** What is answered to a client whose request cannot be read; undefined when it did not come to a request. */
function malformed(code = ''): readonly [status: string, code: string] | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return ['431 Request Header Fields Too Large', 'headers_too_large'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['408 Request Timeout', 'request_timeout'];
  return code.startsWith('HPE_') ? ['400 Bad Request', 'malformed_request'] : undefined;
}

/** For `clientError` of a server. */
export function refuseMalformed({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  const told = malformed(code);
  // Before a handshake of TLS has ended nothing can be told: such a socket would wait to be able to.
  if (told === undefined) socket.destroy();
  else refuse(socket, ...told, 'The request is not understood.');
}
