import { setImmediate } from 'node:timers/promises';
import { decodeLog, RULE_TEXT, type RejectionRule, type TelemetryRow } from './decodeLog';

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
  | { readonly kind: 'too_many' };

/** What a turn of the event loop decodes: about 150 logs, or four of the longest. */
const WORK_PER_TURN = 262_144;
/** What a log takes beside its characters. */
const WORK_PER_LOG = 1_000;
/** A few bytes of a compressed body can be millions of logs, each of which takes its time. */
export const MAX_LOGS = 10_000;
const MAX_ERRORS = 100;
const MAX_NAMES = 100;

/** Decodes a telemetry request body; gives the event loop a turn every few milliseconds. Never throws. */
export async function decodeBatch(body: Buffer): Promise<DecodedBatch> {
  const request = parseRequest(body);
  if (typeof request === 'string') return { kind: 'malformed', message: request };
  const { logs, sentMs } = request;
  if (logs.length > MAX_LOGS) return { kind: 'too_many' };
  const batch: Batch = {
    received: logs.length,
    rows: [],
    rejected: {},
    errors: [],
    unknownFields: counts(),
    invalidFields: counts(),
  };
  const notKept = (reason: 'unknown' | 'invalid', name: string): void => {
    count(reason === 'unknown' ? batch.unknownFields : batch.invalidFields, name);
  };
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
        batch.rows.push(decoded.row);
        break;
      case 'rejected':
        batch.rejected[decoded.rule] = (batch.rejected[decoded.rule] ?? 0) + 1;
        if (batch.errors.length < MAX_ERRORS) batch.errors.push(`log ${index}: ${RULE_TEXT[decoded.rule]}`);
    }
  }
  return { kind: 'batch', batch };
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

/** Without a prototype: a sender chooses the names. */
function counts(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

function count(counts: Record<string, number>, name: string): void {
  if (Object.hasOwn(counts, name) || Object.keys(counts).length < MAX_NAMES) counts[name] = (counts[name] ?? 0) + 1;
}
