import type { FlagAnswer } from './HostFlag';
import { parseRetryAfter } from '../http/retry';
import type { HttpOutcome } from '../http/transport';

const FLAG_NAME = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';

/** `refused`: no answer for these credentials, or on this connection's way to the host; others may get one. */
export type FlagReply = FlagAnswer | { readonly kind: 'refused' };

const NO_WORD = { kind: 'none', retryAfterMs: 0, refused: false } as const satisfies FlagAnswer;

/** What a response says of the flag. A missing flag and a status that will not change by waiting mean off. */
export function readFlagReply(outcome: HttpOutcome): FlagReply {
  // A request that fails at once may fail for the connection's own proxy or certificate.
  if (outcome.kind === 'failed' || outcome.kind === 'invalid') return { kind: 'refused' };
  if (outcome.kind !== 'response') return NO_WORD;
  const { status, body } = outcome;
  if (status === 200) return readFlags(body);
  if (status === 401 || status === 403) return { kind: 'refused' };
  if (status === 408 || status === 429 || status >= 500) {
    return { ...NO_WORD, retryAfterMs: parseRetryAfter(outcome.retryAfter) ?? 0 };
  }
  return { kind: 'answer', enabled: false, ttlMs: undefined };
}

function readFlags(body: string | undefined): FlagReply {
  if (body === undefined) return NO_WORD;
  const answer = parseObject(body);
  const flags: unknown = answer['flags'];
  const ttlSeconds = answer['ttl_seconds'] ?? answer['ttlSeconds'];
  return {
    kind: 'answer',
    enabled: Array.isArray(flags) && flags.some(isOn),
    ttlMs: typeof ttlSeconds === 'number' && ttlSeconds > 0 ? ttlSeconds * 1000 : undefined,
  };
}

function isOn(flag: unknown): boolean {
  const { name, value } = isObject(flag) ? flag : {};
  return name === FLAG_NAME && (value === true || (typeof value === 'string' && value.toLowerCase() === 'true'));
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
