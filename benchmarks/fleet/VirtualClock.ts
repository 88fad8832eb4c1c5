/** Start of the simulated wall clock. */
const EPOCH_MS = 1_790_000_000_000;

/** What the code under simulation gets from `setTimeout`. */
class Timer {
  isCancelled = false;

  constructor(
    readonly run: (...args: unknown[]) => void,
    readonly args: readonly unknown[],
    readonly everyMs: number | undefined,
  ) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }
}

type Globals = Record<string, unknown>;

const NAMES = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const;

/**
 * Time that passes as fast as its events can be run. Takes the place of the runtime's timers and clocks. Like the
 * runtime's timers it knows whole milliseconds only: there is a list of timers for each, so that adding and finding one
 * costs the same whatever their number.
 */
export class VirtualClock {
  nowMs = 0;
  private readonly due = new Map<number, Timer[]>();
  private readonly realImmediate = globalThis.setImmediate;
  private restore: (() => void) | undefined;

  install(): void {
    const globals = globalThis as unknown as Globals;
    const originals = NAMES.map((name) => [name, globals[name]] as const);
    const [now, dateNow] = [performance.now.bind(performance), Date.now];
    type Run = (...args: unknown[]) => void;
    const cancel = (timer: Timer | undefined | null): void => {
      if (timer !== undefined && timer !== null) timer.isCancelled = true;
    };
    Object.assign(globals, {
      setTimeout: (run: Run, delayMs = 0, ...args: unknown[]) => this.add(delayMs, new Timer(run, args, undefined)),
      setInterval: (run: Run, everyMs: number, ...args: unknown[]) => this.add(everyMs, new Timer(run, args, everyMs)),
      setImmediate: (run: Run, ...args: unknown[]) => this.add(0, new Timer(run, args, undefined)),
      clearTimeout: cancel,
      clearInterval: cancel,
      clearImmediate: cancel,
    });
    performance.now = () => this.nowMs;
    Date.now = () => EPOCH_MS + this.nowMs;
    this.restore = () => {
      for (const [name, original] of originals) globals[name] = original;
      performance.now = now;
      Date.now = dateNow;
    };
  }

  uninstall(): void {
    this.restore?.();
  }

  /** Runs everything that is due until `untilMs`; promises settle after each millisecond that something happened in. */
  async runUntil(untilMs: number): Promise<void> {
    for (; this.nowMs <= untilMs; this.nowMs += 1) {
      // What an event or a promise starts at once is due in this millisecond too.
      for (let timers = this.take(); timers !== undefined; timers = this.take()) {
        for (const timer of timers) this.fire(timer);
        await this.settle();
      }
    }
    this.nowMs = untilMs;
  }

  private take(): Timer[] | undefined {
    const timers = this.due.get(this.nowMs);
    if (timers !== undefined) this.due.delete(this.nowMs);
    return timers;
  }

  private fire(timer: Timer): void {
    if (timer.isCancelled) return;
    timer.run(...timer.args);
    if (timer.everyMs !== undefined) this.add(timer.everyMs, timer);
  }

  /** A real turn of the event loop: no promise is left unsettled. */
  private settle(): Promise<void> {
    return new Promise((resolve) => this.realImmediate(resolve));
  }

  private add(delayMs: number, timer: Timer): Timer {
    const atMs = this.nowMs + Math.max(0, Math.ceil(delayMs || 0));
    const timers = this.due.get(atMs);
    if (timers === undefined) this.due.set(atMs, [timer]);
    else timers.push(timer);
    return timer;
  }
}
