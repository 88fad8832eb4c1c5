import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ProxyOptions {
  /** Default 0: an ephemeral port. */
  port?: number;
  /** Bind address, default '127.0.0.1'. */
  host?: string;
  /** Require these credentials. */
  auth?: { username: string; password: string };
  /**
   * Where a requested `host:port` really leads; undefined forwards to the requested address. With a workspace's
   * address for every name, clients reach it under any host name.
   */
  resolve?: (host: string, port: number) => { host: string; port: number } | undefined;
}

export interface ProxiedTunnel {
  readonly target: string;
  readonly at: number;
  readonly authorized: boolean;
}

/** A running HTTP CONNECT proxy. */
export interface ConnectProxy {
  readonly host: string;
  readonly port: number;
  /** Every CONNECT request. */
  readonly tunnels: readonly ProxiedTunnel[];
  close(): Promise<void>;
}

/** Starts a proxy that tunnels TLS. Other methods than CONNECT are answered with 405. */
export async function startConnectProxy(options: ProxyOptions = {}): Promise<ConnectProxy> {
  const tunnels: ProxiedTunnel[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const expected =
    options.auth && `Basic ${Buffer.from(`${options.auth.username}:${options.auth.password}`).toString('base64')}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', keep);
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const target = request.url ?? '';
    const authorized = expected === undefined || request.headers['proxy-authorization'] === expected;
    tunnels.push({ target, at: Date.now(), authorized });
    if (!authorized) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n');
      return;
    }
    const match = /^\[?([^\]]+?)\]?:(\d+)$/.exec(target);
    if (!match) {
      client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      return;
    }
    const requested = { host: match[1] as string, port: Number(match[2]) };
    const upstream = connect(options.resolve?.(requested.host, requested.port) ?? requested, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    keep(upstream);
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => resolve());
  });
  return {
    host: options.host ?? '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    tunnels,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
