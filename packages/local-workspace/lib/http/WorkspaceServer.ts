import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/**
 * Longer than a client on a busy machine takes over what it has read: one that sends on a connection which was closed
 * meanwhile is reset.
 */
const KEEP_ALIVE_MS = 600_000;

export interface ServerSettings {
  host: string;
  port: number;
  tls: ServerOptions;
}

/** The listening socket and its connections. */
export class WorkspaceServer {
  /** Raw TCP sockets: only they can be reset, a TLS socket cannot. */
  private readonly sockets = new Set<Socket>();
  private server: Server;
  private boundPort = 0;

  constructor(
    private readonly settings: ServerSettings,
    private readonly handle: (message: IncomingMessage, response: ServerResponse) => void,
  ) {
    this.server = this.build();
  }

  get port(): number {
    return this.boundPort;
  }

  private build(): Server {
    const server = createServer({ ...this.settings.tls, keepAliveTimeout: KEEP_ALIVE_MS }, this.handle);
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      else socket.destroy();
    });
    return server;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.boundPort || this.settings.port, this.settings.host, () => {
        this.server.off('error', reject);
        this.server.on('error', () => undefined);
        resolve();
      });
    });
    this.boundPort = (this.server.address() as AddressInfo).port;
  }

  destroyConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Resets (RST) the TCP connection under a TLS socket. */
  reset(secure: Socket | null): void {
    for (const socket of this.sockets) {
      if (socket.remotePort === secure?.remotePort && socket.remoteAddress === secure?.remoteAddress) {
        socket.resetAndDestroy();
        return;
      }
    }
    secure?.destroy();
  }

  /** Stops listening and destroys every connection. Idempotent. */
  async stop(): Promise<void> {
    this.destroyConnections();
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.destroyConnections();
    });
  }

  /** Listens again on the same port after `stop()`. */
  async restart(): Promise<void> {
    if (this.server.listening) return;
    this.server = this.build();
    await this.listen();
  }
}
