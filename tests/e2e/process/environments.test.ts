import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { arrivedIds, expectAccounted } from '../support/accounts';
import { startFreshWorkspace } from '../support/workspace';
import { BURST } from './burst';
import { run, type Report } from './run';

const SCRIPT = path.join(__dirname, 'fixtures', 'environments.ts');

describe('in an odd environment', function () {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(() => workspace.close());

  async function ran(scenario: string, limitMs?: number): Promise<Report> {
    const report = await run(workspace, scenario, () => undefined, SCRIPT, limitMs);
    expect(report.unhandled, report.noise).to.deep.equal([]);
    expect({ code: report.code, signal: report.signal }, report.noise).to.deep.equal({ code: 0, signal: null });
    return report;
  }

  for (const scenario of [
    'fake timers after load',
    'fake timers around close',
    'fake timers before load',
    'timers of a browser',
    'no performance',
    'a performance that throws',
    'a wall clock that says nothing',
    'a wall clock before the epoch',
    'an event loop that is held up',
    'a clock that is set back a day',
    'a change to summer time',
    'Electron',
  ]) {
    it(`${scenario}: nothing hangs, and every record arrives`, async () => {
      const { stats, noise } = await ran(scenario);
      expect(stats, noise).to.include({ collected: 3, delivered: 3, pending: 0, flagState: 'on' });
      for (const { log } of workspace.received.telemetryLogs()) {
        const { client_context: context } = (log as { context: { client_context: { timestamp_millis: unknown } } })
          .context;
        expect(context.timestamp_millis).to.satisfy((ms: unknown) => Number.isSafeInteger(ms) && Number(ms) >= 0);
      }
      expect(workspace.received.telemetryLogs()).to.have.length(3);
    });
  }

  it(`a burst of ${BURST} statements at the start: the flag is heard, and every record is in one place`, async () => {
    // The answer comes while the application keeps the event loop busy.
    workspace.faults.add({ route: 'feature-flags', delayMs: 200 });
    const { stats, noise } = await ran('a burst at the start', 280_000);
    expectAccounted(stats);
    expect(stats, noise).to.include({ rejected: 0, pending: 0, flagState: 'on' });
    expect(stats.collected).to.be.at.least(BURST + 2);
    expect(stats.delivered + stats.dropped.queue_full).to.equal(stats.collected);
    expect(stats.delivered).to.be.at.least(BURST / 2);
    expect(new Set(arrivedIds(workspace)).size).to.equal(stats.delivered);
  }).timeout(300_000);

  for (const what of ['connect()', 'flushTelemetry()']) {
    it(`a store of the application around ${what} can be collected while the client is open`, async () => {
      const report = await ran(`a store of the application around ${what}`);
      expect(report.line('collected')?.detail, report.noise).to.equal(true);
    });
  }

  it('what a client that is dropped has to send arrives at the end of the process', async () => {
    const report = await ran('a client that is dropped with what it has to send');
    expect(report.line('collected')?.detail, report.noise).to.equal(false);
    expect(workspace.received.telemetryLogs()).to.have.length(3);
  });
});
