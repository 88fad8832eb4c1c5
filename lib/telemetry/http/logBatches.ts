import { serializeRecord } from '../wire/serializeRecord';
import type { TelemetryRecord } from '../types';

/** A record as it stands in a request body: its log, encoded once more as a JSON string. */
export interface EncodedLog {
  readonly record: TelemetryRecord;
  readonly encoded: string;
  readonly bytes: number;
}

export interface BatchLimits {
  readonly maxLogs: number;
  readonly maxBytes: number;
}

/** Upper bound of a body's bytes outside its logs. */
const ENVELOPE_BYTES = 64;

/** Longest time that encoding keeps the event loop: with what sends a request, a block stays below half a millisecond. */
const SLICE_MS = 0.2;

/** The work between two turns of the event loop. */
class Slice {
  private endMs = performance.now() + SLICE_MS;

  /** Gives the event loop a turn when less than `share` of the slice is left. */
  async pause(share = 0): Promise<void> {
    if (performance.now() <= this.endMs - SLICE_MS * share) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.renew();
  }

  renew(): void {
    this.endMs = performance.now() + SLICE_MS;
  }

  get isOver(): boolean {
    return performance.now() > this.endMs;
  }
}

/** To make a request of a batch takes about as long as half a slice, and happens in the same turn. */
const REQUEST_SHARE = 0.5;

/**
 * Encodes `records` into requests within `limits`, giving the event loop a turn several times in a millisecond. `refuse`
 * gets each record that is too large for any request, or that cannot be encoded; `omissions` counts values that broke
 * the rule of their field.
 */
export async function* logBatches(
  records: readonly TelemetryRecord[],
  authenticated: boolean,
  limits: BatchLimits,
  refuse: (record: TelemetryRecord, reason: 'too_large' | 'invalid') => void,
  omissions?: { omitted: number },
): AsyncGenerator<readonly EncodedLog[], void, undefined> {
  let batch: EncodedLog[] = [];
  let bytes = ENVELOPE_BYTES;
  const slice = new Slice();
  for (const record of records) {
    if (slice.isOver) await slice.pause();
    const log = encode(record, authenticated, omissions);
    if (log === undefined) refuse(record, 'invalid');
    else if (ENVELOPE_BYTES + log.bytes > limits.maxBytes) refuse(record, 'too_large');
    else {
      if (batch.length >= limits.maxLogs || bytes + log.bytes > limits.maxBytes) {
        await slice.pause(REQUEST_SHARE);
        yield batch;
        batch = [];
        bytes = ENVELOPE_BYTES;
        slice.renew();
      }
      batch.push(log);
      bytes += log.bytes;
    }
  }
  if (batch.length === 0) return;
  await slice.pause(REQUEST_SHARE);
  yield batch;
}

/** The body of one telemetry request. */
export function requestBody(logs: readonly EncodedLog[]): string {
  return `{"uploadTime":${Date.now()},"items":[],"protoLogs":[${logs.map((log) => log.encoded).join(',')}]}`;
}

/** Undefined for a record that cannot be put into words, for instance because a getter of it throws. */
function encode(
  record: TelemetryRecord,
  authenticated: boolean,
  omissions: { omitted: number } | undefined,
): EncodedLog | undefined {
  try {
    const encoded = serializeRecord(record, { authenticated, quoted: true, omissions });
    // The field table lets no character pass that takes more than one byte; to count them would cost as much as to encode.
    return { record, encoded, bytes: encoded.length + 1 };
  } catch {
    return undefined;
  }
}
