/* opentelemetry/: spans and metrics of statements, from the channels alone. `databricks-sql-telemetry/opentelemetry`. */
export { DatabricksSqlInstrumentation } from './DatabricksSqlInstrumentation';
export type { DatabricksSqlInstrumentationConfig } from './DatabricksSqlInstrumentation';
export { traceStatements } from './traceStatements';
export type { StatementTracingOptions, TraceStatementsOptions } from './options';
export type { StatementMessage, StatementPhase } from '../model/messages';
