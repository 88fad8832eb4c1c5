import type { Clock, TimerHandle } from '../../util/clock';
import { unattended } from '../../util/unattended';

/** Over how many intervals the return of processes is spread that were refused together. */
const MOST_INTERVALS_MORE = 2;
/** A receiver that asks for a longer pause is asked again after this time. */
const MAX_PAUSE_MS = 3_600_000;

/**
 * Decides when to flush: within the interval, at once, or after the pause that a receiver asked for. Holds at most one
 * timer or immediate, which does not keep the process alive; what a flush fails with does not get past it.
 */
export class FlushSchedule {
  private timer: TimerHandle;
  private immediate: TimerHandle;
  private pausedUntilMs = 0;
  private isFirstInterval = true;

  constructor(
    private readonly intervalMs: number,
    private readonly clock: Clock,
    private readonly onDue: () => unknown,
  ) {}

  /** Whether it will wake by itself. */
  get isArmed(): boolean {
    return this.timer !== undefined || this.immediate !== undefined;
  }

  /** Flushes within the interval, the first of which is cut to a random part; later after a pause. */
  flushWithinInterval(): void {
    if (this.isArmed) return;
    const intervalMs = this.isFirstInterval ? this.intervalMs * this.clock.random() : this.intervalMs;
    this.isFirstInterval = false;
    this.wakeAfter(Math.max(intervalMs, this.pausedUntilMs - this.clock.now()));
  }

  /** Flushes in a later turn of the event loop, so that whoever caused it does not pay; later after a pause. */
  flushAtOnce(): void {
    if (this.immediate !== undefined) return;
    if (this.pausedUntilMs > this.clock.now()) {
      this.flushWithinInterval();
      return;
    }
    this.clear();
    this.immediate = this.clock.setImmediate(() => {
      this.immediate = undefined;
      unattended(this.onDue);
    });
  }

  /** Wakes after `ms`, in the place of whatever was due. */
  wakeAfter(ms: number): void {
    this.clear();
    this.timer = this.clock.setTimeout(() => {
      this.timer = undefined;
      unattended(this.onDue);
    }, ms);
  }

  /**
   * No flush for `pauseMs`, with up to two intervals more: processes that were refused together shall not come back
   * together. They have a backlog, and within one interval their return would be twice what the service is used to.
   */
  pause(pauseMs: number): void {
    // Whoever asks may be somebody else's code.
    const usableMs = pauseMs > 0 ? Math.min(pauseMs, MAX_PAUSE_MS) : 0;
    this.pausedUntilMs = this.clock.now() + usableMs + MOST_INTERVALS_MORE * this.intervalMs * this.clock.random();
  }

  clear(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    if (this.immediate !== undefined) this.clock.clearImmediate(this.immediate);
    this.timer = undefined;
    this.immediate = undefined;
  }
}
