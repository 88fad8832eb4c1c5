import type { IncomingHttpHeaders } from 'node:http';
import type { Origin, RequestHead } from './Origin';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const MAX_ANSWER_BYTES = 1_048_576;

/** A small request and its whole answer. Rejects when there is none, when it is too large, or at `signal`. */
export function ask(origin: Origin, head: RequestHead, body?: Buffer, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? [] : ['Content-Length', String(body.length)];
    const request = origin.request({ ...head, headers: [...head.headers, ...length] });
    const abort = (): void => void request.destroy(new Error('The time for an answer is over.'));
    signal?.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal?.removeEventListener('abort', abort));
    request.on('error', reject);
    request.once('response', (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MAX_ANSWER_BYTES) request.destroy(new Error('The answer is too large.'));
        else parts.push(part);
      });
      answer.once('close', () => {
        if (!answer.complete) {
          reject(new Error('The answer was cut off.'));
          return;
        }
        const { statusCode = 0, headers } = answer;
        resolve({ status: statusCode, headers, body: Buffer.concat(parts, size) });
      });
    });
    request.end(body);
  });
}
