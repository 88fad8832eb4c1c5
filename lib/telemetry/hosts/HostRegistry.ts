/* telemetry/hosts/: what clients share, for one host and for all, however many clients there are. */
import type { HostKey } from '../../model/connection';

/** Stands for what one component shares; the slot itself is the key. `slots`: where its neighbours are found. */
export interface Slot<T> {
  readonly create: (slots: Slots) => T;
}

/** What components share, by slot alone. */
export class Slots {
  private readonly parts = new Map<Slot<unknown>, unknown>();

  /** The part of `slot`, made at the first call. */
  get<T>(slot: Slot<T>): T {
    if (!this.parts.has(slot)) this.parts.set(slot, slot.create(this));
    return this.parts.get(slot) as T;
  }
}

/** What a process shares for one host. Outlives those who use it. */
export class HostState extends Slots {
  /** How many use this host just now. */
  users = 0;
}

const DEFAULT_MAX_HOSTS = 1000;

/**
 * All that clients share: for each host, by its normalised name, and for all hosts together. Bounded: hosts that nobody
 * uses are forgotten, oldest first.
 */
export class HostRegistry {
  /** What belongs to no single host. */
  readonly common = new Slots();
  private readonly hosts = new Map<HostKey, HostState>();

  constructor(private readonly maxHosts = DEFAULT_MAX_HOSTS) {}

  /** What is shared for `host`, made at the first call. */
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
