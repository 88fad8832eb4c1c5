import { toSqlError } from '../engine/errors';
import { Execution, type ExecutionContext, type ExecutionResult, type Work } from '../engine/Execution';
import type { StatementRecord } from '../received/types';
import { SqlError, withStatement } from '../sql/SqlError';

/** Where a statement stands. `R` is what its protocol made of the result. */
export type RunState<R> =
  | { kind: 'running' }
  | { kind: 'finished'; result: ExecutionResult; delivery: R }
  | { kind: 'failed'; error: SqlError }
  | { kind: 'timed-out'; error: SqlError }
  | { kind: 'cancelled' }
  | { kind: 'closed' };

export interface RunSettings<R> {
  record: StatementRecord;
  execution: ExecutionContext;
  /** Zero: no limit. */
  timeoutMs: number;
  /** Prepares the result for its protocol; part of running, so what it rejects with fails the statement. */
  deliver: (result: ExecutionResult) => R | Promise<R>;
  onClose: () => void;
}

/** One statement or metadata call, whatever the protocol, from its start until it is closed. */
export class StatementRun<R> {
  private current: RunState<R> = { kind: 'running' };
  private readonly execution: Execution;
  private settled: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  readonly startedAt = Date.now();
  completedAt: number | undefined;

  constructor(private readonly settings: RunSettings<R>) {
    this.execution = new Execution(settings.execution);
  }

  get state(): RunState<R> {
    return this.current;
  }

  get isRunning(): boolean {
    return this.current.kind === 'running';
  }

  get record(): StatementRecord {
    return this.settings.record;
  }

  start(work: Work): void {
    const { timeoutMs } = this.settings;
    if (timeoutMs > 0) {
      this.timer = setTimeout(() => this.timeOut(timeoutMs), timeoutMs);
      this.timer.unref();
    }
    this.settled = this.run(work).catch((error: unknown) => {
      const failure = toSqlError(error);
      this.settle({ kind: 'failed', error: work.kind === 'statement' ? withStatement(failure, work.sql) : failure });
      this.execution.discard();
    });
  }

  private async run(work: Work): Promise<void> {
    const result = await this.execution.run(work);
    const delivery = await this.settings.deliver(result);
    this.settle({ kind: 'finished', result, delivery });
    if (this.current.kind !== 'finished') this.execution.discard();
  }

  private settle(state: Exclude<RunState<R>, { kind: 'running' | 'closed' }>): void {
    if (this.current.kind !== 'running') return;
    clearTimeout(this.timer);
    this.current = state;
    this.completedAt = Date.now();
    const { record } = this;
    record.finishedAt = this.completedAt;
    record.outcome = state.kind === 'finished' ? 'succeeded' : state.kind;
    if (state.kind === 'failed' || state.kind === 'timed-out') this.recordError(state.error);
  }

  private recordError(error: SqlError): void {
    this.record.sqlState = error.sqlState;
    this.record.errorMessage = error.message;
  }

  private timeOut(timeoutMs: number): void {
    const text = `Query timed out after ${Math.round(timeoutMs / 1000)} seconds.`;
    this.settle({ kind: 'timed-out', error: new SqlError('QUERY_EXECUTION_TIMEOUT_EXCEEDED', '57KD0', text) });
    this.execution.interrupt();
  }

  /** Resolves when the statement is no longer running, or after `ms`. */
  async wait(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.settled, pause]);
    clearTimeout(timer);
  }

  /** Share of the work that is done, 0 to 1. */
  progress(): number {
    return this.execution.progress();
  }

  /** A finished statement turns into a failed one: an error in a row that was read later. */
  failLate(error: SqlError): void {
    this.current = { kind: 'failed', error };
    this.record.outcome = 'failed';
    this.recordError(error);
    this.execution.discard();
  }

  /** Gives the connection back; to be called when every row was read. Idempotent. */
  release(): void {
    this.execution.close();
  }

  /** Ends a running statement at once; a finished one only gives up its unread rows. */
  cancel(): void {
    this.settle({ kind: 'cancelled' });
    this.execution.interrupt();
    this.execution.close();
  }

  /** Idempotent. */
  close(by: NonNullable<StatementRecord['closedBy']>): void {
    if (this.current.kind === 'closed') return;
    const { record } = this;
    clearTimeout(this.timer);
    if (this.current.kind === 'running') {
      record.outcome = 'closed';
      record.finishedAt = Date.now();
    }
    this.current = { kind: 'closed' };
    record.closedBy = by;
    this.execution.interrupt();
    this.execution.discard();
    this.settings.onClose();
  }
}
