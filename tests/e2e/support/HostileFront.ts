import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { generate } from 'selfsigned';
import { onFreshPort } from './freshPort';

/** How long what was written raw may be read before its connection is closed. */
const READ_MS = 100;

/** What is answered in place of the workspace. */
export interface Hostility {
  /** Which requests: a part of their path. */
  readonly path: string;
  readonly write: (socket: Socket) => unknown;
}

/** Stands before a workspace: passes on what is asked of it, but for requests that it answers raw itself. */
export class HostileFront {
  /** Requests that it answered itself. */
  answered = 0;
  /** Connections on which it answered itself and that are still open: whoever uses one next finds it closed. */
  open = 0;

  private constructor(
    private readonly server: https.Server,
    /** PEM. */
    readonly ca: string,
  ) {}

  static start(workspace: LocalWorkspace, hostility: Hostility): Promise<HostileFront> {
    return onFreshPort(() => HostileFront.open(workspace, hostility));
  }

  private static async open(workspace: LocalWorkspace, { path, write }: Hostility): Promise<HostileFront> {
    const names = [{ type: 2 as const, value: 'localhost' }];
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256' },
      extensions: [{ name: 'subjectAltName', altNames: names }],
    });
    const server = https.createServer({ cert, key }, (request, response) => {
      const { method, url = '', headers } = request;
      if (!url.includes(path)) {
        const to = { host: workspace.host, port: workspace.port, ca: workspace.ca, method, path: url, headers };
        const onward = https.request(to, (answer) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.pipe(response);
        });
        request.pipe(onward.on('error', () => response.destroy()));
        return;
      }
      front.answered += 1;
      request.resume().on('end', () => {
        front.open += 1;
        request.socket.once('close', () => (front.open -= 1));
        write(request.socket);
        setTimeout(() => request.socket.destroy(), READ_MS);
      });
    });
    const front = new HostileFront(server, cert);
    server.on('tlsClientError', () => undefined);
    await once(server.listen(0, 'localhost'), 'listening');
    return front;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
