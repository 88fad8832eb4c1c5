import type { ExecutionResult, OperationType, StatementType } from './serviceEnums';
import type { StatementOutcome } from '../telemetry/types';

/** All there is to say about one statement. Latencies in milliseconds (fractions kept until export). */
export interface StatementTotals {
  readonly statementId: string | undefined;
  /** Undefined where the service's enum has no name for the call (`getInfo`). */
  readonly operationType: OperationType | undefined;
  readonly statementType: StatementType | undefined;
  readonly outcome: StatementOutcome;
  /** Backend work: submit RPC and waiting for the result; the application's own thinking is not in it. */
  readonly latencyMs: number;
  readonly submitLatencyMs: number | undefined;
  /** From submission until the first result was there to read. */
  readonly resultReadyLatencyMs: number | undefined;
  /**
   * From submission until the application got the first row: the time its calls took, not what it did between them.
   * Undefined when it got none.
   */
  readonly firstRowLatencyMs: number | undefined;
  /** From the first read until the result was fully delivered; undefined when it was not. */
  readonly resultConsumptionLatencyMs: number | undefined;
  /**
   * The close RPC. The one fact that may come after the statement's end, for as long as the row was not serialised;
   * undefined when it came later, failed, or was not needed.
   */
  readonly closeLatencyMs: number | undefined;
  readonly pollCount: number;
  readonly pollLatencyMs: number;
  /** What came with the answer to the submission: nothing, the first page, or the whole result and the close. */
  readonly directResults: 'none' | 'partial' | 'complete' | undefined;
  readonly executionResult: ExecutionResult | undefined;
  readonly compressed: boolean | undefined;
  /** CloudFetch files in the manifest; undefined when the result came inline. */
  readonly chunksPresent: number | undefined;
  /** CloudFetch files the reader got. */
  readonly chunksIterated: number | undefined;
  readonly chunksDownloaded: number | undefined;
  /** CloudFetch files that were downloaded ahead and never read. */
  readonly chunksUnread: number | undefined;
  /** CloudFetch files that were given up. */
  readonly chunksFailed: number | undefined;
  /** Those of them whose link had expired. */
  readonly chunksExpired: number | undefined;
  /** CloudFetch files that took more than one attempt. */
  readonly chunksRetried: number | undefined;
  readonly chunkInitialLatencyMs: number | undefined;
  readonly chunkSlowestLatencyMs: number | undefined;
  readonly chunkSumLatencyMs: number | undefined;
  readonly failedChunkId: number | undefined;
  /** Thrift and CloudFetch attempts beyond the first. */
  readonly retryCount: number;
  /** HTTP statuses and network codes that made the driver try again, with their numbers: `503:2 ECONNRESET:1`. */
  readonly retryCauses: string | undefined;
  readonly volumeOperation: 'PUT' | 'GET' | 'DELETE' | undefined;
  /** Size of the file that was transferred. */
  readonly volumeBytes: number | undefined;
  readonly volumeTransferLatencyMs: number | undefined;
  readonly pageCount: number;
  readonly rowCount: number;
  readonly byteCount: number;
}
