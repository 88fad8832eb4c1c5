/**
 * The driver's own exports, with `DBSQLClient` replaced by one that has telemetry. Whatever the installed driver
 * exports is here too, so that switching the import is the only change in an application.
 */
export * from '@databricks/sql';

export { DBSQLClient } from './DBSQLClient';
export type { ClientOptions, ConnectionOptions, OpenSessionRequest } from './contracts/clientOptions';
export type { TelemetryExplanation } from './explain/explain';
export type { TelemetryReason } from './explain/reasons';
export type { TelemetryStats } from './observe/connection/stats';

export type { ClientConfig, IClientContext } from './contracts/IClientContext';
export type { CallOptions, IDBSQLSession } from './contracts/IDBSQLSession';
export type { BatchResult, IBatchExporter } from './contracts/IBatchExporter';
export type { ExportResult, ITelemetryExporter } from './contracts/ITelemetryExporter';
export type { ExporterError } from './observe/exporters/ApplicationExporter';
export type { ExporterStats } from './observe/exporters/ExporterRegistry';
export type { OnSlowStatement, ReceiverOptions } from './contracts/ReceiverOptions';
export type { ExportedConnection, ExportedError, ExportedRecord, ExportedStatement } from './model/exportedRecord';
export type { Account } from './model/account';
export type { ExporterFacts, RecordDestination } from './model/diagnosis';
export type { FieldScope } from './model/enums';
export type { ITelemetryEventSink } from './contracts/ITelemetryEventSink';

export { CallbackExporter, type OnRecord } from './sinks/CallbackExporter';
export { FileExporter, type FileExporterOptions } from './sinks/FileExporter';
export type { SinkOptions } from './sinks/SinkOptions';
export { StreamExporter, type StreamExporterOptions } from './sinks/StreamExporter';

export { CircuitBreaker } from './telemetry/CircuitBreaker';
export { CircuitBreakerRegistry } from './telemetry/CircuitBreakerRegistry';
export { DatabricksTelemetryExporter } from './telemetry/DatabricksTelemetryExporter';
export { ExceptionClassifier } from './telemetry/ExceptionClassifier';
export { FeatureFlagCache } from './telemetry/FeatureFlagCache';
export { HostRegistry, defaultHostRegistry } from './telemetry/hosts/HostRegistry';
export { MetricsAggregator } from './telemetry/MetricsAggregator';
export { TelemetryClient } from './telemetry/TelemetryClient';
export { TelemetryClientProvider } from './telemetry/TelemetryClientProvider';
export { TelemetryEventEmitter } from './telemetry/TelemetryEventEmitter';

export { TELEMETRY_OPTIONS } from './model/options';
export type { OptionProblem, TelemetryOptions } from './model/options';
export type {
  Announcement as TelemetryEvent,
  AnnouncementMap as TelemetryEventMap,
  ConnectionDescription,
} from './model/announcement';
export { CHANNELS as TELEMETRY_CHANNELS } from './model/messages';
export type {
  CallMessage,
  CloseSessionMessage,
  CloudFetchMessage,
  ConnectMessage,
  FailureMessage,
  HealthReport,
  HealthRequest,
  RetryMessage,
  SessionMessage,
  SlowMessage,
  StatementMessage,
  StatementPhase,
} from './model/messages';
export { DEFAULT_TELEMETRY_CONFIG, TelemetryEventType } from './telemetry/types';
export type {
  ConnectionInfo,
  ConnectionRecord,
  DriverConfiguration,
  DropReason,
  ErrorFacts,
  ErrorRecord,
  ErrorStage,
  ExecutionResult,
  OnPreview,
  OperationType,
  RecordOrigin,
  SpooledRecord,
  StatementMetrics,
  StatementOutcome,
  StatementSummary,
  StatementType,
  TelemetryConfiguration,
  TelemetryLevel,
  TelemetryLogLevel,
  TelemetryMetric,
  TelemetryPreview,
  TelemetryRecord,
  TlsOptions,
} from './telemetry/types';
