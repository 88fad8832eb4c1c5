import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

const LOOK_EVERY_MS = 50;

/**
 * To be called before `server` listens. What it returns ends the server: no connection is taken any more, one without a
 * request is closed, also when its last has ended meanwhile, and what is left after `graceMs` is cut off.
 */
export function endingOf(server: Server): (graceMs: number) => Promise<void> {
  const sockets = new Set<Socket>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const closeIdle = (): void => {
    server.closeIdleConnections();
    // One that has said nothing yet is not idle to Node.js.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  return async (graceMs) => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // Not at once: a request may be on its way on a connection that has just been opened.
    const idle = setInterval(closeIdle, LOOK_EVERY_MS);
    const rest = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(rest);
  };
}
