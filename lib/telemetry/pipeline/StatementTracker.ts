import { RecentIds } from './RecentIds';
import type { StatementAggregate } from '../../model/StatementAggregate';

/** Ids of completed statements that are remembered, so that what arrives late starts no second row. */
const REMEMBERED_IDS = 4096;

export interface TrackerLimits {
  readonly maxStatements: number;
  readonly ttlMs: number;
}

/** A statement that events refer to by its id. */
export interface NamedStatement {
  readonly statement: StatementAggregate;
  /** CloudFetch files that were counted; undefined before the first. */
  chunks: Set<number> | undefined;
  hasFailed: boolean;
}

/**
 * Statements in flight, oldest first, as a linked list through the statements themselves: tracking and ending one cost
 * the same at any number. A statement that is too old, or the oldest when there are too many, is given up.
 */
export class StatementTracker {
  private oldest: StatementAggregate | undefined;
  private newest: StatementAggregate | undefined;
  private count = 0;
  private readonly named = new Map<string, NamedStatement>();
  private readonly completed = new RecentIds(REMEMBERED_IDS);

  /** `onGivenUp` must end the statement: it is called until the statement is out of the list. */
  constructor(
    private readonly limits: TrackerLimits,
    private readonly onGivenUp: (statement: StatementAggregate) => void,
  ) {}

  get size(): number {
    return this.count;
  }

  /** Monotonic milliseconds at which the oldest statement is given up; undefined without one. */
  get nextExpiryMs(): number | undefined {
    return this.oldest === undefined ? undefined : this.oldest.startedAtMs + this.limits.ttlMs;
  }

  /** Follows a statement; does nothing for one that is known already. */
  track(statement: StatementAggregate): void {
    if (statement.tracking !== 'untracked') return;
    if (this.count >= this.limits.maxStatements && this.oldest !== undefined) this.onGivenUp(this.oldest);
    statement.tracking = 'in flight';
    statement.older = this.newest;
    if (this.newest === undefined) this.oldest = statement;
    else this.newest.newer = statement;
    this.newest = statement;
    this.count += 1;
  }

  /** Follows a statement under its id. */
  trackNamed(id: string, statement: StatementAggregate): NamedStatement {
    const named: NamedStatement = { statement, chunks: undefined, hasFailed: false };
    this.track(statement);
    this.named.set(id, named);
    return named;
  }

  find(id: string): NamedStatement | undefined {
    return this.named.get(id);
  }

  /** Whether the statement with this id has ended, as far back as ids are remembered. */
  hasEnded(id: string): boolean {
    return this.completed.has(id);
  }

  /** Marks a statement as ended. Returns false when it had ended before. */
  end(statement: StatementAggregate): boolean {
    if (statement.tracking === 'recorded') return false;
    if (statement.tracking === 'in flight') this.unlink(statement);
    statement.tracking = 'recorded';
    return true;
  }

  giveUpExpired(nowMs: number): void {
    while (this.oldest !== undefined && this.oldest.startedAtMs + this.limits.ttlMs <= nowMs) {
      this.onGivenUp(this.oldest);
    }
  }

  giveUpAll(): void {
    while (this.oldest !== undefined) this.onGivenUp(this.oldest);
  }

  /** Forgets every statement in flight, without an end; `onForgotten` gets each. */
  forgetAll(onForgotten: (statement: StatementAggregate) => void): void {
    while (this.oldest !== undefined) {
      const statement = this.oldest;
      this.unlink(statement);
      statement.tracking = 'untracked';
      onForgotten(statement);
    }
  }

  private unlink(statement: StatementAggregate): void {
    const { older, newer, statementId } = statement;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    statement.older = undefined;
    statement.newer = undefined;
    this.count -= 1;
    // Statements that are followed by reference are never in the map: no look-up for them.
    if (this.named.size > 0 && statementId !== undefined && this.named.get(statementId)?.statement === statement) {
      this.named.delete(statementId);
      this.completed.add(statementId);
    }
  }
}
