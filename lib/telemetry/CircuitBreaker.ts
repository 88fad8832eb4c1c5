import { numberOption, type TelemetryOptions } from '../model/optionTable';
import { systemClock, type Clock } from '../util/clock';
import { debugLog, type LoggerOwner } from '../util/debugLog';

export enum CircuitBreakerState {
  CLOSED = 'CLOSED',
  OPEN = 'OPEN',
  HALF_OPEN = 'HALF_OPEN',
}

export interface CircuitBreakerConfig {
  /** Consecutive failures that open the breaker. */
  readonly failureThreshold: number;
  /** Time it stays open, in milliseconds. */
  readonly timeout: number;
  /** Successful probes that close it. */
  readonly successThreshold: number;
}

/** Where a circuit breaker stands. Times are monotonic milliseconds. */
type BreakerState =
  | { readonly kind: CircuitBreakerState.CLOSED; readonly failures: number }
  | { readonly kind: CircuitBreakerState.OPEN; readonly untilMs: number }
  | { readonly kind: CircuitBreakerState.HALF_OPEN; readonly successes: number; readonly probing: boolean };

/**
 * State of one breaker, shared by everyone who asks about the same host. `epoch` changes with the kind of state: an
 * answer to a question of an earlier epoch says nothing about the present.
 */
export interface BreakerCell {
  state: BreakerState;
  epoch: number;
}

const CLOSED: BreakerState = { kind: CircuitBreakerState.CLOSED, failures: 0 };

/** A breaker's state at its beginning. */
export function closedCell(): BreakerCell {
  return { state: CLOSED, epoch: 0 };
}

/** `execute()` was called while the breaker lets nothing through. */
export class CircuitBreakerOpenError extends Error {
  override readonly name = 'CircuitBreakerOpenError';
  readonly code = 'CIRCUIT_BREAKER_OPEN';

  constructor() {
    super('The circuit breaker of this host is open: no request is made');
  }
}

/** Leave to make one attempt. The first of its methods that is called counts, and only while the state is the same. */
export interface BreakerPermit {
  success(): void;
  /** `retryAfterMs`: how long the server asked to be left alone. */
  failure(retryAfterMs?: number): void;
  /** The attempt says nothing about the host's health. A probe's place becomes free again. */
  release(): void;
}

const PROBES_TO_CLOSE = 2;

/**
 * Keeps requests from a host that is down: CLOSED, OPEN after consecutive failures, HALF_OPEN with one probe at a time
 * once the open time is over. `config` defaults to the telemetry options of `context`; breakers on one `cell` share
 * their state.
 */
export class CircuitBreaker {
  private readonly config: CircuitBreakerConfig;

  constructor(
    private readonly context: LoggerOwner & { getConfig(): TelemetryOptions },
    config: Partial<CircuitBreakerConfig> = {},
    private readonly cell: BreakerCell = closedCell(),
    private readonly clock: Clock = systemClock,
  ) {
    const options = context.getConfig();
    this.config = {
      failureThreshold: numberOption(options, 'telemetryCircuitBreakerThreshold'),
      timeout: numberOption(options, 'telemetryCircuitBreakerTimeout'),
      successThreshold: PROBES_TO_CLOSE,
      ...config,
    };
  }

  /** The state as the last attempt left it: an open time that is over shows with the next attempt. */
  getState(): CircuitBreakerState {
    return this.cell.state.kind;
  }

  /** Milliseconds until an attempt can be let through; 0 when one can now. */
  retryAfterMs(): number {
    const { state } = this.cell;
    return state.kind === CircuitBreakerState.OPEN ? Math.max(0, state.untilMs - this.clock.now()) : 0;
  }

  /** Asks to make an attempt; undefined while open, and in HALF_OPEN while another probe is on its way. */
  tryAcquire(): BreakerPermit | undefined {
    const { state } = this.cell;
    if (state.kind === CircuitBreakerState.OPEN) {
      if (this.clock.now() < state.untilMs) return undefined;
      this.move({ kind: CircuitBreakerState.HALF_OPEN, successes: 0, probing: true });
    } else if (state.kind === CircuitBreakerState.HALF_OPEN) {
      if (state.probing) return undefined;
      this.move({ ...state, probing: true });
    }
    return this.permit();
  }

  /** Runs `operation` as one attempt: a rejection is a failure. Throws `CircuitBreakerOpenError` when not let through. */
  async execute<T>(operation: () => Promise<T>): Promise<T> {
    const permit = this.tryAcquire();
    if (permit === undefined) throw new CircuitBreakerOpenError();
    let succeeded = false;
    try {
      const result = await operation();
      succeeded = true;
      return result;
    } finally {
      if (succeeded) permit.success();
      else permit.failure();
    }
  }

  private permit(): BreakerPermit {
    const { epoch } = this.cell;
    let isOpen = true;
    const decide = (next: () => BreakerState): void => {
      if (isOpen && this.cell.epoch === epoch) this.move(next());
      isOpen = false;
    };
    return {
      success: () => decide(() => afterSuccess(this.cell.state, this.config)),
      failure: (retryAfterMs = 0) =>
        decide(() => afterFailure(this.cell.state, this.config, this.clock.now(), retryAfterMs)),
      release: () => decide(() => afterRelease(this.cell.state)),
    };
  }

  private move(next: BreakerState): void {
    const before = this.cell.state.kind;
    this.cell.state = next;
    if (next.kind === before) return;
    this.cell.epoch += 1;
    debugLog(this.context, `circuit breaker ${before} -> ${next.kind}`);
  }
}

function afterSuccess(state: BreakerState, config: CircuitBreakerConfig): BreakerState {
  if (state.kind !== CircuitBreakerState.HALF_OPEN) return CLOSED;
  const successes = state.successes + 1;
  return successes >= config.successThreshold ? CLOSED : { kind: state.kind, successes, probing: false };
}

/** `retryAfterMs` is the server's wish: it can lengthen the open time, never shorten it. */
function afterFailure(
  state: BreakerState,
  config: CircuitBreakerConfig,
  nowMs: number,
  retryAfterMs: number,
): BreakerState {
  const failures = state.kind === CircuitBreakerState.CLOSED ? state.failures + 1 : config.failureThreshold;
  if (failures < config.failureThreshold) return { kind: CircuitBreakerState.CLOSED, failures };
  return { kind: CircuitBreakerState.OPEN, untilMs: nowMs + Math.max(config.timeout, retryAfterMs) };
}

/** An attempt that said nothing: a probe's place is free again. */
function afterRelease(state: BreakerState): BreakerState {
  return state.kind === CircuitBreakerState.HALF_OPEN ? { ...state, probing: false } : state;
}
