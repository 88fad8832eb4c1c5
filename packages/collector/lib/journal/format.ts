import { crc32 } from 'node:zlib';

/** `DTCJ`, then the version of the format; the rest is reserved. */
const MAGIC = Buffer.from('DTCJ');
export const JOURNAL_VERSION = 2;
export const SEGMENT_HEADER_BYTES = 16;
/** Length and CRC-32 of the payload, both unsigned, little-endian. */
export const ENTRY_HEADER_BYTES = 8;
/** No entry is longer: a larger length is a torn or damaged header. */
export const MAX_ENTRY_BYTES = 64 * 1024 * 1024;

/** How every payload begins. */
const PAYLOAD_START = '{"receivedMs":';

/** A place in the journal: everything before it has been dealt with. */
export interface JournalPosition {
  readonly segment: number;
  readonly offset: number;
}

/** Refused: written by a newer release. */
export class NewerVersionError extends Error {
  constructor(what: string, found: number, known: number) {
    super(`${what} has version ${found}; this release reads up to ${known}. Use a newer release of the collector.`);
    this.name = 'NewerVersionError';
  }
}

export function segmentHeader(): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(JOURNAL_VERSION, 4);
  return header;
}

export function entryHeader(payload: Buffer): Buffer {
  const header = Buffer.allocUnsafe(ENTRY_HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return header;
}

/** The version that `bytes` say they are of; the newest when their header is damaged. */
export function versionOf(bytes: Buffer): number {
  return checkSegmentHeader(bytes) === 'good' ? bytes.readUInt32LE(4) : JOURNAL_VERSION;
}

export type HeaderCheck = 'good' | 'torn';

/** Throws a NewerVersionError. A header that is cut short or no header at all is torn: nothing behind it was committed. */
export function checkSegmentHeader(bytes: Buffer): HeaderCheck {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 4).equals(MAGIC)) return 'torn';
  const version = bytes.readUInt32LE(4);
  if (version > JOURNAL_VERSION) throw new NewerVersionError('The journal', version, JOURNAL_VERSION);
  return 'good';
}

export type EntryRead =
  | { readonly kind: 'entry'; readonly payload: Buffer; readonly next: number }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'torn' }
  | { readonly kind: 'end' };

/** The entry at `offset` of `bytes`. Total. After `damaged` (wrong checksum) and `torn` the next one may still be good. */
export function readEntry(bytes: Buffer, offset: number): EntryRead {
  if (offset >= bytes.length) return { kind: 'end' };
  if (offset + ENTRY_HEADER_BYTES > bytes.length) return { kind: 'torn' };
  const length = bytes.readUInt32LE(offset);
  const start = offset + ENTRY_HEADER_BYTES;
  const next = start + length;
  if (length === 0 || length > MAX_ENTRY_BYTES || next > bytes.length) return { kind: 'torn' };
  const payload = bytes.subarray(start, next);
  return crc32(payload) === bytes.readUInt32LE(offset + 4) ? { kind: 'entry', payload, next } : { kind: 'damaged' };
}

/** Where the first good entry behind `offset` begins; undefined when there is none. */
export function nextGoodEntry(bytes: Buffer, offset: number): number | undefined {
  let payload = bytes.indexOf(PAYLOAD_START, offset + 1);
  while (payload >= 0) {
    const start = payload - ENTRY_HEADER_BYTES;
    if (start > offset && readEntry(bytes, start).kind === 'entry') return start;
    payload = bytes.indexOf(PAYLOAD_START, payload + 1);
  }
  return undefined;
}
