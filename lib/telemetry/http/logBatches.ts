import { ENVELOPE_BYTES, PageKeeper, type EncodedLog } from './LogPage';
import { Slice } from './Slice';
import { encodeRecord } from '../wire/serializeRecord';
import type { TelemetryRecord } from '../types';

export { requestBody, type EncodedLog } from './LogPage';

export interface BatchLimits {
  readonly maxLogs: number;
  readonly maxBytes: number;
}

/** What the log of a statement takes, rounded up: a page that is too small grows. */
const EXPECTED_BYTES = 1100;

/** Records between two looks at the clock, which takes as long as a tenth of a record. */
const RECORDS_PER_LOOK = 8;

/** To make a request of a batch takes about as long as half a slice, and happens in the same turn. */
const REQUEST_SHARE = 0.5;

export interface BatchOptions extends BatchLimits {
  /** Keeps memory from one call to the next. */
  readonly pages?: PageKeeper | undefined;
  /** Counts values that broke the rule of their field. */
  readonly omissions?: { omitted: number } | undefined;
}

/**
 * Encodes `records` into requests within the limits, giving the event loop a turn many times in a millisecond. `refuse`
 * gets each record that is too large for any request, or that cannot be encoded. A batch is valid until the next one is
 * asked for.
 */
export async function* logBatches(
  records: readonly TelemetryRecord[],
  authenticated: boolean,
  { maxLogs, maxBytes, pages = new PageKeeper(), omissions }: BatchOptions,
  refuse: (record: TelemetryRecord, reason: 'too_large' | 'invalid') => void,
): AsyncGenerator<readonly EncodedLog[], void, undefined> {
  const page = pages.take(Math.min(maxBytes, ENVELOPE_BYTES + Math.min(records.length, maxLogs) * EXPECTED_BYTES));
  const slice = new Slice();
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] as TelemetryRecord;
    if (index % RECORDS_PER_LOOK === 0 && slice.isOver) await slice.pause();
    let log = encode(record, authenticated, omissions);
    if (log === undefined) refuse(record, 'invalid');
    else if (ENVELOPE_BYTES + log.length > maxBytes) refuse(record, 'too_large');
    else {
      if (page.logs.length > 0 && (page.logs.length >= maxLogs || page.bodyBytes + 1 + log.length > maxBytes)) {
        // Bytes of a template do not outlive a turn.
        if (typeof log !== 'string') log = Buffer.from(log);
        await slice.pause(REQUEST_SHARE);
        yield page.logs;
        page.clear();
        slice.renew();
      }
      page.add(record, log);
    }
  }
  if (page.logs.length > 0) {
    await slice.pause(REQUEST_SHARE);
    yield page.logs;
  }
  pages.giveBack(page);
}

/** Undefined for a record that cannot be put into words, for instance because a getter of it throws. */
function encode(
  record: TelemetryRecord,
  authenticated: boolean,
  omissions: { omitted: number } | undefined,
): string | Buffer | undefined {
  try {
    return encodeRecord(record, authenticated, omissions);
  } catch {
    return undefined;
  }
}
