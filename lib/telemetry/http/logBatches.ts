import { ENVELOPE_BYTES, PageKeeper, type EncodedLog, type LogPage } from './BatchBuffer';
import { Slice } from './TimeSlice';
import { encodeRecord } from '../wire/serializeRecord';
import type { TelemetryRecord } from '../types';

export { requestBody, type EncodedLog } from './BatchBuffer';

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

type Refuse = (record: TelemetryRecord, reason: 'too_large' | 'invalid') => void;

/**
 * Encodes `records` into requests within the limits, giving the event loop a turn many times in a millisecond. `refuse`
 * gets each record that is too large for any request, or that cannot be encoded. A batch is valid until the next one is
 * asked for.
 */
export async function* logBatches(
  records: readonly TelemetryRecord[],
  authenticated: boolean,
  { maxLogs, maxBytes, pages = new PageKeeper(), omissions }: BatchOptions,
  refuse: Refuse,
): AsyncGenerator<readonly EncodedLog[], void, undefined> {
  const page = pages.take(Math.min(maxBytes, ENVELOPE_BYTES + Math.min(records.length, maxLogs) * EXPECTED_BYTES));
  const filling = new Filling(page, records, authenticated, { maxLogs, maxBytes, omissions }, refuse);
  const slice = new Slice();
  while (!filling.isDone) {
    if (slice.isOver) await slice.pause();
    if (filling.goOn(RECORDS_PER_LOOK)) continue;
    await slice.pause(REQUEST_SHARE);
    yield page.logs;
    page.clear();
    slice.renew();
  }
  if (page.logs.length > 0) {
    await slice.pause(REQUEST_SHARE);
    yield page.logs;
  }
  pages.giveBack(page);
}

/** Puts records on a page, some at a time. What is done for each record stands apart from the generator: see the spec. */
class Filling {
  private next = 0;

  constructor(
    private readonly page: LogPage,
    private readonly records: readonly TelemetryRecord[],
    private readonly authenticated: boolean,
    private readonly options: BatchOptions,
    private readonly refuse: Refuse,
  ) {}

  get isDone(): boolean {
    return this.next >= this.records.length;
  }

  /** Adds up to `count` records. Returns false, with the next record still to come, when the page is full. */
  goOn(count: number): boolean {
    const end = Math.min(this.next + count, this.records.length);
    for (; this.next < end; this.next += 1) {
      const record = this.records[this.next] as TelemetryRecord;
      const log = encode(record, this.authenticated, this.options.omissions);
      if (log === undefined) this.refuse(record, 'invalid');
      else if (ENVELOPE_BYTES + log.length > this.options.maxBytes) this.refuse(record, 'too_large');
      else if (this.hasRoom(log.length)) this.page.add(record, log);
      else return false;
    }
    return true;
  }

  private hasRoom(bytes: number): boolean {
    const { logs, bodyBytes } = this.page;
    const { maxLogs, maxBytes } = this.options;
    return logs.length === 0 || (logs.length < maxLogs && bodyBytes + 1 + bytes <= maxBytes);
  }
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
