import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultSpec } from './faults';
import type { Reply } from './reply';

/** Slices of a throttled answer per second. */
const SLICES_PER_SECOND = 20;

/** Sends `reply`, damaged as `fault` says. Resolves with the bytes of body sent; never rejects. */
export async function send(
  response: ServerResponse,
  reply: Reply,
  fault: FaultSpec | undefined,
  reset: (socket: Socket | null) => void,
): Promise<number> {
  const body = damaged(reply.body, fault);
  const announced = fault?.action === 'reset-mid-body' ? reply.body.length : body.length;
  response.writeHead(reply.status, fault?.chunked ? reply.headers : { ...reply.headers, 'content-length': announced });
  if (fault?.action === 'reset-mid-body') {
    const sent = Math.floor(body.length / 2);
    await written(response, body.subarray(0, sent));
    reset(response.socket);
    return sent;
  }
  if (fault?.bytesPerSecond !== undefined) return sendSlowly(response, body, fault.bytesPerSecond);
  response.end(body);
  return body.length;
}

function damaged(body: Buffer, fault: FaultSpec | undefined): Buffer {
  switch (fault?.action) {
    case 'truncate':
      return body.subarray(0, Math.floor(body.length / 2));
    case 'corrupt': {
      const copy = Buffer.from(body);
      for (let i = 0; i < copy.length; i += 7) copy[i] = (copy[i] ?? 0) ^ 0x5a;
      return copy;
    }
    case 'malformed':
      return Buffer.concat([Buffer.from('<!malformed>'), randomBytes(32)]);
    default:
      return body;
  }
}

async function sendSlowly(response: ServerResponse, body: Buffer, bytesPerSecond: number): Promise<number> {
  const slice = Math.max(1, Math.floor(bytesPerSecond / SLICES_PER_SECOND));
  for (let offset = 0; offset < body.length; offset += slice) {
    if (response.destroyed) return offset;
    await written(response, body.subarray(offset, offset + slice));
    await delay(1000 / SLICES_PER_SECOND, undefined, { ref: false });
  }
  response.end();
  return body.length;
}

function written(response: ServerResponse, part: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(part, () => resolve());
  });
}
