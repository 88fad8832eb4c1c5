import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type { SessionOpening } from '../../model/sessionOpening';
import type { ConnectionInfo } from '../../model/connection';
import type { ErrorStage, OperationType, StatementOutcome, StatementType } from '../../model/enums';
import { ThrownValue } from '../../model/errorFacts';
import { toErrorFacts } from '../../model/toErrorFacts';
import { errorEventOf, type ErrorEvent, type EventData } from '../../model/events';
import { Statement } from '../../model/Statement';
import { ExceptionClassifier } from '../../telemetry/ExceptionClassifier';
import type { TelemetryEventEmitter } from '../../telemetry/TelemetryEventEmitter';
import type { Clock } from '../../util/clock';
import { debugLog, type LoggerOwner } from '../../util/debugLog';
import { describeThrown } from '../../util/thrown';
import { PendingCalls } from '../api/PendingCalls';
import { RpcsInFlight } from '../rpc/RpcsInFlight';
import { FailureState, outcomeOf } from '../statement/FailureState';
import { FileObserver } from '../statement/FileObserver';
import { end } from '../statement/progress';
import type { FailedFile } from '../statement/ResultManifest';
import { Audience } from './Audience';

/** What a call of the application needs to be observed: its names on both seams. */
export interface CallNames {
  /** Method of the driver's `IDriver` that carries the call. */
  readonly rpc: string;
  readonly operationType: OperationType | undefined;
  readonly statementType: StatementType | undefined;
}

/**
 * Everything observed on one connection, from `connect()` to `close()`. Both seams write into it; it speaks to the
 * pipeline through the emitter. No method throws on account of what the server or the application did.
 */
export class ConnectionObserver {
  readonly calls = new PendingCalls();
  readonly audience: Audience;
  readonly rpcs: RpcsInFlight;
  readonly files: FileObserver;
  private readonly failures = new WeakMap<Statement, FailureState>();
  /** Those that the application has open, by id. */
  readonly sessions = new Map<string, OpenSession>();

  constructor(
    readonly info: ConnectionInfo,
    readonly emitter: TelemetryEventEmitter,
    readonly clock: Clock,
    private readonly owner: LoggerOwner,
  ) {
    this.audience = new Audience(owner);
    this.rpcs = new RpcsInFlight(this.audience);
    this.files = new FileObserver(emitter, this.audience, clock);
  }

  /** Whether somebody beside Databricks wants to be told. */
  get isHeardHere(): boolean {
    return this.audience.receivers !== undefined || this.emitter.hasAudience;
  }

  /** Runs an observation of `facts`. Whatever goes wrong in it stays here: the application's call goes on. */
  observe<Facts extends readonly unknown[]>(observation: (...facts: Facts) => void, ...facts: Facts): void {
    try {
      observation(...facts);
    } catch (thrown) {
      this.swallowed(thrown);
    }
  }

  /** What an observation failed with. */
  swallowed(thrown: unknown): void {
    debugLog(this.owner, `observation swallowed ${describeThrown(thrown)}`);
  }

  // ---- sessions --------------------------------------------------------------------------------------------------

  sessionStarted(database?: string): SessionOpening {
    const opening: SessionOpening = { connection: this.info, startedAtMs: this.clock.now(), database };
    this.audience.receivers?.sessionStarted(opening);
    return opening;
  }

  sessionOpened(opening: SessionOpening, session: OpenSession['session'], isLocal = false): void {
    const { id: sessionId } = session;
    const latencyMs = this.clock.now() - opening.startedAtMs;
    this.sessions.set(sessionId, { session, closeLatencyMs: undefined, isLocal });
    this.emitter.emitConnectionOpen({ connection: this.info, sessionId, latencyMs, isLocal });
    this.audience.receivers?.sessionEnded(opening, { failed: false }, sessionId);
  }

  sessionFailed(opening: SessionOpening, thrown: unknown, isLocal: boolean): void {
    this.connectionFailed(thrown, 'open_session', { isLocal });
    this.audience.receivers?.sessionEnded(opening, { failed: true, thrown }, undefined);
  }

  /** The close RPC of a session took `latencyMs`; reported when the session's `close()` has ended. */
  sessionCloseAnswered(sessionId: string, latencyMs: number): void {
    const session = this.sessions.get(sessionId);
    if (session !== undefined) session.closeLatencyMs = latencyMs;
  }

  sessionClosed(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    if (session === undefined) return;
    this.sessions.delete(sessionId);
    const { closeLatencyMs: latencyMs, isLocal } = session;
    this.emitter.emitConnectionClose({ connection: this.info, sessionId, latencyMs, isLocal });
    this.audience.receivers?.sessionClosed(this.info, sessionId, latencyMs);
  }

  /** A failure without a statement. */
  connectionFailed(
    thrown: unknown,
    stage: ErrorStage,
    { sessionId, isLocal }: { readonly sessionId?: string; readonly isLocal?: boolean } = {},
  ): void {
    this.report({
      connection: this.info,
      sessionId,
      isLocal,
      stage,
      error: toErrorFacts(thrown),
      thrown: new ThrownValue(thrown),
      isTerminal: !ExceptionClassifier.isRetryable(thrown),
    });
  }

  // ---- statements ------------------------------------------------------------------------------------------------

  /**
   * A call that may become a statement begins: observed from before its RPC. `isLocal` keeps it from Databricks; `text` is
   * for receivers that were allowed to have it.
   */
  statementStarted(
    sessionId: string,
    { operationType, statementType }: CallNames,
    isLocal = false,
    text?: string,
  ): Statement {
    const { info, clock } = this;
    const statement = new Statement(info, sessionId, operationType, clock.epochMs(), clock.now());
    statement.statementType = statementType;
    statement.isLocal = isLocal;
    this.emitter.emitStatementStart(statement);
    this.audience.receivers?.statementStarted(statement, text);
    return statement;
  }

  /** The statement ended at `nowMs` with `outcome`; the first end stands. */
  statementEnded(statement: Statement, outcome: StatementOutcome, nowMs: number): void {
    if (!end(statement, outcome, nowMs)) return;
    if (statement.files !== undefined) this.files.downloads.forget(statement);
    this.emitter.emitStatementComplete(statement);
    this.audience.receivers?.statementEnded(statement);
  }

  /** A statement has its outcome already, and now all that will be known of it. */
  statementKnown(statement: Statement): void {
    this.emitter.emitStatementComplete(statement);
    this.audience.receivers?.statementEnded(statement);
  }

  /** The call that submits a statement threw; after the server accepted it only a volume's transfer can. */
  submitFailed(statement: Statement, thrown: unknown, nowMs: number): void {
    this.statementFailed(statement, thrown, statement.statementType === 'VOLUME' ? 'volume' : 'execute', nowMs);
    this.statementEnded(statement, this.failureOf(statement)?.unresolved ?? 'failed', nowMs);
  }

  /** A call on a statement threw, and with it the statement ended, unless a later call may still succeed. */
  statementFailed(statement: Statement, thrown: unknown, stage: ErrorStage, nowMs: number): void {
    const file = stage === 'fetch' ? this.files.failureOf(statement, thrown, this.failureOf(statement)) : undefined;
    this.callFailed(statement, thrown, file === undefined ? stage : 'download', file);
    const isRetryable = isWorthARetry(thrown, file);
    const failure = this.failureStateOf(statement);
    failure.unresolved = outcomeOf(thrown, isRetryable, failure.isCancelling);
    if (!isRetryable) this.statementEnded(statement, failure.unresolved, nowMs);
  }

  /** A call on a statement threw, which says nothing of the statement itself. Reported once, however far it travels. */
  callFailed(statement: Statement, thrown: unknown, stage: ErrorStage, file?: FailedFile): void {
    const failure = this.failureStateOf(statement);
    if (failure.lastThrown === thrown && thrown !== undefined) return;
    failure.lastThrown = thrown;
    this.report({
      connection: this.info,
      sessionId: statement.sessionId,
      isLocal: statement.isLocal,
      statementId: statement.statementId,
      stage,
      error: toErrorFacts(thrown, {
        sqlState: failure.serverFailure?.sqlState,
        serverMessage: failure.serverFailure?.message,
        chunkId: file?.index,
        httpStatus: file?.httpStatus,
      }),
      thrown: new ThrownValue(thrown),
      isTerminal: !isWorthARetry(thrown, file),
      statement,
    });
  }

  /** What went wrong with a statement so far; undefined while nothing did. */
  failureOf(statement: Statement): FailureState | undefined {
    return statement.hasFailureState ? this.failures.get(statement) : undefined;
  }

  /** The same to write to, made at the first call. */
  failureStateOf(statement: Statement): FailureState {
    let failure = this.failures.get(statement);
    if (failure === undefined) {
      failure = new FailureState();
      this.failures.set(statement, failure);
      statement.hasFailureState = true;
    }
    return failure;
  }

  private report(error: EventData<ErrorEvent>): void {
    this.emitter.emitError(error);
    this.audience.receivers?.failed(errorEventOf(error, this.clock.epochMs()));
  }
}

/** By the answer to a file, where that is what was thrown for: the driver's error does not carry it. */
function isWorthARetry(thrown: unknown, file: FailedFile | undefined): boolean {
  return ExceptionClassifier.isRetryable(file?.httpStatus === undefined ? thrown : { status: file.httpStatus });
}

/** A session that the application has open. */
interface OpenSession {
  readonly session: Pick<IDBSQLSession, 'id'>;
  /** Of the close RPC, once it was answered. */
  closeLatencyMs: number | undefined;
  /** It is kept from Databricks. */
  readonly isLocal: boolean;
}
