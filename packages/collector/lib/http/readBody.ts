import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { ByteLease } from './ByteBudget';
import { HttpError } from './reply';

export interface BodyLimits {
  /** As it is sent. */
  readonly maxBytes: number;
  /** After decompression. */
  readonly maxDecodedBytes: number;
}

type Decompress = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const brotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);
const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
/** Only newer versions of Node.js have it. */
const zstd = (zlib as { zstdDecompress?: (body: Buffer, options: object, done: Done) => void }).zstdDecompress;
type Done = (error: Error | null, result: Buffer) => void;

/** Some senders of `deflate` leave out the header of zlib. */
const deflate: Decompress = (body, options) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflate(body, options) : inflateRaw(body, options);

const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  identity: (body) => Promise.resolve(body),
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate,
  br: brotli,
  ...(zstd === undefined ? {} : { zstd: promisify(zstd) as Decompress }),
};

/** The body, decompressed. Throws an HttpError: too large, cut off, or in an encoding that is not understood. */
export async function readBody(message: IncomingMessage, limits: BodyLimits, lease?: ByteLease): Promise<Buffer> {
  const named = (message.headers['content-encoding'] ?? '').trim().toLowerCase();
  const encoding = named === '' ? 'identity' : named;
  const decompress = Object.hasOwn(DECOMPRESS, encoding) ? DECOMPRESS[encoding] : undefined;
  if (decompress === undefined) {
    const known = Object.keys(DECOMPRESS).filter((name) => name !== 'x-gzip' && name !== 'identity');
    throw new HttpError(415, 'unsupported_encoding', 'The content encoding is not understood.', {
      'accept-encoding': known.join(', '),
    });
  }
  const body = await readRaw(message, limits.maxBytes, lease);
  if (encoding === 'identity') {
    if (body.length > limits.maxDecodedBytes) throw tooLarge();
    return body;
  }
  const expand = (): Promise<Buffer> => decompressed(body, decompress, limits.maxDecodedBytes);
  return lease === undefined ? expand() : lease.expand(expand);
}

async function decompressed(body: Buffer, decompress: Decompress, maxOutputLength: number): Promise<Buffer> {
  try {
    return await decompress(body, { maxOutputLength });
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new HttpError(400, 'malformed_encoding', 'The body does not decompress.');
  }
}

async function readRaw(message: IncomingMessage, maxBytes: number, lease?: ByteLease): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw tooLarge();
    lease?.take(part.length);
    parts.push(part);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, size);
}

/** The rest of the body is not read: the connection ends with the answer. */
function tooLarge(): HttpError {
  return new HttpError(413, 'too_large', 'The body is too large.', { connection: 'close' });
}
