import type { ConnectionInfo } from './connection';
import type { ErrorStage, ExecutionResult, OperationType, StatementOutcome, StatementType } from './enums';
import type { ErrorFacts, ThrownValue } from './errorFacts';
import type { Statement } from './Statement';

/** The events of a connection's and a statement's life. */
export enum TelemetryEventType {
  CONNECTION_OPEN = 'connection.open',
  CONNECTION_CLOSE = 'connection.close',
  STATEMENT_START = 'statement.start',
  STATEMENT_COMPLETE = 'statement.complete',
  CLOUDFETCH_CHUNK = 'cloudfetch.chunk',
  ERROR = 'error',
}

interface EventBase {
  /** Wall clock, milliseconds since the epoch. */
  readonly timestamp: number;
  readonly connection?: ConnectionInfo | undefined;
  readonly sessionId?: string | undefined;
  /** It stays in the process: its session or its call said `telemetryEnabled: false`. */
  readonly isLocal?: boolean | undefined;
}

/** A session was opened (`latencyMs` of the RPC). */
export interface ConnectionOpenEvent extends EventBase {
  readonly eventType: TelemetryEventType.CONNECTION_OPEN;
  readonly latencyMs?: number | undefined;
}

/** A session was closed (`latencyMs` of the RPC). */
export interface ConnectionCloseEvent extends EventBase {
  readonly eventType: TelemetryEventType.CONNECTION_CLOSE;
  readonly latencyMs?: number | undefined;
}

/** What an event about a statement has inside the library: the statement itself, which is then not looked up by its id. */
interface ByReference {
  readonly statement?: Statement | undefined;
}

/** A statement was submitted. */
export interface StatementStartEvent extends EventBase, ByReference {
  readonly eventType: TelemetryEventType.STATEMENT_START;
  readonly statementId: string | undefined;
  readonly operationType?: OperationType | undefined;
  readonly statementType?: StatementType | undefined;
}

/** A statement has ended. */
export interface StatementCompleteEvent extends EventBase, ByReference {
  readonly eventType: TelemetryEventType.STATEMENT_COMPLETE;
  readonly statementId: string | undefined;
  readonly outcome?: StatementOutcome | undefined;
  readonly operationType?: OperationType | undefined;
  /** Backend work in milliseconds. */
  readonly latencyMs?: number | undefined;
  readonly resultFormat?: ExecutionResult | undefined;
  readonly pollCount?: number | undefined;
  readonly pollLatencyMs?: number | undefined;
}

/** One CloudFetch file was downloaded in `latencyMs`. */
export interface CloudFetchChunkEvent extends EventBase, ByReference {
  readonly eventType: TelemetryEventType.CLOUDFETCH_CHUNK;
  readonly statementId: string | undefined;
  /** Counted from 0 in manifest order. */
  readonly chunkIndex: number;
  readonly latencyMs: number;
  readonly bytes: number;
  readonly compressed?: boolean | undefined;
}

/** Something failed. */
export interface ErrorEvent extends EventBase, ByReference {
  readonly eventType: TelemetryEventType.ERROR;
  readonly statementId?: string | undefined;
  readonly stage: ErrorStage;
  readonly error: ErrorFacts;
  /** What was thrown, for the driver's frames in its stack. */
  readonly thrown?: ThrownValue | undefined;
  readonly isTerminal: boolean;
}

export type TelemetryEvent =
  | ConnectionOpenEvent
  | ConnectionCloseEvent
  | StatementStartEvent
  | StatementCompleteEvent
  | CloudFetchChunkEvent
  | ErrorEvent;

/** An event as a caller of an `emit…` method gives it: type and, where it can be filled in, time are added. */
export type EventData<E extends TelemetryEvent> = Omit<E, 'eventType' | 'timestamp'> & { readonly timestamp?: number };

/** The event of a failure, spelt out: to copy an object with this many fields takes 4 µs. */
export function errorEventOf(data: EventData<ErrorEvent>, timestamp: number): ErrorEvent {
  return {
    eventType: TelemetryEventType.ERROR,
    timestamp,
    connection: data.connection,
    sessionId: data.sessionId,
    isLocal: data.isLocal,
    statementId: data.statementId,
    stage: data.stage,
    error: data.error,
    thrown: data.thrown,
    isTerminal: data.isTerminal,
    statement: data.statement,
  };
}
