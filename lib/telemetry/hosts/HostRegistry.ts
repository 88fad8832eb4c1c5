import { closedCell } from './breakerState';
import type { BreakerCell } from './breakerState';
import { EndpointMemory } from '../http/endpoints';
import { HostFlag } from './HostFlag';
import type { HostKey } from '../../model/host';
import type { OnPreview } from '../../model/preview';
import type { TelemetryClient } from '../TelemetryClient';
import { Turn } from '../../util/Mutex';

/** Limits and defaults of the feature flag's life, in milliseconds. */
export interface FlagTiming {
  /** When the answer names none. */
  readonly defaultTtlMs: number;
  readonly minTtlMs: number;
  readonly maxTtlMs: number;
  /** Before a negative answer without TTL is asked again, and before a request that failed; doubles each time. */
  readonly retryMs: number;
}

const FLAG_TIMING: FlagTiming = {
  defaultTtlMs: 15 * 60_000,
  minTtlMs: 60_000,
  maxTtlMs: 60 * 60_000,
  retryMs: 30_000,
};

/** Where a host's telemetry goes: '' is the host's own endpoint. */
export type Receiver = string | OnPreview;

/** A running client and how many leases keep it alive. */
export interface RunningClient {
  readonly client: TelemetryClient;
  leases: number;
}

/** What a process shares for one host. Outlives the host's clients. */
export class HostState {
  readonly breaker: BreakerCell = closedCell();
  readonly flag: HostFlag;
  /** One telemetry request in flight per host. */
  readonly turn = new Turn();
  readonly endpoints = new EndpointMemory();
  /** Monotonic time before which the host asked not to be called again (`Retry-After`). */
  notBeforeMs = 0;
  /** The host took a body plain that it had refused compressed. */
  refusesGzip = false;
  readonly running = new Map<Receiver, RunningClient>();

  constructor(timing: FlagTiming) {
    this.flag = new HostFlag(timing);
  }

  get isInUse(): boolean {
    return this.running.size > 0 || this.flag.isLeased;
  }
}

const DEFAULT_MAX_HOSTS = 1000;

/** The state of each host, by its normalised name. Bounded: hosts that nobody uses are forgotten, oldest first. */
export class HostRegistry {
  private readonly hosts = new Map<HostKey, HostState>();
  private readonly timing: FlagTiming;

  constructor(
    timing: Partial<FlagTiming> = {},
    private readonly maxHosts = DEFAULT_MAX_HOSTS,
  ) {
    this.timing = { ...FLAG_TIMING, ...timing };
  }

  get(host: HostKey): HostState {
    let state = this.hosts.get(host);
    if (state === undefined) {
      this.forgetUnused();
      state = new HostState(this.timing);
      this.hosts.set(host, state);
    }
    return state;
  }

  private forgetUnused(): void {
    for (const [host, state] of this.hosts) {
      if (this.hosts.size < this.maxHosts) return;
      if (!state.isInUse) this.hosts.delete(host);
    }
  }
}

/** The registry that all clients of the process share unless they are given another one. */
export const defaultHostRegistry = new HostRegistry();
