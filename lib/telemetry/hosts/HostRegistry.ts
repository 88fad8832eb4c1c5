/* telemetry/hosts/: what a process shares for one host, however many clients it has. */
import type { HostKey } from '../../model/connection';

/** What one component keeps for a host, by the component's own key. */
export interface HostSlot<T> {
  readonly create: () => T;
}

/** What a process shares for one host. Knows its parts by their slots alone. Outlives those who use it. */
export class HostState {
  private readonly parts = new Map<HostSlot<unknown>, unknown>();
  /** How many use this host just now. */
  users = 0;

  /** The part of `slot`, made at the first call. */
  get<T>(slot: HostSlot<T>): T {
    if (!this.parts.has(slot)) this.parts.set(slot, slot.create());
    return this.parts.get(slot) as T;
  }
}

const DEFAULT_MAX_HOSTS = 1000;

/** The state of each host, by its normalised name. Bounded: hosts that nobody uses are forgotten, oldest first. */
export class HostRegistry {
  private readonly hosts = new Map<HostKey, HostState>();

  constructor(private readonly maxHosts = DEFAULT_MAX_HOSTS) {}

  get(host: HostKey): HostState {
    let state = this.hosts.get(host);
    if (state === undefined) {
      this.forgetUnused();
      state = new HostState();
      this.hosts.set(host, state);
    }
    return state;
  }

  private forgetUnused(): void {
    for (const [host, state] of this.hosts) {
      if (this.hosts.size < this.maxHosts) return;
      if (state.users === 0) this.hosts.delete(host);
    }
  }
}

/** The registry that all clients of the process share unless they are given another one. */
export const defaultHostRegistry = new HostRegistry();
