import type { IClientContext } from '../contracts/IClientContext';
import { toHostKey } from '../model/connection';
import { systemClock, type Clock } from '../util/clock';
import { CircuitBreaker, closedCell, type BreakerCell } from './CircuitBreaker';
import { defaultHostRegistry, type HostRegistry, type Slot } from './hosts/HostRegistry';

const BREAKER_SLOT: Slot<BreakerCell> = { create: closedCell };

/** One breaker state per host, shared by the process and kept when the last client of the host is gone. */
export class CircuitBreakerRegistry {
  constructor(
    private readonly context: IClientContext,
    readonly hosts: HostRegistry = defaultHostRegistry,
    private readonly clock: Clock = systemClock,
  ) {}

  /** The breaker of `host`, however it is spelt, with this context's thresholds. */
  get(host: string): CircuitBreaker {
    return new CircuitBreaker(this.context, {}, this.hosts.get(toHostKey(host)).get(BREAKER_SLOT), this.clock);
  }
}
