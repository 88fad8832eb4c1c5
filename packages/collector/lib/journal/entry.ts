import { FILE_COUNT_NAMES } from './fileCountNames';
import type { Batch } from '../receive/decodeBatch';
import type { TelemetryRow } from '../receive/decodeLog';

/** What one request brought, as the journal keeps it: accepted rows, and numbers about the rest. */
export interface JournalEntry {
  /** When it arrived, milliseconds since the epoch. */
  readonly receivedMs: number;
  readonly received: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly unknownFields: Readonly<Record<string, number>>;
  readonly invalidFields: Readonly<Record<string, number>>;
  readonly rows: readonly TelemetryRow[];
}

export function encodeEntry(batch: Batch, receivedMs: number): Buffer {
  const { received, rejected, unknownFields, invalidFields, rows } = batch;
  const entry: JournalEntry = { receivedMs, received, rejected, unknownFields, invalidFields, rows };
  return Buffer.from(JSON.stringify(entry), 'utf8');
}

/** The entry of a payload of `version` whose checksum was right; undefined when it is none nevertheless. */
export function decodeEntry(payload: Buffer, version: number): JournalEntry | undefined {
  try {
    const entry = JSON.parse(payload.toString('utf8'), version === 1 ? renamed : undefined) as JournalEntry;
    return Array.isArray(entry.rows) && Number.isSafeInteger(entry.receivedMs) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Names of version 1 as they are since. */
function renamed(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, cell]) => [FILE_COUNT_NAMES.get(name) ?? name, cell as unknown]),
  );
}
