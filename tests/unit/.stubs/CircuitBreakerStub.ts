import {
  CircuitBreakerOpenError,
  CircuitBreakerState,
  type BreakerPermit,
} from '../../../lib/telemetry/CircuitBreaker';

/** A breaker that lets through or not, as it is told, and keeps what became of the attempts. */
export class CircuitBreakerStub {
  readonly ends: ('success' | 'failure' | 'release')[] = [];

  constructor(public state = CircuitBreakerState.CLOSED) {}

  getState = (): CircuitBreakerState => this.state;
  retryAfterMs = (): number => (this.state === CircuitBreakerState.OPEN ? 1000 : 0);

  tryAcquire(): BreakerPermit | undefined {
    if (this.state === CircuitBreakerState.OPEN) return undefined;
    const end = (how: 'success' | 'failure' | 'release') => (): void => void this.ends.push(how);
    return { success: end('success'), failure: end('failure'), release: end('release') };
  }

  async execute<T>(operation: () => Promise<T>): Promise<T> {
    if (this.tryAcquire() === undefined) throw new CircuitBreakerOpenError();
    return operation();
  }
}
