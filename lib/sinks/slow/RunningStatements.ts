import { spentMs, type Statement } from '../../model/Statement';
import type { Clock, TimerHandle } from '../../util/clock';

/** Statements that are watched at once; further ones are told of when they have ended. */
const MAX_WATCHED = 1000;

/**
 * Notices that a statement has taken `thresholdMs` while it still runs, once for each. One timer for all of them, which
 * stays when a statement ends: a fast one costs no timer of its own. None while no statement runs.
 */
export class RunningStatements {
  private readonly statements = new Set<Statement>();
  private timer: TimerHandle;

  constructor(
    private readonly thresholdMs: number,
    /** Told of a statement that has taken `ms` so far. */
    private readonly tell: (statement: Statement, ms: number) => void,
    private readonly clock: Clock,
  ) {}

  add(statement: Statement): void {
    if (this.statements.size >= MAX_WATCHED) return;
    this.statements.add(statement);
    this.timer ??= lookAfter(this.thresholdMs, new WeakRef(this), this.clock);
  }

  remove(statement: Statement): void {
    this.statements.delete(statement);
  }

  stop(): void {
    this.statements.clear();
    this.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Tells of those that have become slow, and sees to it that this is done again while there are others. */
  look(): void {
    const nowMs = this.clock.now();
    // One that the application leaves alone takes no time now, and may go on at any moment.
    let nextMs = this.thresholdMs;
    for (const statement of this.statements) {
      const ms = spentMs(statement, nowMs);
      if (ms >= this.thresholdMs) {
        this.statements.delete(statement);
        this.tell(statement, ms);
      } else if (statement.activeCalls > 0 || statement.submitLatencyMs === undefined) {
        nextMs = Math.min(nextMs, this.thresholdMs - ms);
      }
    }
    this.timer = this.statements.size === 0 ? undefined : lookAfter(nextMs, new WeakRef(this), this.clock);
  }
}

/** A timer does not keep the client alive that the application has dropped. */
function lookAfter(ms: number, running: WeakRef<RunningStatements>, clock: Clock): TimerHandle {
  return clock.setTimeout(() => running.deref()?.look(), ms);
}
