/** Where a circuit breaker stands. Times are monotonic milliseconds. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'half-open'; readonly successes: number; readonly probing: boolean };

export interface CircuitBreakerConfig {
  /** Consecutive failures that open the breaker. */
  readonly failureThreshold: number;
  /** Time it stays open, in milliseconds. */
  readonly timeout: number;
  /** Successful probes that close it. */
  readonly successThreshold: number;
}

/**
 * State of one breaker, shared by everyone who asks about the same host. `epoch` changes with the kind of state: an
 * answer to a question of an earlier epoch says nothing about the present.
 */
export interface BreakerCell {
  state: BreakerState;
  epoch: number;
}

const CLOSED: BreakerState = { kind: 'closed', failures: 0 };

export function closedCell(): BreakerCell {
  return { state: CLOSED, epoch: 0 };
}

export function afterSuccess(state: BreakerState, config: CircuitBreakerConfig): BreakerState {
  if (state.kind !== 'half-open') return CLOSED;
  const successes = state.successes + 1;
  return successes >= config.successThreshold ? CLOSED : { kind: 'half-open', successes, probing: false };
}

/** `retryAfterMs` is the server's wish: it can lengthen the open time, never shorten it. */
export function afterFailure(
  state: BreakerState,
  config: CircuitBreakerConfig,
  nowMs: number,
  retryAfterMs: number,
): BreakerState {
  const failures = state.kind === 'closed' ? state.failures + 1 : config.failureThreshold;
  if (failures < config.failureThreshold) return { kind: 'closed', failures };
  return { kind: 'open', untilMs: nowMs + Math.max(config.timeout, retryAfterMs) };
}

/** An attempt that said nothing: a probe's place is free again. */
export function afterRelease(state: BreakerState): BreakerState {
  return state.kind === 'half-open' ? { ...state, probing: false } : state;
}
