import type { ReceivedRequest } from '../received/types';
import type { Tenant } from '../auth/tenants';
import type { FaultSpec } from './faults';
import type { Reply } from './reply';

/** One request on its way through the workspace. */
export interface Exchange {
  readonly request: ReceivedRequest;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly remoteAddress: string | undefined;
  /** Set when the request carried a valid token. */
  readonly tenant: Tenant | undefined;
  readonly token: string | undefined;
  readonly fault: FaultSpec | undefined;
}

export type Route = (exchange: Exchange) => Promise<Reply>;

export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The authority a client used, when it is one; it becomes part of links. */
export function authorityOf(exchange: Exchange, fallback: () => string): string {
  const host = header(exchange, 'host');
  return host !== undefined && /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host) ? host : fallback();
}
