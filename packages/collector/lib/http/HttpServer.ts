import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Settings } from '../options';
import { setSecurityHeaders } from './reply';

const MAX_HEADER_BYTES = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The listening socket, with its limits: slow, huge and too many clients are cut off. */
export class HttpServer {
  private readonly server: Server;

  constructor(
    private readonly settings: Pick<Settings, 'host' | 'port' | 'tls' | 'maxConnections' | 'requestTimeoutMs'>,
    handle: (message: IncomingMessage, response: ServerResponse) => void,
  ) {
    const { tls, requestTimeoutMs, maxConnections } = settings;
    const options = {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
    };
    const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
      setSecurityHeaders(response);
      handle(message, response);
    };
    this.server = tls === undefined ? createHttp(options, onRequest) : createHttps({ ...options, ...tls }, onRequest);
    this.server.maxConnections = maxConnections;
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      else socket.destroy();
    });
  }

  get secure(): boolean {
    return this.settings.tls !== undefined;
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

  /** Stops listening, lets requests end for `graceMs`, then cuts off the rest. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }
}
