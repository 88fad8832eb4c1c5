import { timingSafeEqual } from 'node:crypto';
import { readFault } from '../http/faultSpec';
import type { FaultHandle, FaultScript } from '../http/faults';
import { header, type Exchange, type Route } from '../http/exchange';
import { errorReply, jsonReply } from '../http/reply';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { FlagState } from './featureFlags';

export interface AdminSettings {
  token: string;
  faults: FaultScript;
  received: ReceivedStore;
  flag: FlagState;
}

/**
 * Scripting from outside: `POST /admin/faults` (a FaultSpec, answers its id), `GET` and `DELETE /admin/faults[/<id>]`,
 * `PUT /admin/feature-flag` (`{"value": …}`), `GET /admin/received/{requests,statements,sessions,telemetry}`,
 * `DELETE /admin/received`. Loopback clients with the admin token only.
 */
export function adminRoute(settings: AdminSettings): Route {
  const handles = new Map<string, FaultHandle>();
  let nextId = 1;
  return async (exchange) => {
    if (!isLoopback(exchange.remoteAddress) || !isAdmin(exchange, settings.token)) {
      return errorReply(403, 'PERMISSION_DENIED', 'The admin API needs its own token and a loopback connection');
    }
    const { method, path } = exchange.request;
    const [, , resource, name] = path.split('/');
    switch (`${method} ${resource}`) {
      case 'POST faults': {
        const spec = readFault(parse(exchange.body));
        if (typeof spec === 'string') return errorReply(400, 'INVALID_PARAMETER_VALUE', spec);
        const id = String(nextId++);
        handles.set(id, settings.faults.add(spec));
        return jsonReply(201, { id });
      }
      case 'GET faults':
        return jsonReply(200, { faults: [...handles].map(([id, handle]) => ({ id, hits: handle.hits })) });
      case 'DELETE faults':
        if (name === undefined) {
          settings.faults.clear();
          handles.clear();
        } else {
          handles.get(name)?.remove();
          handles.delete(name);
        }
        return jsonReply(200, {});
      case 'PUT feature-flag': {
        const body = parse(exchange.body);
        const value = isObject(body) ? body['value'] : undefined;
        settings.flag.value = typeof value === 'boolean' || typeof value === 'string' ? value : undefined;
        return jsonReply(200, {});
      }
      case 'DELETE received':
        settings.received.clear();
        return jsonReply(200, {});
      case 'GET received':
        return received(settings.received, name);
      default:
        return errorReply(404, 'ENDPOINT_NOT_FOUND', `No admin call ${method} ${path}`);
    }
  };
}

function received(store: ReceivedStore, what: string | undefined): ReturnType<typeof jsonReply> {
  switch (what) {
    case 'requests':
      return jsonReply(200, store.requests());
    case 'statements':
      return jsonReply(200, store.statements());
    case 'sessions':
      return jsonReply(200, store.sessions());
    case 'telemetry':
      return jsonReply(200, store.telemetryLogs());
    default:
      return errorReply(404, 'ENDPOINT_NOT_FOUND', 'requests, statements, sessions or telemetry');
  }
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

function isAdmin(exchange: Exchange, token: string): boolean {
  const given = Buffer.from(header(exchange, 'authorization') ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
