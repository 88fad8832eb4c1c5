import type {
  ConnectionInfo,
  ErrorRecord,
  ExecutionResult,
  OperationType,
  StatementOutcome,
  StatementTotals,
  StatementType,
} from './types';

/**
 * Everything observed of one statement, mutable until `complete()` and read-only after it. The seams hold it by
 * reference, so an observation is a few stores and no look-up. Once completed it is itself the exported row.
 *
 * Times given to it are monotonic milliseconds (`performance.now()`); `timestampMs` is the wall clock.
 */
export class StatementAggregate implements StatementTotals {
  statementId: string | undefined;
  statementType: StatementType | undefined;
  outcome: StatementOutcome = 'abandoned';
  volumeOperation: 'PUT' | 'GET' | 'DELETE' | undefined;

  latencyMs = 0;
  submitLatencyMs: number | undefined;
  resultReadyLatencyMs: number | undefined;
  resultConsumptionLatencyMs: number | undefined;
  pollCount = 0;
  pollLatencyMs = 0;
  executionResult: ExecutionResult | undefined;
  compressed: boolean | undefined;
  chunksPresent: number | undefined;
  chunksIterated: number | undefined;
  chunkInitialLatencyMs: number | undefined;
  chunkSlowestLatencyMs: number | undefined;
  chunkSumLatencyMs: number | undefined;
  failedChunkId: number | undefined;
  retryCount = 0;
  pageCount = 0;
  rowCount = 0;
  byteCount = 0;

  /** Retryable errors wait here for their statement's end; undefined while there are none. */
  errors: ErrorRecord[] | undefined;
  private done = false;

  constructor(
    readonly connection: ConnectionInfo | undefined,
    readonly sessionId: string | undefined,
    readonly operationType: OperationType | undefined,
    readonly timestampMs: number,
    readonly startedAtMs: number,
  ) {}

  get isComplete(): boolean {
    return this.done;
  }

  /** One status request that took `latencyMs`. */
  addPoll(latencyMs: number): void {
    this.pollCount += 1;
    this.pollLatencyMs += latencyMs;
  }

  /** One CloudFetch file that was downloaded in `latencyMs`. */
  addChunk(latencyMs: number, bytes: number): void {
    this.chunksIterated = (this.chunksIterated ?? 0) + 1;
    this.chunkInitialLatencyMs ??= latencyMs;
    this.chunkSumLatencyMs = (this.chunkSumLatencyMs ?? 0) + latencyMs;
    if (latencyMs > (this.chunkSlowestLatencyMs ?? -1)) this.chunkSlowestLatencyMs = latencyMs;
    this.byteCount += bytes;
  }

  /** Ends the statement once: the first outcome stands. Returns whether this call ended it. */
  complete(outcome: StatementOutcome): boolean {
    if (this.done) return false;
    this.done = true;
    this.outcome = outcome;
    return true;
  }
}
