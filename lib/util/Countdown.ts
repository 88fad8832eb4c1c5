import { nextTurn, type Clock, type TimerHandle } from './clock';

/** Parts in which the time passes. */
const STEPS = 10;

/**
 * Time for an answer from elsewhere. It passes in steps of which each counts for two at most: while the application holds
 * up the event loop no answer can be read, and it is not the other side that is slow.
 */
export class Countdown {
  private readonly stepMs: number;
  private restMs: number;
  private steppedAtMs: number;
  private timer: TimerHandle;
  private isCancelled = false;

  /** `onOver` is called once, after a turn in which what has arrived by then is read; not when it was cancelled. */
  constructor(
    private readonly clock: Clock,
    ms: number,
    private readonly onOver: () => void,
  ) {
    this.restMs = ms;
    this.stepMs = Math.max(1, ms / STEPS);
    this.steppedAtMs = clock.now();
    this.step();
  }

  /** Milliseconds that are left; 0 when it is over. */
  get leftMs(): number {
    return Math.max(0, this.restMs - this.steppedMs());
  }

  cancel(): void {
    this.isCancelled = true;
    this.clock.clearTimeout(this.timer);
  }

  private steppedMs(): number {
    return Math.min(2 * this.stepMs, this.clock.now() - this.steppedAtMs);
  }

  private step(): void {
    this.restMs -= this.steppedMs();
    this.steppedAtMs = this.clock.now();
    if (this.restMs > 0) this.timer = this.clock.setTimeout(() => this.step(), Math.min(this.stepMs, this.restMs));
    else {
      void nextTurn(this.clock).then(() => {
        if (!this.isCancelled) this.onOver();
      });
    }
  }
}
