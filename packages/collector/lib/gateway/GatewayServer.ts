import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { endingOf } from '../http/ending';
import { refuse, refuseMalformed } from '../http/refuse';
import { sendError } from '../http/reply';
import { identityOf, renewIdentity } from '../http/tls';
import type { GatewaySettings } from './options';
import { MAX_HEADER_BYTES } from './Origin';
import { refusalOf } from './refusals';

const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
/** Later than the workspace's side, which can say what happened. */
const IDLE_SLACK_MS = 5_000;
/** Requests of one connection at a time; drivers send one. */
const MAX_PIPELINED = 16;

type Settings = Pick<
  GatewaySettings,
  'host' | 'port' | 'tls' | 'maxConnections' | 'requestTimeoutMs' | 'idleTimeoutMs' | 'log'
>;

/** The gateway's own side. Requests only: tunnels, other protocols, what is not HTTP, and what `refusalOf` names are refused. */
export class GatewayServer {
  /** Stops listening, lets requests end for `graceMs`, then cuts off the rest. */
  readonly close: (graceMs: number) => Promise<void>;
  private readonly server: Server;
  private readonly atATime = new WeakMap<object, number>();
  /** Connections with a refused request: what follows on them is not read as a request. */
  private readonly over = new WeakSet<object>();
  private refusedCount = 0;

  constructor(
    private readonly settings: Settings,
    private readonly handle: (message: IncomingMessage, response: ServerResponse) => void,
  ) {
    const { tls, requestTimeoutMs, maxConnections, idleTimeoutMs, log } = settings;
    const options = {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      handshakeTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
    };
    this.server = tls === undefined ? createHttp(options) : createHttps({ ...options, ...identityOf(tls) });
    this.close = endingOf(this.server);
    renewIdentity(this.server, tls, log);
    this.server.maxConnections = maxConnections;
    this.server.timeout = idleTimeoutMs + IDLE_SLACK_MS;
    // Headers beyond a number would be left out silently, those that frame the body among them.
    this.server.maxHeadersCount = 0;
    for (const event of ['request', 'checkContinue'] as const) {
      this.server.on(event, (message: IncomingMessage, response: ServerResponse) => this.accept(message, response));
    }
    this.server.on('connect', (_message: IncomingMessage, socket: Duplex) =>
      refuse(socket, '405 Method Not Allowed', 'no_tunnel', 'The gateway is no proxy.'),
    );
    this.server.on('upgrade', (_message: IncomingMessage, socket: Duplex) =>
      refuse(socket, '501 Not Implemented', 'no_upgrade', 'The gateway speaks HTTP/1.1 only.'),
    );
    this.server.on('clientError', refuseMalformed);
  }

  /** Requests that were refused before anybody looked at what they ask. */
  get refused(): number {
    return this.refusedCount;
  }

  /** The port it listens on. */
  async listen(): Promise<number> {
    const { host, port } = this.settings;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  private accept(message: IncomingMessage, response: ServerResponse): void {
    const { socket } = message;
    if (this.over.has(socket)) return;
    const refusal = refusalOf(message);
    if (refusal !== undefined) {
      this.over.add(socket);
      this.refusedCount += 1;
      sendError(response, refusal.status, refusal.code, refusal.message, refusal.headers);
      message.resume();
      return;
    }
    const open = (this.atATime.get(socket) ?? 0) + 1;
    if (open > MAX_PIPELINED) {
      socket.destroy();
      return;
    }
    this.atATime.set(socket, open);
    response.once('close', () => this.atATime.set(socket, (this.atATime.get(socket) ?? 1) - 1));
    this.handle(message, response);
  }
}
