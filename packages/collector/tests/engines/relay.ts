import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A port that stands for another one, and can be as dead as if nothing listened there, or take everything and say nothing. */
export class Relay {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private isMute = false;
  port = 0;

  constructor(private readonly target: number) {}

  async open(): Promise<void> {
    this.server = createServer((socket) => {
      this.keep(socket);
      if (this.isMute) return;
      const onwards = connect(this.target, '127.0.0.1');
      this.keep(onwards);
      socket.pipe(onwards).pipe(socket);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Refuses connections from now on; open ones are reset. */
  cut(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Nothing that is said from now on arrives, on no connection; and none of it is refused. */
  mute(): void {
    this.isMute = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** New connections are heard again. */
  speak(): void {
    this.isMute = false;
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }
}
