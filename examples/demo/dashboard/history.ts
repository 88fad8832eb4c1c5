import type { LocalWorkspace } from 'databricks-local-workspace';

/** Gives the collector what the workspace knows of its statements, as `system.query.history` would, and forgets it. */
export async function uploadHistory(workspace: LocalWorkspace, collectorAddress: string): Promise<void> {
  const finished = workspace.received.statements().filter(({ finishedAt }) => finishedAt !== undefined);
  const lines = finished.map(({ statementId, startedAt, finishedAt, outcome, rows }) => {
    const durationMs = Math.round((finishedAt ?? startedAt) - startedAt);
    const compilationMs = Math.min(durationMs, 3);
    return JSON.stringify({
      statement_id: statementId,
      start_time: Math.round(startedAt),
      end_time: Math.round(finishedAt ?? startedAt),
      total_duration_ms: durationMs,
      waiting_for_compute_duration_ms: 0,
      waiting_at_capacity_duration_ms: 0,
      compilation_duration_ms: compilationMs,
      execution_duration_ms: durationMs - compilationMs,
      produced_rows: rows,
      execution_status: outcome === 'failed' ? 'FAILED' : 'FINISHED',
    });
  });
  if (lines.length === 0) return;
  await fetch(`${collectorAddress}/api/v1/query-history`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
}
