import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

const [VERSION, NO_AUTH, CONNECT, BY_NAME, OK] = [5, 0, 1, 3, 0];

/** A SOCKS5 proxy that knows one way: whatever name it is asked for leads to one port of this machine. */
export class SocksProxy {
  /** Names and ports that it was asked for. */
  readonly asked: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server = net.createServer((socket) => {
    this.keep(socket);
    socket.once('data', () => {
      socket.write(Buffer.from([VERSION, NO_AUTH]));
      socket.once('data', (request: Buffer) => this.open(socket, request));
    });
  });

  private constructor(private readonly port: number) {}

  static async start(port: number): Promise<SocksProxy> {
    const proxy = new SocksProxy(port);
    await once(proxy.server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get settings(): { readonly protocol: 'socks5h'; readonly host: string; readonly port: number } {
    return { protocol: 'socks5h', host: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
  }

  /** `request`: version, command, 0, kind of address, length of the name, name, port. */
  private open(socket: Socket, request: Buffer): void {
    if (request[1] !== CONNECT || request[3] !== BY_NAME) return void socket.destroy();
    const end = 5 + (request[4] ?? 0);
    this.asked.push(`${request.toString('latin1', 5, end)}:${request.readUInt16BE(end)}`);
    const way = net.connect(this.port, '127.0.0.1', () => {
      socket.write(Buffer.from([VERSION, OK, 0, 1, 0, 0, 0, 0, 0, 0]));
      socket.pipe(way).pipe(socket);
    });
    this.keep(way);
    return undefined;
  }
}
