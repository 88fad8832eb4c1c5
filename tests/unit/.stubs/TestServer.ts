import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { generate } from 'selfsigned';

/** `body` is decompressed, `bytes` is its size as it came. */
export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string; bytes: number };
export type Answer = (response: ServerResponse, request: Received) => void;
export type TestServer = { received: Received[]; port: number; ca: string; stop(): Promise<void> };

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();

const altNames = [{ type: 2 as const, value: 'localhost' }];
const subject = [{ name: 'commonName', value: 'localhost' }];
let certificate: ReturnType<typeof generate> | undefined;

/** An HTTPS server on a free port of localhost that keeps what it gets and answers as it is told. */
export async function startTestServer(answer: Answer): Promise<TestServer> {
  // Not before the first server starts: a fake clock may be running while the tests are loaded.
  certificate ??= generate(subject, { extensions: [{ name: 'subjectAltName', altNames }] });
  const { cert, private: key } = await certificate;
  const received: Received[] = [];
  const server = https.createServer({ cert, key }, (request, response) => {
    const { method = '', url: path = '', headers } = request;
    void buffer(request).then((raw) => {
      const body = (headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
      const arrived = { method, path, headers, body, bytes: raw.length };
      received.push(arrived);
      answer(response, arrived);
    });
  });
  await once(server.listen(0), 'listening');
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  return { received, port: (server.address() as AddressInfo).port, ca: cert, stop };
}
