import { statementLevel } from './severity';
import { FileTotals } from './FileTotals';
import { RareFacts } from './RareFacts';
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
} from '../telemetry/types';

/**
 * Everything observed of one statement, mutable until `complete()` and read-only after it. The seams hold it by
 * reference, so an observation is a few stores and no look-up. Once completed it is itself the exported row.
 *
 * Times given to it are monotonic milliseconds (`performance.now()`); `timestampMs` is the wall clock.
 */
export class StatementAggregate implements StatementTotals, StatementRecord {
  statementId: string | undefined;
  statementType: StatementType | undefined;
  /** How the statement ended; undefined until it has. */
  private ended: StatementOutcome | undefined;

  latencyMs = 0;
  submitLatencyMs: number | undefined;
  resultReadyLatencyMs: number | undefined;
  firstRowLatencyMs: number | undefined;
  resultConsumptionLatencyMs: number | undefined;
  pollCount = 0;
  pollLatencyMs = 0;
  directResults: 'none' | 'partial' | 'complete' | undefined;
  executionResult: ExecutionResult | undefined;
  compressed: boolean | undefined;
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

  private fileTotals: FileTotals | undefined;
  private rareFacts: RareFacts | undefined;

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

  get outcome(): StatementOutcome {
    return this.ended ?? 'abandoned';
  }

  get isComplete(): boolean {
    return this.ended !== undefined;
  }

  /** Retryable errors wait here for their statement's end; undefined while there are none. */
  get errors(): ErrorRecord[] | undefined {
    return this.rareFacts?.errors;
  }

  set errors(errors: ErrorRecord[] | undefined) {
    if (errors !== undefined || this.rareFacts !== undefined) this.rare.errors = errors;
  }

  /** What only statements with CloudFetch files have; made at the first use. */
  get files(): FileTotals {
    this.fileTotals ??= new FileTotals();
    return this.fileTotals;
  }

  /** What only few statements have; made at the first use. */
  get rare(): RareFacts {
    this.rareFacts ??= new RareFacts();
    return this.rareFacts;
  }

  get chunksPresent(): number | undefined {
    return this.fileTotals?.present;
  }

  set chunksPresent(count: number | undefined) {
    this.files.present = count;
  }

  get chunksIterated(): number | undefined {
    return this.fileTotals?.iterated;
  }

  get chunksDownloaded(): number | undefined {
    return this.fileTotals?.downloaded;
  }

  get chunksUnread(): number | undefined {
    return this.fileTotals?.unread;
  }

  get chunksFailed(): number | undefined {
    return this.fileTotals?.failed;
  }

  get chunksExpired(): number | undefined {
    return this.fileTotals?.expired;
  }

  get chunksRetried(): number | undefined {
    return this.fileTotals?.retried;
  }

  get failedChunkId(): number | undefined {
    return this.fileTotals?.firstFailed;
  }

  get chunkInitialLatencyMs(): number | undefined {
    return this.fileTotals?.initialMs;
  }

  get chunkSlowestLatencyMs(): number | undefined {
    return this.fileTotals?.slowestMs;
  }

  get chunkSumLatencyMs(): number | undefined {
    return this.fileTotals?.sumMs;
  }

  get volumeOperation(): 'PUT' | 'GET' | 'DELETE' | undefined {
    return this.rareFacts?.volumeOperation;
  }

  get volumeBytes(): number | undefined {
    return this.rareFacts?.volumeBytes;
  }

  get volumeTransferLatencyMs(): number | undefined {
    return this.rareFacts?.volumeTransferLatencyMs;
  }

  get closeLatencyMs(): number | undefined {
    return this.rareFacts?.closeLatencyMs;
  }

  get retryCauses(): string | undefined {
    return this.rareFacts?.retryCauses;
  }

  /** One status request that took `latencyMs`. */
  addPoll(latencyMs: number): void {
    this.pollCount += 1;
    this.pollLatencyMs += latencyMs;
  }

  /** One CloudFetch file that was downloaded in `latencyMs`. */
  addChunk(latencyMs: number, bytes: number): void {
    this.files.addDownload(latencyMs);
    this.byteCount += bytes;
  }

  /** Ends the statement once: the first outcome stands. Returns whether this call ended it. */
  complete(outcome: StatementOutcome): boolean {
    if (this.ended !== undefined) return false;
    this.ended = outcome;
    return true;
  }
}
