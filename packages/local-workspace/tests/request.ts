import { request as httpsRequest, Agent } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { LocalWorkspace } from '../lib';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json(): Record<string, unknown>;
}

export interface Call {
  method: string;
  path: string;
  body?: string | Buffer;
  token?: string | undefined;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

/** One HTTPS request on a connection of its own. Rejects when the connection fails or the answer is cut short. */
export function request(workspace: Pick<LocalWorkspace, 'host' | 'port' | 'ca'>, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      {
        host: workspace.host,
        port: workspace.port,
        ca: workspace.ca,
        method: call.method,
        path: call.path,
        agent: new Agent({ keepAlive: false }),
        timeout: call.timeoutMs ?? 30_000,
        headers: { ...call.headers, ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(parts);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            json: () => JSON.parse(body.toString('utf8')) as Record<string, unknown>,
          });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
}
