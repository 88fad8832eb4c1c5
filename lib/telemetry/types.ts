/* telemetry/: the nine components of the plan, each with the files that it needs liftable into the driver (spec/lifting.md). */

/** The types of telemetry in one place, as a reader of the sprint plan looks for them. */
import type { Statement } from '../model/Statement';
import type { TelemetryRecord } from '../model/records';

export type { ConnectionInfo, DriverConfiguration, RecordOrigin, TlsOptions } from '../model/connection';
export type {
  DropReason,
  ErrorStage,
  ExecutionResult,
  OperationType,
  StatementOutcome,
  StatementType,
  TelemetryLevel,
} from '../model/enums';
export type { ErrorFacts } from '../model/errorFacts';
export { TelemetryEventType } from '../model/events';
export type { TelemetryEvent } from '../model/events';
export { DEFAULT_TELEMETRY_CONFIG } from '../model/options';
export type { TelemetryConfiguration } from '../model/options';
export type { OnPreview, TelemetryLogLevel, TelemetryPreview } from '../model/optionRow';
export type { ConnectionRecord, ErrorRecord, SpooledRecord, TelemetryRecord } from '../model/records';
export type { StatementSummary } from '../model/StatementSummary';

/** What is known of one statement. */
export type StatementMetrics = Statement;
/** What is queued and sent. */
export type TelemetryMetric = TelemetryRecord;
