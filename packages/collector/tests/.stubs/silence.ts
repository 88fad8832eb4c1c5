import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A port where connections are taken and nothing is ever said. */
export class Silence {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });

  async open(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Somebody waits for an answer. */
  async called(): Promise<void> {
    if (this.sockets.size === 0) await once(this.server, 'connection');
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
