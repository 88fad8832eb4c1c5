import type { IncomingMessage } from 'node:http';

export type BodyResult = { kind: 'body'; body: Buffer } | { kind: 'too-large' } | { kind: 'aborted' };

/** Reads a request body of at most `limit` bytes. Never throws. */
export function readBody(message: IncomingMessage, limit: number): Promise<BodyResult> {
  const declared = Number(message.headers['content-length'] ?? 0);
  if (declared > limit) {
    message.resume();
    return Promise.resolve({ kind: 'too-large' });
  }
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    message.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= limit) parts.push(part);
      else parts.length = 0;
    });
    message.on('end', () =>
      resolve(size > limit ? { kind: 'too-large' } : { kind: 'body', body: Buffer.concat(parts) }),
    );
    message.on('error', () => resolve({ kind: 'aborted' }));
    message.on('close', () => resolve({ kind: 'aborted' }));
  });
}
