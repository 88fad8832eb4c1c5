import type { EncodedLog } from './BatchBuffer';
import type { ResponseClass } from './classifyResponse';

/** How the sending of some logs ended. `rest` are those the receiver did not take, in their order. */
export interface SendEnd {
  readonly kind:
    | 'delivered'
    /** Try again later: down, overloaded, breaker open, out of time. */
    | 'held'
    /** The server failed on these very logs at every attempt. */
    | 'server-error'
    | 'unauthorized'
    | 'redirected'
    | 'too-large'
    | 'rejected'
    | 'invalid';
  readonly rest: readonly EncodedLog[];
  /** When there is sense in another attempt, in milliseconds from now. */
  readonly retryAfterMs: number;
}

/** What one attempt came to: what the receiver answered, or that it was not asked. */
export type AttemptEnd = ResponseClass | { readonly kind: 'held'; readonly retryAfterMs: number };

/** Undefined when another attempt is due. */
export function endOf(attempt: AttemptEnd, rest: readonly EncodedLog[], isLastAttempt: boolean): SendEnd | undefined {
  switch (attempt.kind) {
    case 'accepted':
      if (rest.length === 0) return { kind: 'delivered', rest, retryAfterMs: 0 };
      return isLastAttempt ? { kind: 'rejected', rest, retryAfterMs: 0 } : undefined;
    case 'retry':
      if (!isLastAttempt) return undefined;
      return { kind: attempt.serverError ? 'server-error' : 'held', rest, retryAfterMs: attempt.retryAfterMs ?? 0 };
    case 'held':
    case 'aborted':
      return { kind: 'held', rest, retryAfterMs: attempt.kind === 'held' ? attempt.retryAfterMs : 0 };
    case 'not-found':
    case 'refused':
      return { kind: 'rejected', rest, retryAfterMs: 0 };
    default:
      return { kind: attempt.kind, rest, retryAfterMs: 0 };
  }
}
