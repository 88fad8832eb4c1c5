import type { ErrorStage, StatementOutcome, TelemetryLevel, TelemetryRecord } from '../telemetry/types';

/** Levels by their number: the higher, the more verbose. A log level of `OFF` lets nothing leave. */
export const TELEMETRY_LEVELS = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const;

export type TelemetryLogLevel = (typeof TELEMETRY_LEVELS)[number];

const NUMBERS = Object.fromEntries(TELEMETRY_LEVELS.map((level, number) => [level, number])) as Readonly<
  Record<TelemetryLogLevel, number>
>;

/** Whether a record of `level` may leave where `logLevel` is the most verbose that may. */
export function isWithin(level: TelemetryLevel, logLevel: TelemetryLogLevel): boolean {
  return NUMBERS[level] <= NUMBERS[logLevel];
}

/** The most verbose severity that a record has. */
const MOST_VERBOSE: TelemetryLevel = 'INFO';

/** Tells which records may leave: `logLevel` is the most verbose severity of those whose connection does not say. */
export function recordsWithin(logLevel: TelemetryLogLevel): (record: TelemetryRecord) => boolean {
  return (record) => {
    const limit = record.connection?.logLevel ?? logLevel;
    // As a rule nothing is held back, and the severity need not be known.
    return isWithin(MOST_VERBOSE, limit) || isWithin(record.level, limit);
  };
}

/** Severity of a statement row. Why a statement failed is told by its error record, which is more severe. */
export function statementLevel(outcome: StatementOutcome): TelemetryLevel {
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

/** Severity of an error: without a connection or session nothing works; what can be retried may pass. */
export function errorLevel(stage: ErrorStage, isTerminal: boolean): TelemetryLevel {
  if (!isTerminal) return 'WARN';
  return stage === 'connect' || stage === 'open_session' ? 'FATAL' : 'ERROR';
}
