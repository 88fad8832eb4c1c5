import { MAX_RETRY_AFTER_MS } from '../http/retry';
import { unattended } from '../../util/unattended';

/** Why the scheduler woke its owner. */
export type WakeReason = 'flush' | 'expiry';

/** Over how many intervals the return of processes is spread that were refused together. */
const MOST_INTERVALS_MORE = 2;

type Timer =
  | { readonly reason: 'flush'; readonly handle: NodeJS.Timeout }
  | { readonly reason: 'expiry'; readonly handle: NodeJS.Timeout };

/**
 * Decides when to flush: within the interval, at once, or after the pause that a receiver asked for. Holds at most one
 * timer and one immediate, neither of which keeps the process alive.
 */
export class FlushScheduler {
  private timer: Timer | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private pausedUntilMs = 0;
  private isFirstInterval = true;

  /** `random` gives numbers from 0 to 1: processes that start together shall not flush in step. */
  constructor(
    private readonly intervalMs: number,
    private readonly random: () => number,
    private readonly onWake: (reason: WakeReason) => void,
  ) {}

  /** Whether it will wake by itself. */
  get isArmed(): boolean {
    return this.timer !== undefined || this.immediate !== undefined;
  }

  /** Wakes for a flush within the interval, the first of which is cut to a random part; later after a pause. */
  flushWithinInterval(): void {
    if (this.timer?.reason === 'flush' || this.immediate !== undefined) return;
    const intervalMs = this.isFirstInterval ? Math.ceil(this.intervalMs * this.random()) : this.intervalMs;
    this.isFirstInterval = false;
    this.setTimer('flush', Math.max(intervalMs, this.pausedUntilMs - performance.now()));
  }

  /** Wakes for a flush in a later turn of the event loop, so that whoever caused it does not pay; later after a pause. */
  flushAtOnce(): void {
    if (this.immediate !== undefined) return;
    if (this.pausedUntilMs > performance.now()) {
      this.flushWithinInterval();
      return;
    }
    this.clear();
    this.immediate = setImmediate(() => {
      this.immediate = undefined;
      unattended(() => this.onWake('flush'));
    }).unref();
  }

  /**
   * No flush for `pauseMs`, with up to two intervals more: processes that were refused together shall not come back
   * together. They have a backlog, and within one interval their return would be twice what the service is used to.
   */
  pause(pauseMs: number): void {
    // Whoever asks may be somebody else's code; a timer takes no time that is none, and none beyond 24 days.
    const usableMs = pauseMs > 0 ? Math.min(pauseMs, MAX_RETRY_AFTER_MS) : 0;
    this.pausedUntilMs = performance.now() + usableMs + MOST_INTERVALS_MORE * this.intervalMs * this.random();
  }

  /** Wakes at a monotonic time for statements that are given up then. For when it would not wake by itself before. */
  expireAt(timeMs: number): void {
    this.setTimer('expiry', timeMs - performance.now());
  }

  clear(): void {
    if (this.timer !== undefined) clearTimeout(this.timer.handle);
    if (this.immediate !== undefined) clearImmediate(this.immediate);
    this.timer = undefined;
    this.immediate = undefined;
  }

  private setTimer(reason: WakeReason, delayMs: number): void {
    if (this.timer !== undefined) clearTimeout(this.timer.handle);
    const wake = (): void => {
      this.timer = undefined;
      unattended(() => this.onWake(reason));
    };
    this.timer = { reason, handle: setTimeout(wake, Math.max(0, Math.ceil(delayMs))).unref() };
  }
}
