import type { ExecutionResult, OperationType, StatementType } from '../model/serviceEnums';
import type { Agent } from 'node:http';
import type { HostKey } from '../model/host';
import type { StatementTotals } from '../model/StatementTotals';
import type { TelemetryLogLevel } from '../model/severity';

/** The events of a connection's and a statement's life. */
export enum TelemetryEventType {
  CONNECTION_OPEN = 'connection.open',
  CONNECTION_CLOSE = 'connection.close',
  STATEMENT_START = 'statement.start',
  STATEMENT_COMPLETE = 'statement.complete',
  CLOUDFETCH_CHUNK = 'cloudfetch.chunk',
  ERROR = 'error',
}
export type { ExecutionResult, OperationType, StatementTotals, StatementType };

/** How a statement ended. */
export type StatementOutcome =
  | 'delivered'
  | 'failed'
  | 'cancelled'
  | 'cancelled_by_server'
  | 'timed_out'
  | 'closed_unfetched'
  | 'session_closed'
  | 'connection_lost'
  | 'abandoned';

/** Where an error came up. */
export type ErrorStage =
  | 'connect'
  | 'open_session'
  | 'execute'
  | 'poll'
  | 'metadata'
  | 'fetch'
  | 'download'
  | 'cancel'
  | 'close'
  | 'close_session'
  | 'volume';

/** Severity, most severe first. */
export type TelemetryLevel = 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';

/** Why a record that was collected will never arrive. A counter each. */
export type DropReason =
  | 'queue_full'
  | 'too_large'
  | 'flag_off'
  | 'expired'
  | 'close_timeout'
  | 'no_credentials'
  | 'retries_exhausted'
  | 'redirected'
  | 'invalid';

/** Configuration facts of one connection, static for its lifetime. Times in the units their names give. */
export interface DriverConfiguration {
  readonly driverVersion: string;
  readonly driverName: string;
  /** Version of this library. */
  readonly libraryVersion: string;
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  readonly runtimeVendor: string;
  readonly osName: string;
  readonly osVersion: string;
  readonly osArch: string;
  readonly localeName: string | undefined;
  readonly charSetEncoding: string;
  readonly processName: string | undefined;
  readonly clientAppName: string | undefined;
  readonly authType: string;
  readonly authMech: 'OTHER' | 'PAT' | 'OAUTH';
  readonly authFlow: 'TOKEN_PASSTHROUGH' | 'CLIENT_CREDENTIALS' | 'BROWSER_BASED_AUTHENTICATION' | undefined;
  readonly httpPath: string;
  readonly mode: 'THRIFT' | 'SEA';
  readonly hostUrl: string;
  readonly port: number;
  readonly useProxy: boolean;
  readonly proxyHost: string | undefined;
  readonly proxyPort: number | undefined;
  readonly arrowEnabled: boolean;
  readonly directResultsEnabled: boolean;
  readonly cloudFetchEnabled: boolean;
  readonly lz4Enabled: boolean;
  readonly complexTypesEnabled: boolean;
  readonly metricViewMetadataEnabled: boolean;
  readonly selfSignedAllowed: boolean;
  readonly socketTimeoutSeconds: number;
  readonly asyncPollIntervalMs: number;
  readonly rowsFetchedPerBlock: number;
  readonly retryMaxAttempts: number;
  readonly retryTimeoutMs: number;
  readonly retryDelayMinMs: number;
  readonly retryDelayMaxMs: number;
  readonly cloudFetchConcurrentDownloads: number;
}

/**
 * Where a record comes from and under which identity it may leave: the credentials, headers, agent and export mode of
 * the connection that produced it. Holds providers, never a token.
 */
export interface RecordOrigin {
  readonly host: HostKey;
  /** Host name and port of the query connection. */
  readonly hostname: string;
  readonly port: number;
  /** Authenticated export (`telemetryAuthenticatedExport`). */
  readonly authenticated: boolean;
  readonly userAgent: string;
  /** Organisation header and the application's extra headers; sent with authenticated requests only. */
  readonly headers: Readonly<Record<string, string>>;
  /** TLS facts of the query connection, for requests through a proxy agent. */
  readonly tls: Readonly<TlsOptions>;
  /** Current authentication headers of the connection; undefined or a rejection when there are none to be had. */
  authenticate(): Promise<Record<string, string> | undefined>;
  getAgent(): Promise<Agent | undefined>;
}

export interface TlsOptions {
  ca?: string | Buffer | ReadonlyArray<string | Buffer>;
  cert?: string | Buffer;
  key?: string | Buffer;
  rejectUnauthorized?: boolean;
}

/** One connection of one client: shared by reference by everything that it produces. */
export interface ConnectionInfo {
  readonly origin: RecordOrigin;
  readonly workspaceId: string | undefined;
  readonly driverConfig: DriverConfiguration;
  /** Most verbose severity that this connection lets out; without it, what its host's pipeline lets out. */
  readonly logLevel?: TelemetryLogLevel;
}

interface RecordBase {
  /** The connection that produced the record; undefined for events that a caller made by hand: the exporter's own. */
  readonly connection: ConnectionInfo | undefined;
  /** Wall clock, milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly sessionId: string | undefined;
  readonly level: TelemetryLevel;
  /** `frontend_log_event_id`: given at the first export and the same on every attempt. */
  eventId?: string;
  /** Monotonic milliseconds at which the record was first queued; given by the queue. */
  queuedAtMs?: number;
}

/** A session was opened or closed. */
export interface ConnectionRecord extends RecordBase {
  readonly kind: 'connection';
  readonly operation: 'CREATE_SESSION' | 'DELETE_SESSION';
  /** Latency of the RPC in milliseconds. */
  readonly latencyMs: number | undefined;
}

/** A statement has ended: the one row of that statement. */
export interface StatementRecord extends RecordBase {
  readonly kind: 'statement';
  readonly statement: StatementTotals;
}

/** Something failed. Holds the thrown value by reference: it is reduced to class, code and frames at export. */
export interface ErrorRecord extends RecordBase {
  readonly kind: 'error';
  readonly statementId: string | undefined;
  readonly stage: ErrorStage;
  readonly error: ErrorFacts;
  /** Terminal (not worth a retry) as the exception classifier sees it. */
  readonly isTerminal: boolean;
}

/** What is known of an error, without its text. */
export interface ErrorFacts {
  /** Class name of the error. */
  readonly name: string;
  /** Driver error code, e.g. `CANCELED`, or a network code such as `ECONNRESET`. */
  readonly code: string | undefined;
  readonly sqlState: string | undefined;
  /** Error class of the server, e.g. `TABLE_OR_VIEW_NOT_FOUND`. */
  readonly errorClass: string | undefined;
  readonly httpStatus: number | undefined;
  /** CloudFetch chunk that failed, counted from 0. */
  readonly chunkId: number | undefined;
  /** The raw stack; only frames of driver and library code ever leave. */
  readonly stack: string | undefined;
  /** The raw text: never sent, for in-process sinks redacted and on request only. */
  readonly message?: string | undefined;
  /** Estimated bytes that the facts keep alive; a stack's length when not given. */
  readonly retainedBytes?: number;
}

/** A record that a process left behind which has ended: its log as it was written then. */
export interface SpooledRecord extends RecordBase {
  readonly kind: 'spooled';
  /** Fingerprint of the identity under which alone the log may leave; `connection` had it when the record was found. */
  readonly identity: string;
  /** JSON of the log, exactly as it is sent. */
  readonly log: string;
}

export type TelemetryRecord = ConnectionRecord | StatementRecord | ErrorRecord | SpooledRecord;
