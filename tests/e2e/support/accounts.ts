import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { TelemetryStats } from 'databricks-sql-telemetry';

/** Records dropped for any reason. */
export function droppedOf({ dropped }: TelemetryStats): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** Every record that was collected is in exactly one place. */
export function expectAccounted(stats: TelemetryStats | undefined): asserts stats is TelemetryStats {
  expect(stats).to.not.equal(undefined);
  const { collected, delivered, rejected, sampled, pending } = stats as TelemetryStats;
  expect(delivered + rejected + droppedOf(stats as TelemetryStats) + sampled + pending, JSON.stringify(stats)).to.equal(
    collected,
  );
}

/** Ids of the records that the workspace took, in order of arrival; one that came twice is there twice. */
export function arrivedIds(workspace: LocalWorkspace): string[] {
  return workspace.received.telemetryLogs().map(({ log }) => String(log['frontend_log_event_id']));
}
