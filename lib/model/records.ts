import type { ConnectionInfo } from './connection';
import type { ErrorStage, TelemetryLevel } from './enums';
import type { ErrorFacts, ThrownValue } from './errorFacts';
import { TELEMETRY_LEVELS, type TelemetryLogLevel } from './optionRow';
import type { Statement } from './Statement';

interface RecordBase {
  /** The connection that produced the record; undefined for events that a caller made by hand: the exporter's own. */
  readonly connection: ConnectionInfo | undefined;
  /** Wall clock, milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly sessionId: string | undefined;
  readonly level: TelemetryLevel;
  /** `frontend_log_event_id`: given when the record is first encoded, the same on every attempt. */
  eventId: string | undefined;
  /** Monotonic milliseconds at which the record was first queued; 0 before. */
  queuedAtMs: number;
}

/** A session was opened or closed. */
export interface ConnectionRecord extends RecordBase {
  readonly kind: 'connection';
  readonly operation: 'CREATE_SESSION' | 'DELETE_SESSION';
  /** Latency of the RPC in milliseconds. */
  readonly latencyMs: number | undefined;
  /** Share of such records that are sent; undefined when all are. */
  sampleRate?: number | undefined;
}

/** Something failed. */
export interface ErrorRecord extends RecordBase {
  readonly kind: 'error';
  readonly statementId: string | undefined;
  readonly stage: ErrorStage;
  readonly error: ErrorFacts;
  /** Where the driver's frames are read from when the record is encoded. */
  readonly thrown: ThrownValue | undefined;
  /** Terminal (not worth a retry) as the exception classifier sees it. */
  readonly isTerminal: boolean;
}

/** A record that a process left behind which has ended: its log as it was written then. */
export interface SpooledRecord extends RecordBase {
  readonly kind: 'spooled';
  /** Fingerprint of the identity under which alone the log may leave; `connection` had it when the record was found. */
  readonly identity: string;
  /** JSON of the log, exactly as it is sent. */
  readonly log: string;
  /** The same with its local fields, for a receiver that reads them; undefined where it has none. */
  readonly localLog?: string;
}

/** What waits to be sent. A statement that has ended is its own record. */
export type TelemetryRecord = ConnectionRecord | Statement | ErrorRecord | SpooledRecord;

/** The error of a connection that failed: no session's record tells of it. */
export function isFailedConnect(record: TelemetryRecord): boolean {
  return record.kind === 'error' && (record.stage === 'connect' || record.stage === 'open_session');
}

/** Severity of an error: without a connection or session nothing works; what can be retried may pass. */
export function errorLevel(stage: ErrorStage, isTerminal: boolean): TelemetryLevel {
  if (!isTerminal) return 'WARN';
  return stage === 'connect' || stage === 'open_session' ? 'FATAL' : 'ERROR';
}

const NUMBERS = Object.fromEntries(TELEMETRY_LEVELS.map((level, number) => [level, number])) as Readonly<
  Record<TelemetryLogLevel, number>
>;

/** Whether a record of `level` may leave where `logLevel` is the most verbose that may. */
export function isWithin(level: TelemetryLevel, logLevel: TelemetryLogLevel): boolean {
  return NUMBERS[level] <= NUMBERS[logLevel];
}
