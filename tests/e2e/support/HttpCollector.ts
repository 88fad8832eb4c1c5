import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onFreshPort } from './freshPort';

export interface CollectedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. */
  readonly body: string;
  /** Size of the body as it came. */
  readonly bytes: number;
}

/** An HTTP server that keeps what it is sent and takes everything, but for compressed bodies when it is told so. */
export class HttpCollector {
  /** The status for a compressed body; such a request counts as refused. */
  gzipStatus = 200;
  readonly refused: CollectedRequest[] = [];
  readonly requests: CollectedRequest[] = [];
  /** Requests for a configuration, and what they are answered; undefined: it knows of none. */
  readonly questions: CollectedRequest[] = [];
  configuration: object | undefined;
  /** A status in place of any other answer: for the configuration, and for logs. */
  questionStatus: number | undefined;
  logStatus: number | undefined;
  /** Text that it answers everything with, as if all were well: what stands between it and the sender. */
  page: string | undefined;
  /** The only bearer token that it accepts; undefined: it asks for none. */
  token: string | undefined;
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      const raw = Buffer.concat(chunks);
      const isCompressed = headers['content-encoding'] === 'gzip';
      const body = (isCompressed ? gunzipSync(raw) : raw).toString('utf8');
      const isQuestion = url.startsWith('/api/2.0/connector-service/');
      if (isQuestion) this.questions.push({ url, headers, body, bytes: raw.length });
      const isStranger = this.token !== undefined && headers.authorization !== `Bearer ${this.token}`;
      const status = isStranger ? 401 : isQuestion ? this.questionStatus : this.logStatus;
      if (this.page !== undefined) return void response.writeHead(200, { 'content-type': 'text/html' }).end(this.page);
      if (status !== undefined) return void response.writeHead(status).end();
      if (isQuestion) {
        const { configuration } = this;
        response.writeHead(configuration === undefined ? 404 : 200).end(JSON.stringify({ configuration }));
        return undefined;
      }
      const isRefused = isCompressed && this.gzipStatus !== 200;
      (isRefused ? this.refused : this.requests).push({ url, headers, body, bytes: raw.length });
      response.writeHead(isRefused ? this.gzipStatus : 200).end('{}');
      return undefined;
    });
  });

  static start(): Promise<HttpCollector> {
    return onFreshPort(() => HttpCollector.open());
  }

  private static async open(): Promise<HttpCollector> {
    const collector = new HttpCollector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/logs?from=test`;
  }

  /** Its address without a path. */
  get base(): string {
    return new URL(this.url).origin;
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
