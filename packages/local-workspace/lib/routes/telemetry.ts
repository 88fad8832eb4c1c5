import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { header, type Exchange, type Route } from '../http/exchange';
import { errorReply, jsonReply } from '../http/reply';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { ReceivedTelemetryLog, TelemetryLogBody } from '../received/types';

const gunzip = promisify(zlib.gunzip) as (body: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

type Decoded = { raw: string; log: TelemetryLogBody; error: string | undefined };

export interface TelemetryRouteSettings {
  readonly received: ReceivedStore;
  readonly authenticated: boolean;
  /** Whether `Content-Encoding: gzip` is understood. */
  readonly gzip: boolean;
  /** Largest body, after decompression. */
  readonly maxBodyBytes: number;
}

/** `POST …/telemetry-ext` and `…/telemetry-unauth`: validates the body, keeps the decoded logs, counts what it took. */
export function telemetryRoute({ received, authenticated, gzip, maxBodyBytes }: TelemetryRouteSettings): Route {
  return async (exchange) => {
    if (exchange.request.method !== 'POST') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only POST is supported');
    const encoding = (header(exchange, 'content-encoding') ?? 'identity').toLowerCase();
    if (encoding !== 'identity' && !(gzip && encoding === 'gzip')) {
      record(received, exchange, authenticated, undefined, []);
      const reply = errorReply(415, 'UNSUPPORTED_MEDIA_TYPE', `The content encoding ${encoding} is not supported`);
      return { ...reply, headers: { ...reply.headers, 'accept-encoding': gzip ? 'gzip' : 'identity' } };
    }
    const text = encoding === 'gzip' ? await gunzipped(exchange.body, maxBodyBytes) : exchange.body.toString('utf8');
    const body = parseObject(text);
    if (!body) {
      record(received, exchange, authenticated, undefined, []);
      return errorReply(400, 'MALFORMED_REQUEST', 'The body is not a JSON object');
    }
    const protoLogs = body['protoLogs'];
    const problem = bodyProblem(body);
    if (problem !== undefined || !isStringArray(protoLogs)) {
      record(received, exchange, authenticated, body, []);
      return errorReply(400, 'INVALID_PARAMETER_VALUE', problem ?? 'protoLogs must be an array of strings');
    }
    const decoded = protoLogs.map(decode);
    const limit = exchange.fault?.acceptLogs ?? decoded.length;
    const isAccepted = (item: Decoded, index: number): boolean => item.error === undefined && index < limit;
    record(
      received,
      exchange,
      authenticated,
      body,
      decoded.map((item, index) => ({ ...item, accepted: isAccepted(item, index) })),
    );
    const errors = decoded.flatMap((item, index) =>
      isAccepted(item, index) ? [] : [`protoLogs[${index}]: ${item.error ?? 'rejected'}`],
    );
    return jsonReply(200, {
      errors,
      numSuccess: 0,
      numProtoSuccess: decoded.length - errors.length,
      numRealtimeSuccess: 0,
    });
  };
}

/** Empty, which is no JSON, for what is no gzip or would be larger than `maxBytes`. */
async function gunzipped(body: Buffer, maxBytes: number): Promise<string> {
  const decompressed = await gunzip(body, { maxOutputLength: maxBytes }).catch(() => Buffer.alloc(0));
  return decompressed.toString('utf8');
}

function record(
  received: ReceivedStore,
  exchange: Exchange,
  authenticated: boolean,
  body: Record<string, unknown> | undefined,
  items: readonly { raw: string; log: TelemetryLogBody; accepted: boolean }[],
): void {
  const { request } = exchange;
  const logs: ReceivedTelemetryLog[] = items.map((item) => ({
    ...item,
    request,
    authenticated,
    path: request.path,
    tenant: request.tenant,
    token: request.token,
  }));
  received.addTelemetry({ request, authenticated, body, logs });
}

function bodyProblem(body: Record<string, unknown>): string | undefined {
  const { uploadTime, items } = body;
  if (typeof uploadTime !== 'number' || !Number.isSafeInteger(uploadTime)) return 'uploadTime must be an integer';
  if (items !== undefined && !Array.isArray(items)) return 'items must be an array';
  return undefined;
}

function decode(raw: string): Decoded {
  const log = parseObject(raw);
  return log ? { raw, log, error: undefined } : { raw, log: {}, error: 'not a JSON object' };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
