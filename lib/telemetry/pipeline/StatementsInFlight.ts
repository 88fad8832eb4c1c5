import type { ConnectionInfo } from '../../model/connection';
import type { TelemetryConfiguration } from '../../model/options';
import type { ErrorRecord } from '../../model/records';
import type { Statement } from '../../model/Statement';

/** Bounds of what is followed; as many errors may wait for their statements as records may wait to be sent. */
export type InFlightLimits = Pick<
  TelemetryConfiguration,
  'maxStatementMetrics' | 'statementTtlMs' | 'maxErrorsPerStatement' | 'maxPendingMetrics'
>;

/**
 * Statements that have not ended, oldest first, with the retryable errors that wait for their end. Bounded; following and
 * ending one cost the same at any number.
 */
export class StatementsInFlight {
  private readonly statements = new Set<Statement>();
  private readonly errors = new Map<Statement, ErrorRecord[]>();
  private held = 0;
  /** No statement is too old before this monotonic time. */
  private checkedUntilMs = Infinity;

  constructor(private readonly limits: InFlightLimits) {}

  get size(): number {
    return this.statements.size;
  }

  /** Errors that wait for the end of their statements. */
  get heldErrors(): number {
    return this.held;
  }

  /** Follows a statement; returns whether there can be one that has to be given up now that it has started. */
  add(statement: Statement): boolean {
    const { startedAtMs } = statement;
    if (this.statements.size === 0) this.checkedUntilMs = startedAtMs + this.limits.statementTtlMs;
    this.statements.add(statement);
    return startedAtMs >= this.checkedUntilMs || this.statements.size > this.limits.maxStatementMetrics;
  }

  /**
   * The statement that has to be given up at `nowMs`: too old, and no call of the application waits for it, or the oldest of
   * too many. Undefined when there is none.
   */
  overdue(nowMs: number): Statement | undefined {
    const { maxStatementMetrics, statementTtlMs } = this.limits;
    if (this.statements.size > maxStatementMetrics) return this.oldest();
    this.checkedUntilMs = nowMs + statementTtlMs;
    for (const statement of this.statements) {
      const { startedAtMs, activeCalls } = statement;
      if (startedAtMs + statementTtlMs > nowMs) {
        this.checkedUntilMs = startedAtMs + statementTtlMs;
        return undefined;
      }
      if (activeCalls === 0) return statement;
    }
    return undefined;
  }

  /** Of all, or of those of `connection`. */
  oldest(connection?: ConnectionInfo): Statement | undefined {
    for (const statement of this.statements)
      if (connection === undefined || statement.connection === connection) return statement;
    return undefined;
  }

  /** Whether all statements together have as many errors as they may have. */
  get isFull(): boolean {
    return this.held >= this.limits.maxPendingMetrics;
  }

  /** Keeps an error with its statement. Returns false when that has as many as it may have. */
  hold(statement: Statement, record: ErrorRecord): boolean {
    const errors = this.errors.get(statement) ?? [];
    if (errors.length >= this.limits.maxErrorsPerStatement) return false;
    errors.push(record);
    this.errors.set(statement, errors);
    this.held += 1;
    return true;
  }

  /** A statement has ended: it is in flight no more. Returns the errors that waited for that. */
  remove(statement: Statement): readonly ErrorRecord[] | undefined {
    this.statements.delete(statement);
    if (this.held === 0) return undefined;
    const errors = this.errors.get(statement);
    if (errors === undefined) return undefined;
    this.errors.delete(statement);
    this.held -= errors.length;
    return errors;
  }

  /** Forgets all statements in flight; returns how many errors are lost with them. */
  clear(): number {
    const lost = this.held;
    this.statements.clear();
    this.errors.clear();
    this.held = 0;
    return lost;
  }
}
