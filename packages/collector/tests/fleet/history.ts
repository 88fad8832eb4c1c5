import type { FleetStatement } from './facts';

/** The rows of the warehouse's query history of these statements; those of the last minutes have not arrived yet. */
export function historyOf(statements: readonly FleetStatement[], arrivedMs: number): object[] {
  return statements.flatMap(({ id, timeMs, server, warehouse, error, rows }) =>
    server === null || timeMs > arrivedMs
      ? []
      : [
          {
            statement_id: id,
            start_time: new Date(timeMs - server.totalMs).toISOString(),
            end_time: new Date(timeMs).toISOString(),
            total_duration_ms: server.totalMs,
            waiting_for_compute_duration_ms: server.coldStartMs,
            waiting_at_capacity_duration_ms: server.queuedMs,
            compilation_duration_ms: server.compilationMs,
            execution_duration_ms: server.executionMs,
            produced_rows: rows ?? 0,
            'compute.warehouse_id': warehouse,
            execution_status: error === null ? 'FINISHED' : 'FAILED',
            statement_type: 'SELECT',
          },
        ],
  );
}
