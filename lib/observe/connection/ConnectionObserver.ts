import { performance } from 'node:perf_hooks';
import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { IClientContext } from '../../contracts/IClientContext';
import { debugLog, describeThrown } from '../../util/debugLog';
import { toErrorFacts } from '../../model/errorFacts';
import { ExceptionClassifier } from '../../telemetry/ExceptionClassifier';
import type { TelemetryEventEmitter } from '../../telemetry/TelemetryEventEmitter';
import type {
  ConnectionInfo,
  ErrorFacts,
  ErrorStage,
  OperationType,
  StatementOutcome,
  StatementType,
} from '../../telemetry/types';
import { isOfRequest, outcomeOf } from '../statement/failures';
import { FilesOnOffer, hasExpired, type ChunkOwner } from '../statement/PendingDownloads';
import { PendingCalls } from '../api/PendingCalls';
import { RpcsInFlight } from '../rpc/RpcsInFlight';
import { StatementObservation } from '../statement/StatementObservation';
import type { VolumeTransfer } from '../api/VolumeTransfer';
import { WallClock } from './WallClock';

/** What a call of the application needs to be observed: its names on both seams. */
export interface CallNames {
  /** Method of the driver's `IDriver` that carries the call. */
  readonly rpc: string;
  readonly operationType: OperationType | undefined;
  readonly statementType: StatementType | undefined;
}

const OBSERVATION = Symbol('observation');

/** A handle that the driver keeps to itself: a `WeakMap` in its place takes half a microsecond for each statement. */
interface ObservedHandle {
  [OBSERVATION]?: StatementObservation;
}

/**
 * Everything observed on one connection, from `connect()` to `close()`. Both seams write into it; it speaks to the
 * pipeline through the emitter. No method throws on account of what the server or the application did.
 */
export class ConnectionObserver {
  readonly calls = new PendingCalls();
  readonly rpcs = new RpcsInFlight();
  readonly files = new FilesOnOffer();
  private readonly wallClock = new WallClock();
  /** Open sessions, with the latency of their close RPC once it was answered. */
  private readonly sessions = new Map<string, number | undefined>();

  constructor(
    readonly info: ConnectionInfo,
    private readonly emitter: TelemetryEventEmitter,
    private readonly context: IClientContext,
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
    debugLog(this.context, `observation swallowed ${describeThrown(thrown)}`);
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

  // ---- statements ------------------------------------------------------------------------------------------------

  /** A call that may become a statement begins at `nowMs`: observed from before its RPC. */
  statementStarted(sessionId: string, names: CallNames, nowMs = performance.now()): StatementObservation {
    const { operationType, statementType } = names;
    const observation = new StatementObservation(this.info, sessionId, operationType, this.wallClock.at(nowMs), nowMs);
    observation.statementType = statementType;
    this.emitter.statementStarted(observation);
    return observation;
  }

  /** Ties an operation handle to its statement. The driver keeps the handle object for the operation's life. */
  bindHandle(handle: object, observation: StatementObservation): void {
    (handle as ObservedHandle)[OBSERVATION] = observation;
  }

  byOperationHandle(handle: object): StatementObservation | undefined {
    return (handle as ObservedHandle)[OBSERVATION];
  }

  /** The statement ended at `nowMs` with `outcome`; the first end stands. */
  statementEnded(observation: StatementObservation, outcome: StatementOutcome, nowMs = performance.now()): void {
    if (observation.aggregate.isComplete) return;
    observation.end(outcome, nowMs);
    this.files.forget(observation);
    this.emitter.statementEnded(observation.aggregate, outcome, nowMs);
  }

  /** A call that may transfer a file returned: a volume statement has done its work, and only its size may be unknown. */
  transferReturned(observation: StatementObservation, transfer: VolumeTransfer, nowMs: number): void {
    const { aggregate } = observation;
    if (aggregate.statementType !== 'VOLUME' || !observation.end('delivered', nowMs)) return;
    transfer.whenKnown(() => this.emitter.statementEnded(aggregate, 'delivered', performance.now()));
  }

  /** The call that submits a statement threw; after the server accepted it only a volume's transfer can. */
  submitFailed(observation: StatementObservation, thrown: unknown, nowMs = performance.now()): void {
    const { aggregate } = observation;
    this.statementFailed(observation, thrown, aggregate.statementType === 'VOLUME' ? 'volume' : 'execute', nowMs);
    this.statementEnded(observation, observation.trouble.unresolved ?? 'failed', nowMs);
  }

  // ---- CloudFetch ------------------------------------------------------------------------------------------------

  /** The server offered files, in manifest order. */
  linksOffered(observation: StatementObservation, links: readonly TSparkArrowResultLink[]): void {
    // Nobody would take them out again: a page can arrive after its statement was cancelled.
    if (!observation.aggregate.isComplete) this.files.offer(observation, links);
  }

  /** The statement that was offered the file at `url`; a file is claimed once. */
  claimChunk(url: string): ChunkOwner | undefined {
    return this.files.claim(url);
  }

  /** A file arrived in its `attempts`-th attempt, which took `latencyMs`. */
  chunkDownloaded(
    { observation, index }: ChunkOwner,
    latencyMs: number,
    bytes: number,
    attempts: number,
    causes?: readonly string[],
  ): void {
    if (observation.aggregate.isComplete) return;
    fileTried(observation, attempts, causes);
    this.emitter.chunkDownloaded(observation.aggregate, index, latencyMs, bytes);
  }

  /** A file was given up after `attempts`. */
  chunkFailed(owner: ChunkOwner, attempts: number, causes?: readonly string[]): void {
    const { observation, index } = owner;
    if (observation.aggregate.isComplete) return;
    fileTried(observation, attempts, causes);
    observation.aggregate.files.addFailure(index, hasExpired(owner));
  }

  /**
   * `download` when what a fetch threw is the failure of a file: by the thrown object, or because the file that the reader
   * waits for cannot be had any more. The driver does not ask for a file whose link has expired.
   */
  private stageOf(observation: StatementObservation, thrown: unknown, stage: ErrorStage): ErrorStage {
    const { aggregate } = observation;
    const { serverFailure, lastThrown } = observation.trouble;
    if (stage !== 'fetch' || observation.offered === undefined || aggregate.isComplete) return stage;
    if (thrown === lastThrown) return stage;
    const failure = this.files.failureOf(thrown);
    if (failure === undefined && (serverFailure !== undefined || isOfRequest(thrown))) return stage;
    const next = this.files.next(observation);
    if (failure?.isTold !== true && next !== undefined && (failure !== undefined || hasExpired(next))) {
      this.chunkFailed(next, failure?.count ?? 1, failure?.causes);
    }
    return aggregate.failedChunkId === undefined ? stage : 'download';
  }

  // ---- errors ----------------------------------------------------------------------------------------------------

  /** A failure without a statement. */
  connectionFailed(thrown: unknown, stage: ErrorStage, sessionId?: string): void {
    this.emitter.emitError({
      connection: this.info,
      sessionId,
      stage,
      error: toErrorFacts(thrown),
      isTerminal: !ExceptionClassifier.isRetryable(thrown),
    });
  }

  /** A call on a statement threw, and with it the statement ended, unless a later call may still succeed. */
  statementFailed(
    observation: StatementObservation,
    thrown: unknown,
    stage: ErrorStage,
    nowMs = performance.now(),
  ): void {
    this.statementTroubled(observation, thrown, this.stageOf(observation, thrown, stage));
    const isRetryable = ExceptionClassifier.isRetryable(thrown);
    const outcome = outcomeOf(thrown, isRetryable, observation.trouble.isCancelling);
    observation.troubled().unresolved = outcome;
    if (!isRetryable) this.statementEnded(observation, outcome, nowMs);
  }

  /** A call on a statement threw, which says nothing of the statement itself. Reported once, however far it travels. */
  statementTroubled(observation: StatementObservation, thrown: unknown, stage: ErrorStage): void {
    if (observation.trouble.lastThrown === thrown && thrown !== undefined) return;
    observation.troubled().lastThrown = thrown;
    const { aggregate } = observation;
    this.emitter.emitError({
      connection: this.info,
      sessionId: aggregate.sessionId,
      statementId: aggregate.statementId,
      stage,
      error: this.factsOf(observation, thrown),
      isTerminal: !ExceptionClassifier.isRetryable(thrown),
      statement: aggregate,
    });
  }

  /** What the error object has, completed by what the server said of it. */
  private factsOf(observation: StatementObservation, thrown: unknown): ErrorFacts {
    return toErrorFacts(thrown, {
      sqlState: observation.trouble.serverFailure?.sqlState,
      serverMessage: observation.trouble.serverFailure?.message,
      chunkId: observation.aggregate.failedChunkId,
    });
  }
}

/** A file took `attempts`, with `causes` of those beyond the first. */
function fileTried(observation: StatementObservation, attempts: number, causes: readonly string[] | undefined): void {
  if (attempts <= 1) return;
  observation.aggregate.files.retried += 1;
  observation.retried(attempts - 1, causes);
}
