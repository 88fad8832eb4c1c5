import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { ConnectionInfo } from '../../model/connection';
import type { ErrorStage, OperationType, StatementOutcome, StatementType } from '../../model/enums';
import { ThrownValue, toErrorFacts } from '../../model/errorFacts';
import { FileTotals, Statement } from '../../model/Statement';
import { ExceptionClassifier } from '../../telemetry/ExceptionClassifier';
import type { TelemetryEventEmitter } from '../../telemetry/TelemetryEventEmitter';
import type { Clock } from '../../util/clock';
import { debugLog, describeThrown, type LoggerOwner } from '../../util/debugLog';
import { PendingCalls } from '../api/PendingCalls';
import { FailureState, isOfRequest, outcomeOf } from '../statement/FailureState';
import { PendingDownloads, type Attempts } from '../statement/PendingDownloads';
import type { PendingDownload } from '../statement/ResultManifest';
import { end, retried } from '../statement/progress';

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
  readonly downloads = new PendingDownloads();
  private readonly failures = new WeakMap<Statement, FailureState>();
  /** Open sessions, with the latency of their close RPC once it was answered. */
  private readonly sessions = new Map<string, number | undefined>();

  constructor(
    readonly info: ConnectionInfo,
    readonly emitter: TelemetryEventEmitter,
    readonly clock: Clock,
    private readonly owner: LoggerOwner,
  ) {}

  /** Runs an observation. Whatever goes wrong in it stays here: the application's call goes on. */
  observe(observation: () => void): void {
    try {
      observation();
    } catch (thrown) {
      this.swallowed(thrown);
    }
  }

  /** What an observation failed with. */
  swallowed(thrown: unknown): void {
    debugLog(this.owner, `observation swallowed ${describeThrown(thrown)}`);
  }

  // ---- sessions --------------------------------------------------------------------------------------------------

  sessionOpened(sessionId: string, latencyMs: number): void {
    this.sessions.set(sessionId, undefined);
    this.emitter.emitConnectionOpen({ connection: this.info, sessionId, latencyMs });
  }

  /** The close RPC of a session took `latencyMs`; reported when the session's `close()` has ended. */
  sessionCloseAnswered(sessionId: string, latencyMs: number): void {
    if (this.sessions.has(sessionId)) this.sessions.set(sessionId, latencyMs);
  }

  sessionClosed(sessionId: string): void {
    const latencyMs = this.sessions.get(sessionId);
    if (!this.sessions.delete(sessionId)) return;
    this.emitter.emitConnectionClose({ connection: this.info, sessionId, latencyMs });
  }

  /** A failure without a statement. */
  connectionFailed(thrown: unknown, stage: ErrorStage, sessionId?: string): void {
    this.emitter.emitError({
      connection: this.info,
      sessionId,
      stage,
      error: toErrorFacts(thrown),
      thrown: new ThrownValue(thrown),
      isTerminal: !ExceptionClassifier.isRetryable(thrown),
    });
  }

  // ---- statements ------------------------------------------------------------------------------------------------

  /** A call that may become a statement begins: observed from before its RPC. */
  statementStarted(sessionId: string, { operationType, statementType }: CallNames): Statement {
    const { info, clock } = this;
    const statement = new Statement(info, sessionId, operationType, clock.epochMs(), clock.now());
    statement.statementType = statementType;
    this.emitter.emitStatementStart(statement);
    return statement;
  }

  /** The statement ended at `nowMs` with `outcome`; the first end stands. */
  statementEnded(statement: Statement, outcome: StatementOutcome, nowMs: number): void {
    if (!end(statement, outcome, nowMs)) return;
    if (statement.files !== undefined) this.downloads.forget(statement);
    this.emitter.emitStatementComplete(statement);
  }

  /** The call that submits a statement threw; after the server accepted it only a volume's transfer can. */
  submitFailed(statement: Statement, thrown: unknown, nowMs: number): void {
    this.statementFailed(statement, thrown, statement.statementType === 'VOLUME' ? 'volume' : 'execute', nowMs);
    this.statementEnded(statement, this.failureOf(statement)?.unresolved ?? 'failed', nowMs);
  }

  /** A call on a statement threw, and with it the statement ended, unless a later call may still succeed. */
  statementFailed(statement: Statement, thrown: unknown, stage: ErrorStage, nowMs: number): void {
    this.statementTroubled(statement, thrown, this.stageOf(statement, thrown, stage));
    const isRetryable = ExceptionClassifier.isRetryable(thrown);
    const failure = this.troubled(statement);
    failure.unresolved = outcomeOf(thrown, isRetryable, failure.isCancelling);
    if (!isRetryable) this.statementEnded(statement, failure.unresolved, nowMs);
  }

  /** A call on a statement threw, which says nothing of the statement itself. Reported once, however far it travels. */
  statementTroubled(statement: Statement, thrown: unknown, stage: ErrorStage): void {
    const failure = this.troubled(statement);
    if (failure.lastThrown === thrown && thrown !== undefined) return;
    failure.lastThrown = thrown;
    this.emitter.emitError({
      connection: this.info,
      sessionId: statement.sessionId,
      statementId: statement.statementId,
      stage,
      error: toErrorFacts(thrown, {
        sqlState: failure.serverFailure?.sqlState,
        serverMessage: failure.serverFailure?.message,
        chunkId: statement.files?.firstFailed,
      }),
      thrown: new ThrownValue(thrown),
      isTerminal: !ExceptionClassifier.isRetryable(thrown),
      statement,
    });
  }

  /** What went wrong with a statement so far; undefined while nothing did. */
  failureOf(statement: Statement): FailureState | undefined {
    return statement.isTroubled ? this.failures.get(statement) : undefined;
  }

  /** The same to write to. */
  troubled(statement: Statement): FailureState {
    let failure = this.failures.get(statement);
    if (failure === undefined) {
      failure = new FailureState();
      this.failures.set(statement, failure);
      statement.isTroubled = true;
    }
    return failure;
  }

  // ---- CloudFetch ------------------------------------------------------------------------------------------------

  /** The server offered files, in manifest order. */
  filesOffered(statement: Statement, links: readonly TSparkArrowResultLink[]): void {
    const files = (statement.files ??= new FileTotals());
    files.present = this.downloads.offer(statement, links).files.length;
    files.unread = files.downloaded - files.iterated;
  }

  /** The application got more rows: the reader is this far in the manifest. */
  filesRead(statement: Statement, files: FileTotals): void {
    files.iterated = this.downloads.manifestOf(statement)?.readAt(statement.rowCount) ?? files.iterated;
    files.unread = Math.max(0, files.downloaded - files.iterated);
  }

  /** A file arrived in its last attempt, which took `latencyMs`. */
  fileDownloaded(
    { statement, index: chunkIndex }: PendingDownload,
    latencyMs: number,
    bytes: number,
    attempts: Attempts,
  ): void {
    const { files } = statement;
    if (statement.outcome !== undefined || files === undefined) return;
    fileTried(statement, files, attempts);
    files.downloaded += 1;
    files.unread = Math.max(0, files.downloaded - files.iterated);
    files.firstMs ??= latencyMs;
    files.slowestMs = Math.max(files.slowestMs ?? 0, latencyMs);
    files.sumMs = (files.sumMs ?? 0) + latencyMs;
    statement.byteCount += bytes;
    if (!this.emitter.hasAudience) return;
    const { sessionId, statementId, compressed, connection } = statement;
    this.emitter.emitCloudFetchChunk({
      connection,
      sessionId,
      statementId,
      chunkIndex,
      latencyMs,
      bytes,
      compressed,
      statement,
    });
  }

  /** A file was given up. */
  fileFailed(file: PendingDownload, attempts: Attempts): void {
    const { statement, index } = file;
    const { files } = statement;
    if (statement.outcome !== undefined || files === undefined) return;
    fileTried(statement, files, attempts);
    files.firstFailed ??= index;
    files.failed += 1;
    if (this.hasExpired(file)) files.expired += 1;
  }

  private hasExpired({ expiresAtMs }: PendingDownload): boolean {
    return expiresAtMs <= this.clock.epochMs();
  }

  /**
   * `download` when what a fetch threw is the failure of a file: by the thrown object, or because the file that the reader
   * waits for cannot be had any more. The driver does not ask for a file whose link has expired.
   */
  private stageOf(statement: Statement, thrown: unknown, stage: ErrorStage): ErrorStage {
    const { files } = statement;
    if (stage !== 'fetch' || files === undefined || statement.outcome !== undefined) return stage;
    const { serverFailure, lastThrown } = this.failureOf(statement) ?? {};
    if (thrown === lastThrown) return stage;
    const failure = this.downloads.failureOf(thrown);
    if (failure === undefined && (serverFailure !== undefined || isOfRequest(thrown))) return stage;
    if (failure?.isReported !== true) this.nextFileFailed(statement, failure);
    return files.firstFailed === undefined ? stage : 'download';
  }

  /** The file that the reader waits for cannot be had: by what a fetch threw, or because its link has expired. */
  private nextFileFailed(statement: Statement, failure: Attempts | undefined): void {
    const next = this.downloads.next(statement);
    if (next === undefined || (failure === undefined && !this.hasExpired(next))) return;
    this.fileFailed(next, failure ?? { count: 1, causes: undefined });
  }
}

/** A file took some attempts. */
function fileTried(statement: Statement, files: FileTotals, { count, causes }: Attempts): void {
  if (count <= 1) return;
  files.retried += 1;
  retried(statement, count - 1, causes);
}
