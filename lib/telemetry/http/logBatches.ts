import type { TelemetryRecord } from '../../model/records';
import type { Clock } from '../../util/clock';
import type { Omissions, RecordEncoder } from '../wire/RecordEncoder';
import { BatchBuffer, ENVELOPE_BYTES, type EncodedLog } from './BatchBuffer';
import { TimeSlice } from './TimeSlice';

export interface BatchLimits {
  readonly maxLogs: number;
  readonly maxBytes: number;
}

/** What the log of a statement takes, rounded up: a buffer that is too small grows. */
const EXPECTED_BYTES = 1100;

/** Records between two looks at the clock, which takes as long as a tenth of a record. */
const RECORDS_PER_LOOK = 8;

/** To make a request of a batch takes about as long as half a slice, and happens in the same turn. */
const REQUEST_SHARE = 0.5;

export interface BatchOptions extends BatchLimits {
  readonly encoder: RecordEncoder;
  /** Counts values that broke the rule of their field. */
  readonly omissions: Omissions;
  readonly clock: Clock;
}

type Refuse = (record: TelemetryRecord, reason: 'too_large' | 'invalid') => void;

/**
 * Encodes `records` into requests within the limits, giving the event loop a turn many times in a millisecond. `refuse`
 * gets each record that is too large for any request, or that cannot be encoded. A batch is valid until the next one is
 * asked for.
 */
export async function* logBatches(
  records: readonly TelemetryRecord[],
  options: BatchOptions,
  refuse: Refuse,
): AsyncGenerator<readonly EncodedLog[], void, undefined> {
  const { maxLogs, maxBytes } = options;
  const expectedBytes = ENVELOPE_BYTES + Math.min(records.length, maxLogs) * EXPECTED_BYTES;
  const buffer = new BatchBuffer(Math.min(maxBytes, expectedBytes));
  const slice = new TimeSlice(options.clock);
  let next = 0;
  while (next < records.length) {
    if (slice.isOver) await slice.pause();
    const end = Math.min(next + RECORDS_PER_LOOK, records.length);
    next = fill(buffer, records, next, end, options, refuse);
    if (next === end) continue;
    await slice.pause(REQUEST_SHARE);
    yield buffer.logs;
    buffer.clear();
    slice.renew();
  }
  if (buffer.logs.length > 0) {
    await slice.pause(REQUEST_SHARE);
    yield buffer.logs;
  }
}

/** Adds records `from` to `end` to the buffer, for as long as it has room; returns the index of the next one to come. */
function fill(
  buffer: BatchBuffer,
  records: readonly TelemetryRecord[],
  from: number,
  end: number,
  { maxLogs, maxBytes, encoder, omissions }: BatchOptions,
  refuse: Refuse,
): number {
  for (let next = from; next < end; next += 1) {
    const record = records[next];
    if (record === undefined) break;
    const log = encoder.encode(record, omissions);
    if (log === undefined) refuse(record, 'invalid');
    else if (ENVELOPE_BYTES + log.length > maxBytes) refuse(record, 'too_large');
    else {
      const count = buffer.logs.length;
      if (count > 0 && (count >= maxLogs || buffer.bodyBytes + 1 + log.length > maxBytes)) return next;
      buffer.add(record, log);
    }
  }
  return end;
}
