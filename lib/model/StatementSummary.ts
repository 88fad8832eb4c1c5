import type { ExecutionResult, OperationType, StatementOutcome, StatementType, VolumeOperation } from './enums';
import type { FileTotals, RareFacts, Statement } from './Statement';

/** One statement that has ended, as plain data for whoever listens in the process. Latencies in milliseconds. */
export interface StatementSummary {
  /** Statement, as the server names it. */
  readonly statementId: string | undefined;
  /** Session, as the server names it. */
  readonly sessionId: string | undefined;
  /** Workspace, from the HTTP path of the connection. */
  readonly workspaceId: string | undefined;
  /** Kind of call; undefined where the service has no name for it (`getInfo`). */
  readonly operationType: OperationType | undefined;
  /** Kind of statement. */
  readonly statementType: StatementType | undefined;
  /** How the statement ended. */
  readonly outcome: StatementOutcome;
  /** Wall clock of the start, milliseconds since the epoch. */
  readonly timestampMs: number;
  /** Backend work: the submission and waiting for the result; the application's own thinking is not in it. */
  readonly latencyMs: number;
  /** All the time that the application's calls on it took: backend work and reading the result. The close is not in it. */
  readonly totalLatencyMs: number;
  /** The request that submitted it. */
  readonly submitLatencyMs: number | undefined;
  /** From submission until the first result was there to read. */
  readonly resultReadyLatencyMs: number | undefined;
  /** From submission until the application got the first row: the time that its calls took. */
  readonly firstRowLatencyMs: number | undefined;
  /** From the first read until the result was fully delivered; undefined when it was not. */
  readonly resultConsumptionLatencyMs: number | undefined;
  /** The close RPC, where it came before the statement's end. */
  readonly closeLatencyMs: number | undefined;
  /** Status requests. */
  readonly pollCount: number;
  /** Sum of all status requests. */
  readonly pollLatencyMs: number;
  /** What came with the answer to the submission: nothing, the first page, or the whole result and the close. */
  readonly directResults: 'none' | 'partial' | 'complete' | undefined;
  /** The format in which the result was really read. */
  readonly executionResult: ExecutionResult | undefined;
  /** Whether the result came compressed with LZ4. */
  readonly compressed: boolean | undefined;
  /** CloudFetch files in the manifest; undefined, like all that is said of files, when the result came inline. */
  readonly filesPresent: number | undefined;
  /** Files that the reader got. */
  readonly filesIterated: number | undefined;
  /** Files that were downloaded. */
  readonly filesDownloaded: number | undefined;
  /** Downloaded ahead and never read. */
  readonly filesUnread: number | undefined;
  /** Files that were given up. */
  readonly filesFailed: number | undefined;
  /** Files given up after their link had expired. */
  readonly filesExpired: number | undefined;
  /** Files that took more than one attempt. */
  readonly filesRetried: number | undefined;
  /** The first file that was given up, counted from 0. */
  readonly failedFile: number | undefined;
  /** HTTP status with which that file was refused; undefined where no answer came. */
  readonly failedFileStatus: number | undefined;
  /** Download of the first file. */
  readonly firstFileLatencyMs: number | undefined;
  /** Slowest download of a file. */
  readonly slowestFileLatencyMs: number | undefined;
  /** Sum of all downloads. */
  readonly sumFileLatencyMs: number | undefined;
  /** Thrift and CloudFetch attempts beyond the first. */
  readonly retryCount: number;
  /** HTTP statuses and network codes that made the driver try again, with their numbers: `503:2 ECONNRESET:1`. */
  readonly retryCauses: string | undefined;
  /** Kind of volume operation. */
  readonly volumeOperation: VolumeOperation | undefined;
  /** Size of the transferred file. */
  readonly volumeBytes: number | undefined;
  /** Time of the transfer of the file. */
  readonly volumeTransferLatencyMs: number | undefined;
  /** Pages of an inline result. */
  readonly pageCount: number;
  /** Rows that the application was given. */
  readonly rowCount: number;
  /** Bytes of the result as it came: pages and files, compressed where they were. */
  readonly byteCount: number;
  /** One line for a person: which statement, how it ended, how long it took, and where the time went. */
  toString(): string;
}

/** The summary of a statement, frozen. As text (`${summary}`) it is one line for a person. */
export function toStatementSummary(statement: Statement): StatementSummary {
  const files: Partial<FileTotals> = statement.files ?? {};
  const rare: Partial<RareFacts> = statement.rare ?? {};
  const summary: StatementSummary = {
    statementId: statement.statementId,
    sessionId: statement.sessionId,
    workspaceId: statement.connection?.workspaceId,
    operationType: statement.operationType,
    statementType: statement.statementType,
    outcome: statement.outcome ?? 'abandoned',
    timestampMs: statement.timestampMs,
    latencyMs: statement.latencyMs,
    totalLatencyMs: statement.latencyMs + (statement.consumedMs ?? 0),
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
    failedFileStatus: files.firstFailedStatus,
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
  };
  return Object.freeze(withLine(summary));
}

/** Gives `summary` its text. The method is not enumerable: who copies or serialises a summary gets its fields alone. */
export function withLine<S extends Partial<StatementSummary>>(summary: S): S {
  return Object.defineProperty(summary, 'toString', { value: () => summaryLine(summary) });
}

/** One line: which statement, how it ended, how long it took, and where the time went. Times in milliseconds. */
function summaryLine(summary: Partial<StatementSummary>): string {
  const { statementId = 'statement without id', outcome = 'ended', totalLatencyMs } = summary;
  const total = totalLatencyMs === undefined ? '' : ` in ${ms(totalLatencyMs)} ms`;
  const details = [...phaseTexts(summary), ...resultOf(summary)];
  return `${statementId} ${outcome}${total}${details.length === 0 ? '' : `: ${details.join(', ')}`}`;
}

function phaseTexts(summary: Partial<StatementSummary>): string[] {
  const { latencyMs, submitLatencyMs, resultReadyLatencyMs } = summary;
  const readyMs = resultReadyLatencyMs ?? latencyMs;
  const waitMs = readyMs === undefined || submitLatencyMs === undefined ? undefined : readyMs - submitLatencyMs;
  const phases: readonly (readonly [string, number | undefined])[] = [
    ['submit', submitLatencyMs],
    ['wait', waitMs],
    ['first row after', summary.firstRowLatencyMs],
    ['consume', summary.resultConsumptionLatencyMs],
    ['close', summary.closeLatencyMs],
  ];
  return phases.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${ms(value)}`]));
}

function resultOf(summary: Partial<StatementSummary>): string[] {
  const {
    pollCount = 0,
    rowCount,
    byteCount,
    filesDownloaded,
    filesPresent,
    filesFailed,
    retryCount = 0,
    retryCauses,
  } = summary;
  const files = filesPresent === undefined ? undefined : `${filesDownloaded ?? 0} of ${filesPresent} files`;
  const failed = filesFailed === undefined || filesFailed === 0 ? undefined : `${filesFailed} files failed`;
  const causes = retryCauses === undefined ? '' : ` (${retryCauses})`;
  const facts = [
    pollCount === 0 ? undefined : `${pollCount} polls`,
    rowCount === undefined ? undefined : `${rowCount} rows`,
    byteCount === undefined ? undefined : `${byteCount} bytes`,
    files,
    failed,
    retryCount === 0 ? undefined : `${retryCount} retries${causes}`,
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** To a tenth. */
function ms(value: number): string {
  return String(Math.round(value * 10) / 10);
}
