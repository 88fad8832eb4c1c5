import type { IClientContext } from '../contracts/IClientContext';
import { afterFailure, afterRelease, afterSuccess, closedCell } from './hosts/breakerState';
import type { BreakerCell, BreakerState, CircuitBreakerConfig } from './hosts/breakerState';
import { debugLog } from '../util/debugLog';
import { toHostKey } from '../model/host';
import { defaultHostRegistry } from './hosts/HostRegistry';
import type { HostRegistry } from './hosts/HostRegistry';
import { resolveConfiguration } from '../model/options';

export type { CircuitBreakerConfig };

export enum CircuitBreakerState {
  CLOSED = 'CLOSED',
  OPEN = 'OPEN',
  HALF_OPEN = 'HALF_OPEN',
}

/** `execute()` was called while the breaker lets nothing through. */
export class CircuitBreakerOpenError extends Error {
  override readonly name = 'CircuitBreakerOpenError';
  readonly code = 'CIRCUIT_BREAKER_OPEN';
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
const NAMES = {
  closed: CircuitBreakerState.CLOSED,
  open: CircuitBreakerState.OPEN,
  'half-open': CircuitBreakerState.HALF_OPEN,
} as const satisfies Record<BreakerState['kind'], CircuitBreakerState>;

/**
 * Keeps requests from a host that is down: CLOSED, OPEN after consecutive failures, HALF_OPEN with one probe at a time
 * once the open time is over. `config` defaults to the telemetry options of `context`; breakers on one `cell` share
 * their state.
 */
export class CircuitBreaker {
  private readonly config: CircuitBreakerConfig;

  constructor(
    private readonly context: IClientContext,
    config: Partial<CircuitBreakerConfig> = {},
    private readonly cell: BreakerCell = closedCell(),
  ) {
    const options = resolveConfiguration(context.getConfig());
    this.config = {
      failureThreshold: options.circuitBreakerThreshold,
      timeout: options.circuitBreakerTimeout,
      successThreshold: PROBES_TO_CLOSE,
      ...config,
    };
  }

  getState(): CircuitBreakerState {
    return NAMES[this.cell.state.kind];
  }

  /** Milliseconds until an attempt can be let through; 0 when one can now. */
  retryAfterMs(): number {
    const { state } = this.cell;
    return state.kind === 'open' ? Math.max(0, state.untilMs - performance.now()) : 0;
  }

  /** Asks to make an attempt; undefined while open, and in HALF_OPEN while another probe is on its way. */
  tryAcquire(): BreakerPermit | undefined {
    const { state } = this.cell;
    if (state.kind === 'open') {
      if (performance.now() < state.untilMs) return undefined;
      this.move({ kind: 'half-open', successes: 0, probing: true });
    } else if (state.kind === 'half-open') {
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
    let open = true;
    const settle = (next: () => BreakerState): void => {
      if (open && this.cell.epoch === epoch) this.move(next());
      open = false;
    };
    return {
      success: () => settle(() => afterSuccess(this.cell.state, this.config)),
      failure: (retryAfterMs = 0) =>
        settle(() => afterFailure(this.cell.state, this.config, performance.now(), retryAfterMs)),
      release: () => settle(() => afterRelease(this.cell.state)),
    };
  }

  private move(next: BreakerState): void {
    const before = this.cell.state.kind;
    this.cell.state = next;
    if (next.kind === before) return;
    this.cell.epoch += 1;
    debugLog(this.context, `circuit breaker ${NAMES[before]} -> ${NAMES[next.kind]}`);
  }
}

/** One breaker state per host, shared by the process and kept when the last client of the host is gone. */
export class CircuitBreakerRegistry {
  constructor(
    private readonly context: IClientContext,
    readonly hosts: HostRegistry = defaultHostRegistry,
  ) {}

  /** The breaker of `host`, however it is spelt, with this context's thresholds. */
  get(host: string): CircuitBreaker {
    return new CircuitBreaker(this.context, {}, this.hosts.get(toHostKey(host)).breaker);
  }
}
