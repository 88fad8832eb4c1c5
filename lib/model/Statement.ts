/* model/: what is known and what may be said: statements, events, errors, connections, the option table. Data and rules, no
 * input or output. */
import type { ConnectionInfo } from './connection';
import type {
  ExecutionResult,
  OperationType,
  StatementOutcome,
  StatementType,
  TelemetryLevel,
  VolumeOperation,
} from './enums';

/** CloudFetch files of one statement. Times in milliseconds. */
export class FileTotals {
  /** Files that the manifest names. */
  present: number | undefined = undefined;
  /** Files of whose rows the application got some; those that were downloaded, where nobody says what was read. */
  iterated = 0;
  downloaded = 0;
  /** Files that were downloaded ahead and never read; undefined where nobody says what was read. */
  unread: number | undefined = undefined;
  /** Files that were given up; of those, whose link had expired by then. */
  failed = 0;
  expired = 0;
  /** Files that took more than one attempt, whatever became of them. */
  retried = 0;
  /** The first file that was given up, counted from 0, and the HTTP status that it was answered with, where it was. */
  firstFailed: number | undefined = undefined;
  firstFailedStatus: number | undefined = undefined;
  firstMs: number | undefined = undefined;
  slowestMs: number | undefined = undefined;
  sumMs: number | undefined = undefined;
}

/** Facts that few statements have. Bounded. */
export class RareFacts {
  volumeOperation: VolumeOperation | undefined = undefined;
  /** Size of the file that was transferred. */
  volumeBytes: number | undefined = undefined;
  volumeTransferLatencyMs: number | undefined = undefined;
  /**
   * The close RPC. The one fact that may come after the statement's end, until the record is encoded; undefined when it
   * came later, failed, or was not needed.
   */
  closeLatencyMs: number | undefined = undefined;
  /** HTTP statuses and network codes that made the driver try again, with their numbers: `503:2 ECONNRESET:1`. */
  retryCauses: string | undefined = undefined;
}

/**
 * One statement, from the call that submits it to its end: filled by the seams as it goes, read-only once it has an
 * `outcome`, and then itself the record that is sent. Latencies in milliseconds, fractions kept until they are encoded.
 *
 * The fields under "how far it has come" are the seams' bookkeeping and leave with nobody.
 */
export class Statement {
  readonly kind = 'statement';
  statementId: string | undefined = undefined;
  statementType: StatementType | undefined = undefined;
  /** Undefined until it has ended; the first outcome stands. */
  outcome: StatementOutcome | undefined = undefined;
  level: TelemetryLevel = 'INFO';

  /** Backend work: the submission and waiting for the result; the application's own thinking is not in it. */
  latencyMs = 0;
  submitLatencyMs: number | undefined = undefined;
  /** From submission until the first result was there to read. */
  resultReadyLatencyMs: number | undefined = undefined;
  /** From submission until the application got the first row: the time that its calls took; undefined without a row. */
  firstRowLatencyMs: number | undefined = undefined;
  /** From the first read until the result was fully delivered; undefined when it was not. */
  resultConsumptionLatencyMs: number | undefined = undefined;
  pollCount = 0;
  pollLatencyMs = 0;
  /** What came with the answer to the submission: nothing, the first page, or the whole result and the close. */
  directResults: 'none' | 'partial' | 'complete' | undefined = undefined;
  executionResult: ExecutionResult | undefined = undefined;
  compressed: boolean | undefined = undefined;
  /** Thrift and CloudFetch attempts beyond the first. */
  retryCount = 0;
  pageCount = 0;
  /** Rows that the application was given. */
  rowCount = 0;
  byteCount = 0;
  /** Only for results that come as CloudFetch files. */
  files: FileTotals | undefined = undefined;
  rare: RareFacts | undefined = undefined;

  /** Monotonic milliseconds of its end; 0 before. */
  endedAtMs = 0;
  /** `frontend_log_event_id`: given when the record is first encoded, the same on every attempt. */
  eventId: string | undefined = undefined;
  /** Monotonic milliseconds at which the record was first queued; 0 before. */
  queuedAtMs = 0;
  /** Share of such statements that are sent; undefined when all are. */
  sampleRate: number | undefined = undefined;

  // ---- how far it has come ------------------------------------------------------------------------------------------

  /** Its session or its call said `telemetryEnabled: false`: nothing of it goes to Databricks. */
  isLocal = false;
  /** Calls of the application that wait for it, or read; they may overlap and nest. */
  activeCalls = 0;
  /** Since when one of them does. */
  sinceMs = 0;
  /** Time of the application's calls after the result was there; undefined while it read nothing. */
  consumedMs: number | undefined = undefined;
  /** The server has finished its work, one way or the other. */
  isReady = false;
  /** When it had, and since when the application has read; monotonic milliseconds, 0 while it is not so. */
  readyAtMs = 0;
  firstReadAtMs = 0;
  hasResultSet = true;
  hasLastPage = false;
  hasSeenRows = false;
  /** Its RPCs are not seen: a backend that does not use the wire seam. */
  isUnseen = false;
  rowsAvailable = 0;
  /** A call on it threw, or the server said that it failed. */
  hasFailureState = false;
  /** The application's trace that it is a part of, as a subscriber of the statement's channel named it. */
  traceId: string | undefined = undefined;

  /** `timestampMs`: wall clock of the start; `startedAtMs`: the same on the monotonic clock. */
  constructor(
    public connection: ConnectionInfo | undefined,
    public sessionId: string | undefined,
    public operationType: OperationType | undefined,
    public timestampMs: number,
    public startedAtMs: number,
  ) {}
}

/** Time in milliseconds from which a statement is slow where nobody says another. */
const SLOW_STATEMENT_MS = 10_000;

/** Time in milliseconds from which the statements of `connection` are slow. */
export function slowStatementMsOf(connection: ConnectionInfo | undefined): number {
  return connection?.slowStatementMs || SLOW_STATEMENT_MS;
}

/** All the time in milliseconds that the application's calls on it have taken so far: backend work, and reading the result. */
export function spentMs(statement: Statement, nowMs: number): number {
  const { latencyMs, consumedMs = 0, submitLatencyMs, startedAtMs, activeCalls, sinceMs, outcome } = statement;
  if (outcome !== undefined) return latencyMs + consumedMs;
  if (submitLatencyMs === undefined) return nowMs - startedAtMs;
  return latencyMs + consumedMs + (activeCalls > 0 ? nowMs - sinceMs : 0);
}

/** Whether a statement that has ended was slow. */
export function isSlow({ connection, latencyMs, consumedMs = 0 }: Statement): boolean {
  return latencyMs + consumedMs >= slowStatementMsOf(connection);
}

/** Severity of a statement that has ended. Why it failed is told by its error record, which is more severe. */
export function levelOf(outcome: StatementOutcome): TelemetryLevel {
  switch (outcome) {
    case 'failed':
    case 'timed_out':
    case 'cancelled_by_server':
    case 'connection_lost':
    case 'abandoned':
      return 'WARN';
    case 'delivered':
    case 'cancelled':
    case 'closed_unfetched':
    case 'session_closed':
      return 'INFO';
  }
}

/** Ends, at `nowMs`, a statement of which nobody will say how it ended. */
export function abandon(statement: Statement, nowMs: number): void {
  statement.outcome = 'abandoned';
  statement.level = levelOf('abandoned');
  statement.endedAtMs = nowMs;
}
