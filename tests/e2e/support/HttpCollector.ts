import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that keeps what it is sent and takes everything. */
export class HttpCollector {
  readonly requests: CollectedRequest[] = [];
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      this.requests.push({ url, headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end('{}');
    });
  });

  static async start(): Promise<HttpCollector> {
    const collector = new HttpCollector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/logs?from=test`;
  }

  get logs(): string[] {
    return this.requests.flatMap(({ body }) => (JSON.parse(body) as { protoLogs: string[] }).protoLogs);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
