import { systemClock, type Clock, type TimerHandle } from '../../../lib/util/clock';

interface SkippedTimer {
  readonly work: () => void;
  readonly dueMs: number;
  real: TimerHandle;
}

/** The process's clock, of which a test can skip any time: timers that are due by then fire at once. */
export class SkippingClock implements Clock {
  chance = 1;
  private skippedMs = 0;
  private readonly timers = new Set<SkippedTimer>();

  readonly now = (): number => systemClock.now() + this.skippedMs;
  readonly epochMs = (): number => systemClock.epochMs() + this.skippedMs;
  readonly random = (): number => this.chance;
  readonly setImmediate = (work: () => void): TimerHandle => systemClock.setImmediate(work);
  readonly clearImmediate = (handle: TimerHandle): void => systemClock.clearImmediate(handle);

  /** Milliseconds until each of the timers fires. */
  get waits(): number[] {
    return [...this.timers].map(({ dueMs }) => dueMs - this.now());
  }

  setTimeout(work: () => void, ms: number): TimerHandle {
    const timer: SkippedTimer = { work, dueMs: this.now() + ms, real: undefined };
    this.timers.add(timer);
    this.arm(timer);
    return timer;
  }

  clearTimeout(handle: TimerHandle): void {
    if (!this.timers.delete(handle as SkippedTimer)) return;
    systemClock.clearTimeout((handle as SkippedTimer).real);
  }

  skip(ms: number): void {
    this.skippedMs += ms;
    for (const timer of this.timers) {
      systemClock.clearTimeout(timer.real);
      this.arm(timer);
    }
  }

  private arm(timer: SkippedTimer): void {
    const fire = (): void => {
      if (this.timers.delete(timer)) timer.work();
    };
    timer.real = systemClock.setTimeout(fire, timer.dueMs - this.now());
  }
}
