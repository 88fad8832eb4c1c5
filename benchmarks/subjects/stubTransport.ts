import * as transport from '../../lib/telemetry/http/transport';
import type { HttpOutcome, HttpRequest, HttpTarget } from '../../lib/telemetry/http/transport';

export type { HttpOutcome, HttpRequest };

type Send = typeof transport.sendHttp;

/**
 * Replaces the one function with which the library makes requests, and returns what puts it back. The compiled modules
 * call it through this module's exports.
 */
export function stubTransport(answer: (target: HttpTarget, request: HttpRequest) => Promise<HttpOutcome>): () => void {
  const exports = transport as { sendHttp: Send };
  const original = exports.sendHttp;
  exports.sendHttp = (target, request) => answer(target, request);
  return () => (exports.sendHttp = original);
}

/** The answer of a service that takes everything. */
export const ACCEPTED: HttpOutcome = { kind: 'response', status: 200, retryAfter: undefined, body: '{"errors":[]}' };
