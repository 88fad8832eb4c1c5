import type { SlowMessage } from '../model/messages';
import type { StatementSummary } from '../model/StatementSummary';
import type { ITelemetryExporter } from './ITelemetryExporter';

/**
 * Gets each statement that took `telemetrySlowStatementMs` (without that option: 10 s) or longer when it has ended, inside
 * the call of the application that ended it. `${summary}` is one line for a person; `message` says from which server it is,
 * and never the text of the statement. What it throws or rejects with is swallowed; nobody waits for it.
 */
export type OnSlowStatement = (summary: StatementSummary, message: Omit<SlowMessage, 'query'>) => unknown;

/** What an application plugs in to see its own statements, in the constructor or in `connect()`. Nothing of it makes telemetry send. */
export interface ReceiverOptions {
  /** Exporters of the application's. Those of the constructor and of `connect()` add up; each is told once. */
  telemetryExporters?: readonly ITelemetryExporter[] | undefined;
  /**
   * Gets slow statements instead of the driver's logger; enough to have connections observed. That of `connect()` comes
   * before that of the constructor.
   */
  onSlowStatement?: OnSlowStatement | undefined;
}
