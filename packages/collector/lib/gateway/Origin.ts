import { Agent as HttpAgent, request as requestHttp, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { bare, portOf, serverNameOf } from './options';

/** Shorter than what servers and load balancers allow: a connection that is reused should still be there. */
const IDLE_CONNECTION_MS = 15_000;
const MAX_IDLE_CONNECTIONS = 256;
export const MAX_HEADER_BYTES = 65_536;

export interface OriginOptions {
  readonly ca: string | undefined;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** Without Host. */
  readonly headers: readonly string[];
}

/** The time for something ran out; `code` is ETIMEDOUT. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ETIMEDOUT';
}

/** The one server that requests can go to, whatever they say, with the connections to it. */
export class Origin {
  private readonly agent: HttpAgent;
  private readonly secure: boolean;

  constructor(
    private readonly url: URL,
    private readonly options: OriginOptions,
  ) {
    this.secure = url.protocol === 'https:';
    const agent = {
      keepAlive: true,
      maxFreeSockets: MAX_IDLE_CONNECTIONS,
      timeout: IDLE_CONNECTION_MS,
      scheduling: 'lifo' as const,
    };
    this.agent = this.secure ? new HttpsAgent(agent) : new HttpAgent(agent);
  }

  /** The request ends with an error (`code`) when it cannot connect in time, or nothing moves for too long. */
  request({ method, path, headers }: RequestHead): ClientRequest {
    const { connectTimeoutMs, idleTimeoutMs, ca } = this.options;
    const common = {
      host: bare(this.url),
      port: portOf(this.url),
      agent: this.agent,
      method,
      path,
      headers: ['Host', this.url.host, ...headers],
      timeout: idleTimeoutMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    };
    const request = this.secure
      ? requestHttps({
          ...common,
          servername: serverNameOf(this.url),
          rejectUnauthorized: true,
          ...(ca === undefined ? {} : { ca }),
        })
      : requestHttp(common);
    request.maxHeadersCount = 0;
    request.once('timeout', () => request.destroy(new TimeoutError(`Nothing moved for ${idleTimeoutMs} ms.`)));
    // Another protocol was not asked for. Node.js takes the request for ended then, and says nothing more of it.
    request.once('upgrade', (_answer, socket) => {
      socket.destroy();
      request.emit('error', new Error('The answer is of another protocol.'));
    });
    request.once('socket', (socket) => this.limitConnecting(request, socket, connectTimeoutMs));
    return request;
  }

  close(): void {
    this.agent.destroy();
  }

  private limitConnecting(request: ClientRequest, socket: Socket, timeoutMs: number): void {
    if (!socket.connecting) return;
    const timer = setTimeout(
      () => request.destroy(new TimeoutError(`No connection within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    const clear = (): void => clearTimeout(timer);
    socket.once(this.secure ? 'secureConnect' : 'connect', clear);
    socket.once('close', clear);
  }
}
