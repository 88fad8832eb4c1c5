import type { JournalPosition } from './journal/format';
import type { LoadReport } from './store/protocol';

/** How far the store is behind the journal. */
export class Progress {
  private committed: JournalPosition = { segment: 0, offset: 0 };
  private loadedTo: JournalPosition = { segment: 0, offset: 0 };
  private behindSinceMs: number | undefined;
  private lastLagMs = 0;
  private damagedEntries = 0;
  private stuckMessage: string | null = null;
  private failureCount = 0;
  private asideRows = 0;

  get damaged(): number {
    return this.damagedEntries;
  }

  /** Why the last load failed; null while loads succeed. */
  get failure(): string | null {
    return this.stuckMessage;
  }

  /** How often the store failed to take in since the start, each try. */
  get failures(): number {
    return this.failureCount;
  }

  /** Rows that the store refused, each by itself, since the start. */
  get aside(): number {
    return this.asideRows;
  }

  /** From arrival to visible: of the last load, or of what waits if that is longer. */
  lagMs(nowMs: number): number {
    return Math.max(this.lastLagMs, this.behindSinceMs === undefined ? 0 : nowMs - this.behindSinceMs);
  }

  commit(position: JournalPosition, nowMs: number): void {
    this.committed = position;
    this.behindSinceMs ??= nowMs;
  }

  loaded({ position, lagMs, damaged }: LoadReport, nowMs: number): void {
    this.loadedTo = position;
    this.lastLagMs = lagMs;
    this.damagedEntries = damaged;
    this.stuckMessage = null;
    const caughtUp =
      this.loadedTo.segment > this.committed.segment ||
      (this.loadedTo.segment === this.committed.segment && this.loadedTo.offset >= this.committed.offset);
    this.behindSinceMs = caughtUp ? undefined : nowMs;
  }

  /** What failed is gone with its thread: whether loads succeed shows with the next. */
  reopened(): void {
    this.stuckMessage = null;
  }

  putAside(rows: number): void {
    this.asideRows += rows;
  }

  stuck(message: string): void {
    this.failureCount += 1;
    this.stuckMessage = message;
  }
}
