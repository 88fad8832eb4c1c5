import { setImmediate } from 'node:timers/promises';
import { decodeLog, RULE_TEXT, type RejectionRule, type TelemetryRow } from './decodeLog';
import { hasMoreStructure } from './structure';

/** What one request brought. */
export interface Batch {
  /** Logs in the request. */
  readonly received: number;
  readonly rows: TelemetryRow[];
  readonly rejected: Partial<Record<RejectionRule, number>>;
  /** One line for each rejected log (the first hundred): its index and the rule, never a value. */
  readonly errors: string[];
  readonly unknownFields: Record<string, number>;
  readonly invalidFields: Record<string, number>;
}

export type DecodedBatch =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'malformed'; readonly message: string }
  /** More logs than a request may have, or much else. */
  | { readonly kind: 'too_many' };

/** What a turn of the event loop decodes: a hundred logs, or three of the longest. */
const WORK_PER_TURN = 200_000;
/** What a log takes beside its characters. */
const WORK_PER_LOG = 1_000;
/** A few bytes of a compressed body can be millions of logs, each of which takes its time. */
export const MAX_LOGS = 10_000;
const MAX_ERRORS = 100;
const MAX_NAMES = 100;
/** A body beyond this is looked at before it is parsed, in one go, while others wait. */
const LARGE_BYTES = 131_072;
/** What it may have beside its texts, which the logs are: texts are parsed quickly, and all else is not. */
const MAX_STRUCTURE_BYTES = 16 * MAX_LOGS;

/** Decodes a telemetry request body; gives the event loop a turn every few milliseconds. Never throws. */
export async function decodeBatch(body: Buffer): Promise<DecodedBatch> {
  if (body.length > LARGE_BYTES && hasMoreStructure(body, MAX_STRUCTURE_BYTES)) return { kind: 'too_many' };
  const request = parseRequest(body);
  if (typeof request === 'string') return { kind: 'malformed', message: request };
  const { logs, sentMs } = request;
  if (logs.length > MAX_LOGS) return { kind: 'too_many' };
  const [unknown, invalid] = [new Map<string, number>(), new Map<string, number>()];
  const notKept = (reason: 'unknown' | 'invalid', name: string): void =>
    count(reason === 'unknown' ? unknown : invalid, name);
  const rows: TelemetryRow[] = [];
  const rejected: Partial<Record<RejectionRule, number>> = {};
  const errors: string[] = [];
  let work = 0;
  for (const [index, element] of logs.entries()) {
    if (work > WORK_PER_TURN) {
      work = 0;
      await setImmediate();
    }
    work += WORK_PER_LOG + (typeof element === 'string' ? element.length : 0);
    const decoded = decodeLog(element, notKept, sentMs);
    switch (decoded.kind) {
      case 'row':
        rows.push(decoded.row);
        break;
      case 'rejected':
        rejected[decoded.rule] = (rejected[decoded.rule] ?? 0) + 1;
        if (errors.length < MAX_ERRORS) errors.push(`log ${index}: ${RULE_TEXT[decoded.rule]}`);
    }
  }
  const [unknownFields, invalidFields] = [Object.fromEntries(unknown), Object.fromEntries(invalid)];
  return { kind: 'batch', batch: { received: logs.length, rows, rejected, errors, unknownFields, invalidFields } };
}

interface TelemetryRequest {
  readonly logs: readonly unknown[];
  /** The sender's clock when it sent them; ours when it does not say. */
  readonly sentMs: number;
}

/** What a body asks for, or what is wrong with it. */
function parseRequest(body: Buffer): TelemetryRequest | string {
  let request: unknown;
  try {
    request = JSON.parse(body.toString('utf8'));
  } catch {
    return 'The body is not valid JSON.';
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return 'The body must be an object.';
  const { protoLogs: logs = [], uploadTime } = request as { protoLogs?: unknown; uploadTime?: unknown };
  if (!Array.isArray(logs)) return 'protoLogs must be an array.';
  const sentMs = Number.isSafeInteger(uploadTime) && Number(uploadTime) > 0 ? Number(uploadTime) : Date.now();
  return { logs: logs as readonly unknown[], sentMs };
}

/** Of a hundred names at most: a sender chooses them. */
function count(counts: Map<string, number>, name: string): void {
  const known = counts.get(name);
  if (known !== undefined || counts.size < MAX_NAMES) counts.set(name, (known ?? 0) + 1);
}
