import { performance } from 'node:perf_hooks';
import type { CloudFetchChunkEvent, ErrorEvent, StatementCompleteEvent, StatementStartEvent } from '../../model/events';
import type { Ledger } from './Ledger';
import { errorLevel } from '../../model/severity';
import { StatementAggregate } from '../../model/StatementAggregate';
import { StatementTracker, type NamedStatement, type TrackerLimits } from './StatementTracker';
import type { ErrorRecord, StatementOutcome, TelemetryRecord } from '../types';

export interface AssemblerLimits extends TrackerLimits {
  /** Errors kept with one statement. */
  readonly maxErrors: number;
  /** Errors kept with all statements together; more are queued at once. */
  readonly maxHeldErrors: number;
}

export interface AssemblerOutput {
  /** Whether a record of this severity is collected at all. */
  admits(record: TelemetryRecord): boolean;
  /** Takes a record that is ready to be sent at `nowMs`; the ledger has it as collected. */
  enqueue(record: TelemetryRecord, nowMs: number): void;
}

type StatementEvent = StatementStartEvent | StatementCompleteEvent | CloudFetchChunkEvent | ErrorEvent;

/**
 * Makes one row of everything that is observed of a statement, whatever the order of events. Events that carry their
 * statement are taken by reference; others are put together by id. Retryable errors wait for their statement's end.
 */
export class StatementAssembler {
  private readonly tracker: StatementTracker;
  private held = 0;
  private givenUp = 0;

  constructor(
    private readonly limits: AssemblerLimits,
    private readonly ledger: Ledger,
    private readonly output: AssemblerOutput,
  ) {
    this.tracker = new StatementTracker(limits, (statement) => {
      this.givenUp += 1;
      this.end(statement, 'abandoned', performance.now());
    });
  }

  get inFlight(): number {
    return this.tracker.size;
  }

  /** Statements that never ended by themselves. */
  get abandoned(): number {
    return this.givenUp;
  }

  /** Errors that wait for the end of their statements. */
  get heldErrors(): number {
    return this.held;
  }

  /** Monotonic milliseconds at which the next statement is given up; undefined with none in flight. */
  get nextExpiryMs(): number | undefined {
    return this.tracker.nextExpiryMs;
  }

  /** Follows a statement by reference; does nothing for one that is known already. */
  follow(statement: StatementAggregate): void {
    this.tracker.track(statement);
  }

  started(event: StatementStartEvent): void {
    if (event.statement !== undefined) {
      this.follow(event.statement);
      return;
    }
    const statement = this.named(event)?.statement;
    if (statement === undefined) return;
    statement.operationType = event.operationType ?? statement.operationType;
    statement.statementType = event.statementType ?? statement.statementType;
    statement.timestampMs = event.timestamp;
  }

  chunkDownloaded(event: CloudFetchChunkEvent): void {
    const statement = event.statement ?? this.firstTimeChunk(event);
    if (statement === undefined || statement.isComplete) return;
    this.addChunk(statement, event.latencyMs, event.bytes);
    statement.compressed ??= event.compressed;
  }

  addChunk(statement: StatementAggregate, latencyMs: number, bytes: number): void {
    if (statement.isComplete) return;
    this.tracker.track(statement);
    statement.addChunk(latencyMs, bytes);
  }

  completed(event: StatementCompleteEvent): void {
    if (event.statement !== undefined) {
      this.end(event.statement, event.outcome ?? 'delivered', performance.now());
      return;
    }
    const named = this.named(event);
    if (named === undefined) return;
    const { statement } = named;
    statement.operationType = event.operationType ?? statement.operationType;
    statement.executionResult = event.resultFormat ?? statement.executionResult;
    statement.pollCount = event.pollCount ?? statement.pollCount;
    statement.pollLatencyMs = event.pollLatencyMs ?? statement.pollLatencyMs;
    const nowMs = performance.now();
    statement.latencyMs = event.latencyMs ?? nowMs - statement.startedAtMs;
    this.end(statement, event.outcome ?? outcomeOf(named), nowMs);
  }

  /** Ends a statement by its id; does nothing for one that is not in flight. */
  complete(statementId: string): void {
    const named = this.tracker.find(statementId);
    if (named === undefined) return;
    const nowMs = performance.now();
    named.statement.latencyMs = nowMs - named.statement.startedAtMs;
    this.end(named.statement, outcomeOf(named), nowMs);
  }

  failed(event: ErrorEvent): void {
    const record: ErrorRecord = {
      kind: 'error',
      connection: event.connection ?? event.statement?.connection,
      timestampMs: event.timestamp,
      sessionId: event.sessionId ?? event.statement?.sessionId,
      level: errorLevel(event.stage, event.isTerminal),
      statementId: event.statementId ?? event.statement?.statementId,
      stage: event.stage,
      error: event.error,
      isTerminal: event.isTerminal,
    };
    if (event.isTerminal) this.markFailed(event);
    if (!this.output.admits(record)) return;
    this.ledger.collected += 1;
    const holder = event.isTerminal ? undefined : (event.statement ?? this.named(event)?.statement);
    if (holder === undefined || holder.tracking === 'recorded' || this.held >= this.limits.maxHeldErrors) {
      this.output.enqueue(record, performance.now());
    } else this.hold(holder, record);
  }

  giveUpExpired(): void {
    this.tracker.giveUpExpired(performance.now());
  }

  giveUpAll(): void {
    this.tracker.giveUpAll();
  }

  /** Forgets all statements in flight; returns how many of their errors are lost with them. */
  forgetAll(): number {
    this.tracker.forgetAll((statement) => {
      statement.errors = undefined;
    });
    const lost = this.held;
    this.held = 0;
    return lost;
  }

  /** The one place where a statement becomes a record. Does nothing for one that has ended. */
  end(statement: StatementAggregate, outcome: StatementOutcome, nowMs: number): void {
    if (!this.tracker.end(statement)) return;
    statement.complete(outcome);
    if (statement.errors !== undefined) this.releaseErrors(statement, statement.errors, nowMs);
    if (!this.output.admits(statement)) return;
    this.ledger.collected += 1;
    this.output.enqueue(statement, nowMs);
  }

  private hold(statement: StatementAggregate, record: ErrorRecord): void {
    this.tracker.track(statement);
    statement.errors ??= [];
    if (statement.errors.length >= this.limits.maxErrors) {
      this.ledger.drop('queue_full', 1);
      return;
    }
    statement.errors.push(record);
    this.held += 1;
  }

  private releaseErrors(statement: StatementAggregate, errors: readonly ErrorRecord[], nowMs: number): void {
    const { statementId } = statement;
    statement.errors = undefined;
    this.held -= errors.length;
    // The id may have come after the error.
    for (const error of errors) {
      this.output.enqueue(error.statementId === undefined ? { ...error, statementId } : error, nowMs);
    }
  }

  /** A terminal error says how its statement will have ended. */
  private markFailed(event: ErrorEvent): void {
    const named = event.statementId === undefined ? undefined : this.tracker.find(event.statementId);
    if (named !== undefined) named.hasFailed = true;
  }

  private firstTimeChunk(event: CloudFetchChunkEvent): StatementAggregate | undefined {
    const named = this.named(event);
    if (named === undefined) return undefined;
    named.chunks ??= new Set();
    if (named.chunks.has(event.chunkIndex)) return undefined;
    named.chunks.add(event.chunkIndex);
    return named.statement;
  }

  /** The statement that an event names, followed from now on; undefined without an id and after its end. */
  private named(event: StatementEvent): NamedStatement | undefined {
    const { statementId } = event;
    if (statementId === undefined || this.tracker.hasEnded(statementId)) return undefined;
    const found = this.tracker.find(statementId);
    if (found !== undefined) {
      found.statement.connection ??= event.connection;
      found.statement.sessionId ??= event.sessionId;
      return found;
    }
    const statement = new StatementAggregate(
      event.connection,
      event.sessionId,
      undefined,
      event.timestamp,
      performance.now(),
    );
    statement.statementId = statementId;
    return this.tracker.trackNamed(statementId, statement);
  }
}

function outcomeOf(named: NamedStatement): StatementOutcome {
  return named.hasFailed ? 'failed' : 'delivered';
}
