import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { withTimeout, type Clock } from '../../util/clock';
import type { Destination } from './destination';
import type { ReceiverState } from './ReceiverState';

/** A smaller body goes plain: it fits into one packet anyway. */
const MIN_COMPRESSED_BYTES = 1024;

/** Level 1 takes 10 % less time for a body 7 % larger; level 6 takes more than twice the time for one 12 % smaller. */
const GZIP_OPTIONS = { level: 3 };

/** Compression itself is done within a millisecond; it waits while the application keeps all threads busy. */
const COMPRESSION_TIMEOUT_MS = 500;

const compress = promisify(gzip);

/**
 * Whether `body` goes compressed with `option` (`telemetryCompression`). `auto` leaves the workspace out, of which is not
 * known whether it takes compressed bodies.
 */
export function isCompressed(
  body: Buffer,
  option: string,
  destination: Pick<Destination, 'isWorkspace'>,
  receiver: Pick<ReceiverState, 'refusesGzip'>,
): boolean {
  if (receiver.refusesGzip || body.length < MIN_COMPRESSED_BYTES) return false;
  return option === 'gzip' || (option === 'auto' && !destination.isWorkspace);
}

/**
 * `body` as gzip, made in another thread. Undefined when that fails, takes longer than `timeoutMs` (or half a second) or
 * `signal` aborts first. Never rejects.
 */
export async function gzipped(
  body: Buffer,
  timeoutMs: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<Buffer | undefined> {
  const limitMs = Math.min(timeoutMs, COMPRESSION_TIMEOUT_MS);
  const end = await withTimeout(clock, compress(body, GZIP_OPTIONS), limitMs, signal);
  return end.kind === 'fulfilled' ? end.value : undefined;
}
