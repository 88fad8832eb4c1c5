import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Settings } from '../options';
import { endingOf } from './ending';
import { refuseMalformed } from './refuse';
import { setSecurityHeaders } from './reply';
import { identityOf, renewIdentity } from './tls';

const MAX_HEADER_BYTES = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;

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
    this.server.on('clientError', refuseMalformed);
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
