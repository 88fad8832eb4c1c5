import { expect } from 'chai';
import { toTelemetryStats } from '../../../../lib/observe/connection/stats';
import type { HostStats } from '../../../../lib/telemetry/TelemetryClient';

const STATS = {
  host: 'workspace.test',
  collected: 20,
  delivered: 8,
  rejected: 1,
  dropped: { queue_full: 2, flag_off: 3 },
  pending: 6,
  inFlightStatements: 4,
  abandonedStatements: 5,
  breakerState: 'HALF_OPEN',
} as unknown as HostStats;

describe('toTelemetryStats', () => {
  it("gives the driver's names beside ours", () => {
    const stats = toTelemetryStats(STATS);
    expect(stats).to.include({
      host: 'workspace.test',
      pendingMetricsCount: 6,
      inFlightStatements: 4,
      droppedMetrics: 5,
      evictedStatements: 5,
      circuitBreakerState: 'HALF_OPEN',
    });
    expect(stats).to.include(STATS);
  });

  it('is nothing without telemetry', () => {
    expect(toTelemetryStats(undefined)).to.equal(undefined);
  });
});
