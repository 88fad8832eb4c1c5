import type { Account } from './account';
import type { ErrorStage, OperationType } from './enums';
import type { ErrorFacts } from './errorFacts';
import type { StatementSummary } from './StatementSummary';

/** Channels of `node:diagnostics_channel` on which an application can follow its statements. */
export const CHANNELS = {
  /** Tracing channel: one `connect()`. */
  connect: 'databricks-sql:connect',
  /** Tracing channel: opening a session. */
  session: 'databricks-sql:session',
  /** Tracing channel: one statement, from its call to the end of its consumption or its close. */
  statement: 'databricks-sql:statement',
  /** Tracing channel: one CloudFetch file. */
  cloudfetch: 'databricks-sql:cloudfetch',
  /** A request that the driver sent more than once has ended. */
  retry: 'databricks-sql:retry',
  /** A statement that took `telemetrySlowStatementMs` or longer has ended. */
  slow: 'databricks-sql:slow',
  /** A call of the driver begins, beyond the first of an operation, that may send requests. */
  call: 'databricks-sql:call',
  /** Somebody asks for the health of this library, which is the subscriber. */
  health: 'databricks-sql:health',
} as const;

export type ChannelName = keyof typeof CHANNELS;

/** Which server a message is about. */
export interface ServerMessage {
  /** Host name of the workspace. */
  readonly serverAddress: string;
  /** TCP port. */
  readonly serverPort: number;
  /** Warehouse, from the HTTP path of the connection. */
  readonly warehouseId: string | undefined;
  /** Workspace, from the HTTP path of the connection. */
  readonly workspaceId: string | undefined;
}

/** What went wrong, without its text. */
export interface FailureMessage extends ErrorFacts {
  readonly stage: ErrorStage;
  /** The text; only where the client was created with `telemetryStatementText: true`. */
  readonly message?: string | undefined;
}

/** One operation of a connection; filled as it goes, frozen once it is done. */
interface OperationMessage extends ServerMessage {
  /** Method of the driver. */
  readonly operation: string;
  /** Wall clock of the start, milliseconds since the epoch. */
  readonly startTimeMs: number;
  /** From the start to the end, in milliseconds; undefined until it is done. */
  readonly durationMs: number | undefined;
  /** Why it failed; undefined when it did not. */
  readonly error: FailureMessage | undefined;
}

/** One `connect()`. */
export interface ConnectMessage extends OperationMessage {
  readonly operation: 'connect';
}

/** One `openSession()`. */
export interface SessionMessage extends OperationMessage {
  readonly operation: 'openSession';
  /** Initial catalog and schema of the session, joined by `|`; undefined where the application named none. */
  readonly database: string | undefined;
  /** Session, as the server names it; undefined until it is open. */
  readonly sessionId: string | undefined;
}

/** A part of a statement's time. */
export interface StatementPhase {
  readonly name: 'submit' | 'wait' | 'fetch';
  /** From the start of the statement, in milliseconds. */
  readonly offsetMs: number;
  /** In milliseconds. */
  readonly durationMs: number;
}

/** One statement. */
export interface StatementMessage extends OperationMessage {
  /** Initial catalog and schema of its session, joined by `|`; undefined where the application named none. */
  readonly database: string | undefined;
  readonly sessionId: string | undefined;
  /** Statement, as the server names it; undefined until the server has accepted it. */
  readonly statementId: string | undefined;
  /** Kind of call; undefined where the service has no name for it (`getInfo`). */
  readonly operationType: OperationType | undefined;
  /** Text of the statement; only where the client was created with `telemetryStatementText: true`. */
  readonly query: string | undefined;
  /** What became of it; undefined until it has ended. */
  readonly summary: StatementSummary | undefined;
  /** Where its time went, in order; gaps are the application's own. Empty until it has ended. */
  readonly phases: readonly StatementPhase[];
  /**
   * A subscriber of `start` may set tags here: they go to the warehouse's query history with the statement, as the
   * driver's own `queryTags` (driver 1.14 and newer). The application's tags of the same name stand.
   */
  queryTags: Readonly<Record<string, string>> | undefined;
  /**
   * A subscriber of `start` may name the trace of which the statement is a part: it is then sampled with its trace, not
   * with its session. With OpenTelemetry spans it is the id of the span's trace.
   */
  traceId: string | undefined;
}

/** A call of the driver that may send requests: of a statement, or that closes a session. */
export type CallMessage = StatementMessage | CloseSessionMessage;

export interface CloseSessionMessage extends ServerMessage {
  readonly operation: 'closeSession';
  readonly sessionId: string;
}

/** One CloudFetch file, published when the driver is done with it. */
export interface CloudFetchMessage extends OperationMessage {
  readonly operation: 'download';
  /** The statement whose result it is a part of: the object of the statement's own channel. */
  readonly statement: StatementMessage | undefined;
  readonly sessionId: string | undefined;
  readonly statementId: string | undefined;
  /** Counted from 0 in manifest order. */
  readonly fileIndex: number;
  /** Bytes as they came; undefined when they did not. */
  readonly bytes: number | undefined;
  /** Requests for it. */
  readonly attempts: number;
}

/** A request that was sent more than once. */
export interface RetryMessage extends ServerMessage {
  readonly sessionId: string | undefined;
  readonly statementId: string | undefined;
  /** Requests beyond the first. */
  readonly retryCount: number;
  /** HTTP status or network code for each of them, as far as it is known. */
  readonly causes: readonly string[];
}

/** A statement that was slow has ended. */
export interface SlowMessage extends ServerMessage {
  readonly sessionId: string | undefined;
  readonly statementId: string | undefined;
  /** Milliseconds beyond which a statement is slow. */
  readonly thresholdMs: number;
  /** Text of the statement; only where the client was created with `telemetryStatementText: true`. */
  readonly query: string | undefined;
  readonly summary: StatementSummary;
}

/** What became of the records for one receiver, since the process began. */
export interface HealthReport extends Account {
  /** Who gets the records: a host, or the name of an exporter. */
  readonly receiver: string;
}

/** What is published on `databricks-sql:health`: the library calls `report` once for each receiver before `publish` returns. */
export interface HealthRequest {
  report(health: HealthReport): void;
}
