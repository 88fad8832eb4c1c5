import type { Exchange, Route } from '../http/exchange';
import { errorReply, jsonReply } from '../http/reply';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { ReceivedTelemetryLog, TelemetryLogBody } from '../received/types';

type Decoded = { raw: string; log: TelemetryLogBody; error: string | undefined };

/** `POST …/telemetry-ext` and `…/telemetry-unauth`: validates the body, keeps the decoded logs, counts what it took. */
export function telemetryRoute(received: ReceivedStore, authenticated: boolean): Route {
  return async (exchange) => {
    if (exchange.request.method !== 'POST') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only POST is supported');
    const body = parseObject(exchange.body.toString('utf8'));
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
