import type { RouteName } from '../http/routes';
import type { CallName } from '../http/calls';
import type { OperationRpc } from '../thrift/rpc';

export interface ReceivedRequest {
  readonly id: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly path: string;
  readonly route: RouteName;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Size of the request body. */
  bytes: number;
  /** Undefined while unanswered, and for good when the connection ended first. */
  status: number | undefined;
  responseBytes: number;
  durationMs: number | undefined;
  rpc?: CallName;
  statementId?: string;
  tenant?: string;
  token?: string;
  /** A fault hit this request. */
  faulted: boolean;
}

export interface RequestFilter {
  route?: RouteName;
  rpc?: CallName;
  tenant?: string;
  path?: string;
  since?: number;
}

/** A decoded log; its shape is the client's, so it is checked, not assumed: see `validateTelemetryLog`. */
export type TelemetryLogBody = { [key: string]: unknown };

export interface ReceivedTelemetryRequest {
  readonly request: ReceivedRequest;
  readonly authenticated: boolean;
  /** The parsed body, undefined when it was no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly logs: readonly ReceivedTelemetryLog[];
}

export interface ReceivedTelemetryLog {
  readonly log: TelemetryLogBody;
  readonly raw: string;
  readonly request: ReceivedRequest;
  readonly authenticated: boolean;
  readonly path: string;
  readonly tenant: string | undefined;
  readonly token: string | undefined;
  /** The workspace processed it: the answer (if it arrived) counts it as a success. */
  readonly accepted: boolean;
}

export interface TelemetryLogFilter {
  tenant?: string;
  authenticated?: boolean;
  statementId?: string;
  /** Default true: logs of requests that were rejected are left out. */
  accepted?: boolean | 'any';
}

export type StatementOutcome = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'timed-out' | 'closed';
export type ReceivedResultFormat = 'inline-arrow' | 'cloudfetch' | 'columnar' | 'inline-json';

/** Which of the two protocols a client speaks: Thrift, or the Statement Execution API. */
export type ReceivedProtocol = 'thrift' | 'sea';

/** One attempt to download a file. Attempts that a fault left unanswered have status 0. */
export interface FileDownload {
  readonly status: number;
  /** Body bytes sent. */
  readonly bytes: number;
  readonly at: number;
}

export interface OfferedFile {
  readonly index: number;
  readonly rows: number;
  readonly bytes: number;
  readonly downloads: FileDownload[];
}

export interface StatementRecord {
  /** As the driver prints it. */
  readonly statementId: string;
  readonly sessionId: string;
  readonly tenant: string;
  readonly protocol: ReceivedProtocol;
  /** The call that created it. */
  readonly rpc: OperationRpc;
  readonly sql: string | undefined;
  /** Its query tags, as the driver writes them: `key:value,key:value`. */
  readonly queryTags?: string | undefined;
  outcome: StatementOutcome;
  sqlState: string | undefined;
  errorMessage: string | undefined;
  resultFormat: ReceivedResultFormat | undefined;
  compressed: boolean;
  /** GetOperationStatus or GetStatement calls. */
  polls: number;
  /** FetchResults or GetResultChunk calls. */
  fetches: number;
  metadataCalls: number;
  files: OfferedFile[];
  filesOffered: number;
  /** Rows handed out: inline, or in offered files. */
  rows: number;
  /** Bytes of inline pages and offered files. */
  resultBytes: number;
  readonly directResults: boolean;
  /** Who closed it. */
  closedBy: 'client' | 'direct-results' | 'session' | undefined;
  readonly startedAt: number;
  finishedAt: number | undefined;
}

export interface StatementFilter {
  statementId?: string;
  sessionId?: string;
  tenant?: string;
  rpc?: OperationRpc;
  outcome?: StatementOutcome;
}

export interface SessionRecord {
  readonly sessionId: string;
  readonly tenant: string;
  readonly userAgent: string | undefined;
  readonly protocol: ReceivedProtocol;
  /** Thrift only. */
  readonly protocolVersion: number | undefined;
  readonly configuration: Readonly<Record<string, string>>;
  readonly openedAt: number;
  closedAt: number | undefined;
}

/** Everything the workspace received, in order of arrival. Arrays are copies; records are live. */
export interface ReceivedLog {
  requests(filter?: RequestFilter): ReceivedRequest[];
  telemetryRequests(filter?: { tenant?: string }): ReceivedTelemetryRequest[];
  telemetryLogs(filter?: TelemetryLogFilter): ReceivedTelemetryLog[];
  statements(filter?: StatementFilter): StatementRecord[];
  sessions(): SessionRecord[];
  /** Resolves with the accepted logs as soon as the predicate holds for them; rejects after the timeout. */
  waitForTelemetry(
    predicate: (logs: readonly ReceivedTelemetryLog[]) => boolean,
    timeoutMs?: number,
  ): Promise<ReceivedTelemetryLog[]>;
  /** Estimated memory of all that is kept; the oldest gives way, so that it stays below 512 MiB. */
  readonly keptBytes: number;
  clear(): void;
}
