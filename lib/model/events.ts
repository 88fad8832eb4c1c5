import type { StatementAggregate } from './StatementAggregate';
import type {
  ConnectionInfo,
  ErrorFacts,
  ErrorStage,
  ExecutionResult,
  OperationType,
  StatementOutcome,
  StatementType,
  TelemetryEventType,
} from '../telemetry/types';

interface EventBase {
  /** Wall clock, milliseconds since the epoch. */
  readonly timestamp: number;
  readonly connection?: ConnectionInfo | undefined;
  readonly sessionId?: string | undefined;
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

/** A statement was submitted. */
export interface StatementStartEvent extends EventBase {
  readonly eventType: TelemetryEventType.STATEMENT_START;
  readonly statementId: string | undefined;
  readonly operationType?: OperationType | undefined;
  readonly statementType?: StatementType | undefined;
  /**
   * The observation itself, when the event comes from the seams: aggregated by reference, not by id. What it holds is not
   * repeated in the events of its life; only downloaded chunks are added to it by the aggregation.
   */
  readonly statement?: StatementAggregate;
}

/** A statement has ended. Ends the aggregation of its id. */
export interface StatementCompleteEvent extends EventBase {
  readonly eventType: TelemetryEventType.STATEMENT_COMPLETE;
  readonly statementId: string | undefined;
  readonly outcome?: StatementOutcome | undefined;
  readonly operationType?: OperationType | undefined;
  readonly latencyMs?: number | undefined;
  readonly resultFormat?: ExecutionResult | undefined;
  readonly pollCount?: number | undefined;
  readonly pollLatencyMs?: number | undefined;
  readonly statement?: StatementAggregate;
}

/** One CloudFetch file was downloaded. */
export interface CloudFetchChunkEvent extends EventBase {
  readonly eventType: TelemetryEventType.CLOUDFETCH_CHUNK;
  readonly statementId: string | undefined;
  /** Counted from 0 in manifest order. */
  readonly chunkIndex: number;
  readonly latencyMs: number;
  readonly bytes: number;
  readonly compressed?: boolean | undefined;
  readonly statement?: StatementAggregate;
}

/** Something failed. */
export interface ErrorEvent extends EventBase {
  readonly eventType: TelemetryEventType.ERROR;
  readonly statementId?: string | undefined;
  readonly stage: ErrorStage;
  readonly error: ErrorFacts;
  readonly isTerminal: boolean;
  readonly statement?: StatementAggregate | undefined;
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
