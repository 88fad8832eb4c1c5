import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PrefixProxy {
  /** With the prefix, without a slash at its end. */
  readonly address: string;
  /** What was asked of it, path and all. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A reverse proxy that serves `target` under a path, as many companies do: `/tools/telemetry/…`. */
export async function prefixProxy(target: string, prefix = '/tools/telemetry'): Promise<PrefixProxy> {
  const asked: string[] = [];
  const server = createServer((message, response) => {
    const url = message.url ?? '/';
    asked.push(url);
    if (!url.startsWith(`${prefix}/`)) {
      response.writeHead(404).end();
      return;
    }
    const { host } = new URL(target);
    const headers = { ...message.headers, host, ...(message.headers.origin === undefined ? {} : { origin: target }) };
    const forwarded = request(
      target + url.slice(prefix.length),
      { method: message.method ?? 'GET', headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    message.pipe(forwarded);
    response.on('close', () => forwarded.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
