import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Settings } from '../options';
import { endingOf } from './ending';
import { setSecurityHeaders } from './reply';
import { identityOf, renewIdentity } from './tls';

const MAX_HEADER_BYTES = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;

/** What is answered to a client whose request cannot be read; undefined when it did not come to a request. */
function statusLineOf(code = ''): string | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  return code.startsWith('HPE_') ? '400 Bad Request' : undefined;
}

/** The listening socket, with its limits: slow, huge and too many clients are cut off. */
export class HttpServer {
  /** Stops listening, lets requests end for `graceMs`, then cuts off the rest. */
  readonly close: (graceMs: number) => Promise<void>;
  private readonly server: Server;

  constructor(
    private readonly settings: Pick<Settings, 'host' | 'port' | 'tls' | 'maxConnections' | 'requestTimeoutMs' | 'log'>,
    handle: (message: IncomingMessage, response: ServerResponse) => void,
  ) {
    const { tls, requestTimeoutMs, maxConnections, log } = settings;
    const options = {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      handshakeTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
    };
    const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
      setSecurityHeaders(response);
      // Who reads no further is cut off; what is not ready yet may take its time.
      response.setTimeout(requestTimeoutMs, () => {
        if (response.writableLength > 0) response.destroy();
      });
      handle(message, response);
    };
    this.server =
      tls === undefined ? createHttp(options, onRequest) : createHttps({ ...options, ...identityOf(tls) }, onRequest);
    this.close = endingOf(this.server);
    renewIdentity(this.server, tls, log);
    this.server.maxConnections = maxConnections;
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const status = statusLineOf(error.code);
      // Before a handshake of TLS has ended nothing can be told: such a socket would wait to be able to.
      if (status === undefined || !socket.writable) socket.destroy();
      else socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    });
  }

  /** The port it listens on. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.settings.port, this.settings.host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.settings.port;
  }
}
