import type { LocalWorkspace } from 'databricks-local-workspace';

/** The parts of one telemetry log that the demo shows, named as on the wire. */
interface DriverLog {
  readonly sql_statement_id?: string;
  readonly session_id?: string;
  readonly operation_latency_ms?: number;
  readonly error_info?: { readonly error_name?: string; readonly stack_trace?: string };
  readonly sql_operation?: {
    readonly execution_result?: string;
    readonly chunk_details?: { readonly total_chunks_present?: number; readonly total_chunks_iterated?: number };
    readonly operation_detail?: { readonly operation_type?: string; readonly n_operation_status_calls?: number };
  };
}

interface TelemetryLog {
  readonly entry: { readonly sql_driver_log: DriverLog };
}

/** One statement as the telemetry endpoint received it. */
export interface ReceivedStatement {
  readonly statementId: string;
  readonly operation: string | undefined;
  readonly outcome: 'delivered' | 'failed' | 'cancelled';
  readonly errorName: string | undefined;
  readonly format: string | undefined;
  readonly latencyMs: number | undefined;
  readonly polls: number;
  readonly chunks: number;
  /** Rows that arrived for this statement: one, or the telemetry is wrong. */
  readonly rowCount: number;
}

/** Everything the telemetry endpoint received, by statement. */
export class ReceivedTelemetry {
  readonly statements: readonly ReceivedStatement[];
  readonly sessionsOpened: number;
  readonly sessionsClosed: number;
  readonly errorRecords: number;

  constructor(workspace: LocalWorkspace) {
    const logs = workspace.received
      .telemetryLogs()
      .map((received) => (received.log as unknown as TelemetryLog).entry.sql_driver_log);
    const errors = logs.filter((log) => log.error_info !== undefined);
    const rows = logs.filter((log) => log.error_info === undefined && log.sql_statement_id !== undefined);
    const ids = [...new Set(rows.map((log) => log.sql_statement_id ?? ''))];
    this.statements = ids.map((id) => summarise(id, rows, errors));
    this.sessionsOpened = countOf(logs, 'CREATE_SESSION');
    this.sessionsClosed = countOf(logs, 'DELETE_SESSION');
    this.errorRecords = errors.length;
  }
}

function countOf(logs: readonly DriverLog[], operation: string): number {
  return logs.filter((log) => log.sql_operation?.operation_detail?.operation_type === operation).length;
}

function summarise(id: string, rows: readonly DriverLog[], errors: readonly DriverLog[]): ReceivedStatement {
  const own = rows.filter((log) => log.sql_statement_id === id);
  const row = own[0];
  const error = errors.find((log) => log.sql_statement_id === id)?.error_info;
  const wasCancelled = error?.stack_trace?.includes('code=CANCELED') === true;
  return {
    statementId: id,
    operation: row?.sql_operation?.operation_detail?.operation_type,
    outcome: error === undefined ? 'delivered' : wasCancelled ? 'cancelled' : 'failed',
    errorName: error?.error_name,
    format: row?.sql_operation?.execution_result,
    latencyMs: row?.operation_latency_ms,
    polls: row?.sql_operation?.operation_detail?.n_operation_status_calls ?? 0,
    chunks: row?.sql_operation?.chunk_details?.total_chunks_iterated ?? 0,
    rowCount: own.length,
  };
}
