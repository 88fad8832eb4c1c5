import type { TelemetryRecord } from '../../model/records';

/** Room for the time of any year, with blanks before shorter ones. */
const TIME_DIGITS = 16;
const BEFORE_TIME = '{"uploadTime":';
const HEAD = Buffer.from(`${BEFORE_TIME}${' '.repeat(TIME_DIGITS)},"items":[],"protoLogs":[`, 'latin1');
const TAIL = Buffer.from(']}', 'latin1');
const COMMA = 0x2c;

/** Bytes of a body outside its logs. */
export const ENVELOPE_BYTES = HEAD.length + TAIL.length;

/** Where the log of a record stands in its buffer, encoded once more as a JSON string. */
export interface EncodedLog {
  readonly record: TelemetryRecord;
  readonly buffer: BatchBuffer;
  readonly from: number;
  readonly to: number;
}

/**
 * Logs side by side as they stand in the body of a request, with room for its head in front: the body of all logs of a
 * buffer is there without a copy.
 */
export class BatchBuffer {
  logs: EncodedLog[] = [];
  private bytes: Buffer;
  private end = HEAD.length;

  constructor(expectedBytes: number) {
    this.bytes = Buffer.allocUnsafe(Math.max(expectedBytes, 2 * ENVELOPE_BYTES));
    this.bytes.set(HEAD);
  }

  /** Forgets its logs: those that were there are not to be used any more. */
  clear(): void {
    this.logs = [];
    this.end = HEAD.length;
  }

  /** Bytes of the body with all logs. */
  get bodyBytes(): number {
    return this.end + TAIL.length;
  }

  /** Adds the log of `record`: ASCII, as text or as bytes, which are copied. */
  add(record: TelemetryRecord, log: string | Uint8Array): void {
    if (this.end + log.length + 1 + TAIL.length > this.bytes.length) this.grow(log.length + 1 + TAIL.length);
    if (this.logs.length > 0) this.bytes[this.end++] = COMMA;
    const from = this.end;
    if (typeof log === 'string') this.bytes.write(log, from, 'latin1');
    else this.bytes.set(log, from);
    this.end = from + log.length;
    this.logs.push({ record, buffer: this, from, to: this.end });
  }

  /** The body of a request with every log, uploaded at `epochMs`. Valid until a log is added. */
  body(epochMs: number): Buffer {
    if (this.end + TAIL.length > this.bytes.length) this.grow(TAIL.length);
    this.bytes.set(TAIL, this.end);
    this.bytes.write(String(epochMs).padStart(TIME_DIGITS), BEFORE_TIME.length, 'latin1');
    return this.bytes.subarray(0, this.bodyBytes);
  }

  /** One of its logs as text. */
  text({ from, to }: EncodedLog): string {
    return this.bytes.toString('latin1', from, to);
  }

  /** Adds one of the logs of another buffer. */
  copy({ record, buffer, from, to }: EncodedLog): void {
    this.add(record, buffer.bytes.subarray(from, to));
  }

  private grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(2 * (this.end + bytes));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}

/** The body of one telemetry request. */
export function requestBody(logs: readonly EncodedLog[], epochMs: number): Buffer {
  const [first] = logs;
  if (first !== undefined && first.buffer.logs.length === logs.length) return first.buffer.body(epochMs);
  const some = new BatchBuffer(logs.reduce((sum, { from, to }) => sum + to - from + 1, ENVELOPE_BYTES));
  for (const log of logs) some.copy(log);
  return some.body(epochMs);
}

/** The later half first: the caller takes from the end. */
export function halves(logs: readonly EncodedLog[]): [EncodedLog[], EncodedLog[]] {
  const middle = Math.ceil(logs.length / 2);
  return [logs.slice(middle), logs.slice(0, middle)];
}

/** `logs` but for `rest`, which are some of them. */
export function without(logs: readonly EncodedLog[], rest: readonly EncodedLog[]): readonly EncodedLog[] {
  if (rest.length === 0) return logs;
  const left = new Set(rest);
  return logs.filter((log) => !left.has(log));
}

/** The records of `logs`, in their order. */
export function recordsOf(logs: readonly EncodedLog[]): TelemetryRecord[] {
  const records: TelemetryRecord[] = [];
  for (const { record } of logs) records.push(record);
  return records;
}
