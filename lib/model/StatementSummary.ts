import type { ExecutionResult, OperationType, StatementOutcome, StatementType, VolumeOperation } from './enums';
import type { FileTotals, RareFacts, Statement } from './Statement';

/** One statement that has ended, as plain data for whoever listens in the process. Latencies in milliseconds. */
export interface StatementSummary {
  readonly statementId: string | undefined;
  readonly sessionId: string | undefined;
  readonly workspaceId: string | undefined;
  /** Undefined where the service has no name for the call (`getInfo`). */
  readonly operationType: OperationType | undefined;
  readonly statementType: StatementType | undefined;
  readonly outcome: StatementOutcome;
  /** Wall clock of the start, milliseconds since the epoch. */
  readonly timestampMs: number;
  /** Backend work: the submission and waiting for the result; the application's own thinking is not in it. */
  readonly latencyMs: number;
  readonly submitLatencyMs: number | undefined;
  /** From submission until the first result was there to read. */
  readonly resultReadyLatencyMs: number | undefined;
  /** From submission until the application got the first row: the time that its calls took. */
  readonly firstRowLatencyMs: number | undefined;
  /** From the first read until the result was fully delivered; undefined when it was not. */
  readonly resultConsumptionLatencyMs: number | undefined;
  /** The close RPC, where it came before the statement's end. */
  readonly closeLatencyMs: number | undefined;
  readonly pollCount: number;
  readonly pollLatencyMs: number;
  /** What came with the answer to the submission: nothing, the first page, or the whole result and the close. */
  readonly directResults: 'none' | 'partial' | 'complete' | undefined;
  readonly executionResult: ExecutionResult | undefined;
  readonly compressed: boolean | undefined;
  /** CloudFetch files in the manifest; undefined, like all that follow, when the result came inline. */
  readonly filesPresent: number | undefined;
  readonly filesIterated: number | undefined;
  readonly filesDownloaded: number | undefined;
  /** Downloaded ahead and never read. */
  readonly filesUnread: number | undefined;
  /** Given up; of those, whose link had expired. */
  readonly filesFailed: number | undefined;
  readonly filesExpired: number | undefined;
  /** Files that took more than one attempt. */
  readonly filesRetried: number | undefined;
  /** The first file that was given up, counted from 0. */
  readonly failedFile: number | undefined;
  readonly firstFileLatencyMs: number | undefined;
  readonly slowestFileLatencyMs: number | undefined;
  readonly sumFileLatencyMs: number | undefined;
  /** Thrift and CloudFetch attempts beyond the first. */
  readonly retryCount: number;
  /** HTTP statuses and network codes that made the driver try again, with their numbers: `503:2 ECONNRESET:1`. */
  readonly retryCauses: string | undefined;
  readonly volumeOperation: VolumeOperation | undefined;
  readonly volumeBytes: number | undefined;
  readonly volumeTransferLatencyMs: number | undefined;
  readonly pageCount: number;
  /** Rows that the application was given. */
  readonly rowCount: number;
  /** Bytes of the result as it came: pages and files, compressed where they were. */
  readonly byteCount: number;
}

export function toStatementSummary(statement: Statement): StatementSummary {
  const files: Partial<FileTotals> = statement.files ?? {};
  const rare: Partial<RareFacts> = statement.rare ?? {};
  return Object.freeze({
    statementId: statement.statementId,
    sessionId: statement.sessionId,
    workspaceId: statement.connection?.workspaceId,
    operationType: statement.operationType,
    statementType: statement.statementType,
    outcome: statement.outcome ?? 'abandoned',
    timestampMs: statement.timestampMs,
    latencyMs: statement.latencyMs,
    submitLatencyMs: statement.submitLatencyMs,
    resultReadyLatencyMs: statement.resultReadyLatencyMs,
    firstRowLatencyMs: statement.firstRowLatencyMs,
    resultConsumptionLatencyMs: statement.resultConsumptionLatencyMs,
    closeLatencyMs: rare.closeLatencyMs,
    pollCount: statement.pollCount,
    pollLatencyMs: statement.pollLatencyMs,
    directResults: statement.directResults,
    executionResult: statement.executionResult,
    compressed: statement.compressed,
    filesPresent: files.present,
    filesIterated: files.iterated,
    filesDownloaded: files.downloaded,
    filesUnread: files.unread,
    filesFailed: files.failed,
    filesExpired: files.expired,
    filesRetried: files.retried,
    failedFile: files.firstFailed,
    firstFileLatencyMs: files.firstMs,
    slowestFileLatencyMs: files.slowestMs,
    sumFileLatencyMs: files.sumMs,
    retryCount: statement.retryCount,
    retryCauses: rare.retryCauses,
    volumeOperation: rare.volumeOperation,
    volumeBytes: rare.volumeBytes,
    volumeTransferLatencyMs: rare.volumeTransferLatencyMs,
    pageCount: statement.pageCount,
    rowCount: statement.rowCount,
    byteCount: statement.byteCount,
  } satisfies StatementSummary);
}
