import type { LocalWorkspace } from 'databricks-local-workspace';

/** One telemetry log as it is on the wire, with the parts that tests look at. */
export interface DriverLog {
  readonly session_id?: string;
  readonly sql_statement_id?: string;
  readonly auth_type?: string;
  readonly operation_latency_ms?: number;
  readonly system_configuration?: Readonly<Record<string, unknown>>;
  readonly driver_connection_params?: Readonly<Record<string, unknown>>;
  readonly error_info?: { readonly error_name: string; readonly stack_trace?: string };
  readonly vol_operation?: { readonly volume_operation_type?: string };
  readonly sql_operation?: {
    readonly statement_type?: string;
    readonly is_compressed?: boolean;
    readonly execution_result?: string;
    readonly chunk_id?: number;
    readonly retry_count?: number;
    readonly chunk_details?: {
      readonly initial_chunk_latency_millis?: number;
      readonly slowest_chunk_latency_millis?: number;
      readonly total_chunks_present?: number;
      readonly total_chunks_iterated?: number;
      readonly sum_chunks_download_time_millis?: number;
    };
    readonly result_latency?: {
      readonly result_set_ready_latency_millis?: number;
      readonly result_set_consumption_latency_millis?: number;
    };
    readonly operation_detail?: {
      readonly n_operation_status_calls?: number;
      readonly operation_status_latency_millis?: number;
      readonly operation_type?: string;
    };
  };
}

/** Every log that the workspace's telemetry endpoints received. */
export function driverLogs(workspace: LocalWorkspace): DriverLog[] {
  return workspace.received.telemetryLogs().map(({ log }) => {
    const { entry } = log as unknown as { entry: { sql_driver_log: DriverLog } };
    return entry.sql_driver_log;
  });
}

/** Statement rows: what is left when errors and sessions are taken away. */
export function statementRows(workspace: LocalWorkspace, statementId?: string): DriverLog[] {
  return driverLogs(workspace).filter(
    (log) =>
      log.error_info === undefined &&
      !['CREATE_SESSION', 'DELETE_SESSION'].includes(log.sql_operation?.operation_detail?.operation_type ?? '') &&
      (statementId === undefined || log.sql_statement_id === statementId),
  );
}

export function errorRows(workspace: LocalWorkspace, statementId?: string): DriverLog[] {
  return driverLogs(workspace).filter(
    (log) => log.error_info !== undefined && (statementId === undefined || log.sql_statement_id === statementId),
  );
}

export function sessionRows(workspace: LocalWorkspace, operation: 'CREATE_SESSION' | 'DELETE_SESSION'): DriverLog[] {
  return driverLogs(workspace).filter((log) => log.sql_operation?.operation_detail?.operation_type === operation);
}
