interface Event {
  atMs: number;
  readonly order: number;
  readonly run: () => void;
  readonly everyMs: number | undefined;
  isCancelled: boolean;
}

/** What the code under simulation gets from `setTimeout`. */
interface Handle extends Event {
  ref(): Handle;
  unref(): Handle;
  hasRef(): boolean;
}

/** Start of the simulated wall clock. */
const EPOCH_MS = 1_790_000_000_000;

/**
 * Time that passes as fast as events can be run. Takes the place of the runtime's timers and clocks; events are kept in a
 * heap, since the fake timers of test libraries look through all of them for the next.
 */
export class VirtualClock {
  nowMs = 0;
  private readonly heap: Event[] = [];
  private made = 0;
  private readonly realImmediate = globalThis.setImmediate;
  private restore: (() => void) | undefined;

  install(): void {
    const saved = { ...globalThis } as Record<string, unknown>;
    const names = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'];
    const originals = names.map(
      (name) => [name, (globalThis as Record<string, unknown>)[name] ?? saved[name]] as const,
    );
    const [now, dateNow] = [performance.now.bind(performance), Date.now];
    const set = (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): Handle =>
      this.add(delayMs, undefined, () => run(...args));
    const cancel = (handle: Event | undefined): void => {
      if (handle !== undefined && handle !== null) handle.isCancelled = true;
    };
    Object.assign(globalThis, {
      setTimeout: set,
      setInterval: (run: () => void, everyMs: number) => this.add(everyMs, everyMs, run),
      setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) => set(run, 0, ...args),
      clearTimeout: cancel,
      clearInterval: cancel,
      clearImmediate: cancel,
    });
    performance.now = () => this.nowMs;
    Date.now = () => EPOCH_MS + this.nowMs;
    this.restore = () => {
      for (const [name, original] of originals) (globalThis as Record<string, unknown>)[name] = original;
      performance.now = now;
      Date.now = dateNow;
    };
  }

  uninstall(): void {
    this.restore?.();
  }

  /** Runs everything that is due until `untilMs`; promises settle after each event. */
  async runUntil(untilMs: number): Promise<void> {
    for (let next = this.heap[0]; next !== undefined && next.atMs <= untilMs; next = this.heap[0]) {
      this.take();
      if (next.isCancelled) continue;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      if (next.everyMs !== undefined) {
        next.atMs = this.nowMs + next.everyMs;
        this.put(next);
      }
      // Everything at one moment runs first, then promises get their turn.
      if (this.heap[0]?.atMs !== this.nowMs || (this.made & 63) === 0) await this.settle();
    }
    this.nowMs = untilMs;
  }

  private settle(): Promise<void> {
    return new Promise((resolve) => this.realImmediate(resolve));
  }

  private add(delayMs: number, everyMs: number | undefined, run: () => void): Handle {
    const handle: Handle = {
      atMs: this.nowMs + Math.max(0, delayMs || 0),
      order: (this.made += 1),
      run,
      everyMs,
      isCancelled: false,
      ref: () => handle,
      unref: () => handle,
      hasRef: () => false,
    };
    this.put(handle);
    return handle;
  }

  private put(event: Event): void {
    const { heap } = this;
    let place = heap.push(event) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as Event;
      if (!isBefore(event, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = event;
  }

  private take(): void {
    const { heap } = this;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[place] = heap[child] as Event;
      place = child;
    }
    heap[place] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
