import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Takes every statement and answers none that asks for statements, and none at all while it is mute. */
export class SilentClickHouse {
  /** Ids of the questions that wait, and of those whose client has gone. */
  readonly waiting = new Set<string>();
  readonly left = new Set<string>();
  readonly killed = new Set<string>();
  isMute = false;
  private readonly server: Server = createServer((request, response) => {
    void text(request).then((sql) => {
      const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('query_id') ?? '';
      const kill = /^KILL QUERY WHERE query_id = '([^']+)' ASYNC$/.exec(sql)?.[1];
      if (kill !== undefined) this.killed.add(kill);
      if (this.isMute) return undefined;
      if (!sql.includes('all_statements')) return response.end(sql.includes('AS version') ? '{"version":2}\n' : '');
      this.waiting.add(id);
      return response.once('close', () => this.left.add(id));
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
