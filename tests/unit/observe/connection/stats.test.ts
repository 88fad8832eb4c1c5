import { expect } from 'chai';
import { closedHostStats, toTelemetryStats } from '../../../../lib/observe/connection/stats';
import { HostRegistry } from '../../../../lib/telemetry/hosts/HostRegistry';
import { TelemetryClient, type HostStats } from '../../../../lib/telemetry/TelemetryClient';
import { ClientContextStub } from '../../.stubs/ClientContextStub';

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

const PROBLEMS = [{ option: 'telemetryDryRun', given: 'string', done: 'nothing leaves' }] as const;

describe('toTelemetryStats', () => {
  it("gives the driver's names beside ours", () => {
    const stats = toTelemetryStats(STATS, PROBLEMS);
    expect(stats).to.include({
      host: 'workspace.test',
      pendingMetricsCount: 6,
      inFlightStatements: 4,
      droppedMetrics: 5,
      evictedStatements: 5,
      circuitBreakerState: 'HALF_OPEN',
    });
  });

  it('shows each figure once, under our name', () => {
    expect({ ...toTelemetryStats(STATS, PROBLEMS) }).to.deep.equal({ ...STATS, exporters: [], problems: PROBLEMS });
  });

  it('is nothing without telemetry', () => {
    expect(toTelemetryStats(undefined, PROBLEMS)).to.equal(undefined);
  });
});

describe('closedHostStats', () => {
  it('has the fields of a host that sends, and nothing in them', () => {
    const client = new TelemetryClient(new ClientContextStub(), 'workspace.test', new HostRegistry());
    expect(closedHostStats('workspace.test')).to.deep.equal(client.getStats());
  });
});
