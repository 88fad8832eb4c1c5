import { statementLevel } from '../wire/severity';
import type {
  ConnectionInfo,
  ErrorRecord,
  ExecutionResult,
  OperationType,
  StatementOutcome,
  StatementRecord,
  StatementTotals,
  StatementType,
  TelemetryLevel,
} from '../types';

/**
 * Latencies of a statement's CloudFetch downloads. Fields that hold nothing but numbers are written in place: a field
 * that may be undefined would get a new 16-byte number with each file.
 */
class Downloads {
  readonly initialMs: number;
  slowestMs: number;
  sumMs: number;

  constructor(latencyMs: number) {
    this.initialMs = latencyMs;
    this.slowestMs = latencyMs;
    this.sumMs = latencyMs;
  }

  add(latencyMs: number): void {
    this.sumMs += latencyMs;
    if (latencyMs > this.slowestMs) this.slowestMs = latencyMs;
  }
}

/**
 * Everything observed of one statement, mutable until `complete()` and read-only after it. The seams hold it by
 * reference, so an observation is a few stores and no look-up. Once completed it is itself the exported row.
 *
 * Times given to it are monotonic milliseconds (`performance.now()`); `timestampMs` is the wall clock.
 */
export class StatementAggregate implements StatementTotals, StatementRecord {
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
  /** CloudFetch files that the manifest names. */
  chunksPresent: number | undefined;
  chunksIterated: number | undefined;
  failedChunkId: number | undefined;
  retryCount = 0;
  pageCount = 0;
  rowCount = 0;
  byteCount = 0;

  eventId?: string;
  queuedAtMs?: number;

  /** Where the statement stands in the aggregation; the tracker's own, with its links to the neighbours in flight. */
  tracking: 'untracked' | 'in flight' | 'recorded' = 'untracked';
  newer: StatementAggregate | undefined;
  older: StatementAggregate | undefined;

  /** Retryable errors wait here for their statement's end; undefined while there are none. */
  errors: ErrorRecord[] | undefined;
  private downloads: Downloads | undefined;
  private done = false;

  constructor(
    public connection: ConnectionInfo | undefined,
    public sessionId: string | undefined,
    public operationType: OperationType | undefined,
    public timestampMs: number,
    public startedAtMs: number,
  ) {}

  /** A completed statement is its own record. */
  get kind(): 'statement' {
    return 'statement';
  }

  get statement(): StatementTotals {
    return this;
  }

  get level(): TelemetryLevel {
    return statementLevel(this.outcome);
  }

  get isComplete(): boolean {
    return this.done;
  }

  get chunkInitialLatencyMs(): number | undefined {
    return this.downloads?.initialMs;
  }

  get chunkSlowestLatencyMs(): number | undefined {
    return this.downloads?.slowestMs;
  }

  get chunkSumLatencyMs(): number | undefined {
    return this.downloads?.sumMs;
  }

  /** One status request that took `latencyMs`. */
  addPoll(latencyMs: number): void {
    this.pollCount += 1;
    this.pollLatencyMs += latencyMs;
  }

  /** One CloudFetch file that was downloaded in `latencyMs`. */
  addChunk(latencyMs: number, bytes: number): void {
    this.chunksIterated = (this.chunksIterated ?? 0) + 1;
    this.byteCount += bytes;
    if (this.downloads === undefined) this.downloads = new Downloads(latencyMs);
    else this.downloads.add(latencyMs);
  }

  /** Ends the statement once: the first outcome stands. Returns whether this call ended it. */
  complete(outcome: StatementOutcome): boolean {
    if (this.done) return false;
    this.done = true;
    this.outcome = outcome;
    return true;
  }
}
