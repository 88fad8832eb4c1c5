import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { arrivedIds, expectAccounted } from '../support/accounts';
import { driverLogs, errorRows, sessionRows, statementRows } from '../support/telemetry';
import { startFreshWorkspace } from '../support/workspace';
import { run, type Report } from './run';

/** As in fixtures/scenarios.ts, where each request that telemetry could wait for takes two minutes. */
const CLOSE_TIMEOUT_MS = 2000;
/** What nothing holds up is over in less, however busy the machine is. */
const PROMPT_MS = 15_000;

function expectCleanExit(report: Report): void {
  expect(report.unhandled).to.deep.equal([]);
  expect(report.noise).to.equal('');
  expect([report.code, report.signal]).to.deep.equal([0, null]);
}

describe('the end of a process', function suite() {
  this.timeout(120_000);
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  afterEach(() => workspace.faults.clear());
  after(() => workspace.close());

  function expectEverythingArrived(): void {
    const ids = arrivedIds(workspace);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(statementRows(workspace).length).to.equal(workspace.received.statements().length);
    expect(sessionRows(workspace, 'CREATE_SESSION').length).to.equal(workspace.received.sessions().length);
  }

  describe('with a telemetry endpoint that hangs', () => {
    beforeEach(() => void workspace.faults.add({ route: 'telemetry-ext', action: 'hang' }));

    it('close() returns at its time limit, and the process ends with it', async () => {
      const report = await run(workspace, 'close');
      expectCleanExit(report);
      const closeMs = (report.line('closed')?.at ?? 0) - (report.line('closing')?.at ?? 0);
      expect(closeMs).to.be.within(CLOSE_TIMEOUT_MS - 20, PROMPT_MS);
      expect(report.msAfter('closed')).to.be.lessThan(PROMPT_MS);
      expectAccounted(report.stats);
      expect(report.stats.dropped.close_timeout).to.equal(report.stats.collected);
    }).retries(2); // It measures time.

    it('a request under way does not keep the process alive longer than the flush at its end', async () => {
      const report = await run(workspace, 'no close, records on their way');
      expectCleanExit(report);
      expect(report.msAfter('done')).to.be.lessThan(PROMPT_MS);
      expect(report.line('left')?.detail).to.include({ delivered: 0 });
    });

    it('without flush on exit the process ends at once', async () => {
      const report = await run(workspace, 'no close, no flush on exit');
      expectCleanExit(report);
      expect(report.line('done')?.detail).to.equal(0);
      expect(report.msAfter('done')).to.be.lessThan(PROMPT_MS);
    });
  });

  it('an exporter that hangs keeps neither close() nor the process longer than the time limit', async () => {
    const report = await run(workspace, 'an exporter that hangs');
    expectCleanExit(report);
    const closeMs = (report.line('closed')?.at ?? 0) - (report.line('closing')?.at ?? 0);
    expect(closeMs).to.be.lessThan(PROMPT_MS);
    expect(report.msAfter('closed')).to.be.lessThan(PROMPT_MS);
    expect(report.stats?.exporters[0]).to.include({ collected: 3, delivered: 0, pending: 0 });
  }).retries(2); // It measures time.

  it('a feature flag that hangs does not keep the process alive', async () => {
    workspace.faults.add({ route: 'feature-flags', action: 'hang' });
    const report = await run(workspace, 'no close, no flush on exit');
    expectCleanExit(report);
    // Had the process waited for the answer, that request had failed in the end.
    const left = report.line('left')?.detail;
    expect(left).to.include({ flagState: 'unknown' }).and.not.have.property('lastError');
  });

  it('close() delivers everything, and the process ends at once', async () => {
    const report = await run(workspace, 'close');
    expectCleanExit(report);
    expectEverythingArrived();
    expect(report.msAfter('closed')).to.be.lessThan(PROMPT_MS);
    expect(report.stats?.delivered).to.equal(report.stats?.collected);
  });

  it('a process that ends by itself delivers without close()', async () => {
    const report = await run(workspace, 'no close');
    expectCleanExit(report);
    expectEverythingArrived();
    expect(driverLogs(workspace).length).to.equal(3);
  });

  it('listeners of the application for the end of the process run as often as without telemetry', async () => {
    const report = await run(workspace, 'no close, listeners for the end');
    expectCleanExit(report);
    expect(report.lines.map(({ what }) => what)).to.deep.equal(['done', 'lasting', 'once']);
  });

  it('process.exit() after an awaited close() loses nothing', async () => {
    const report = await run(workspace, 'exit after close');
    expectCleanExit(report);
    expectEverythingArrived();
  });

  it('an application that closes on SIGTERM loses nothing', async () => {
    const report = await run(workspace, 'SIGTERM', ({ what }, child) => {
      if (what === 'ready') child.kill('SIGTERM');
    });
    expectCleanExit(report);
    expectEverythingArrived();
    expect(report.stats?.delivered).to.equal(3);
  });

  it('a worker thread delivers and ends as a process does', async () => {
    const report = await run(workspace, 'worker thread');
    expectCleanExit(report);
    expectEverythingArrived();
    expect(report.stats?.delivered).to.equal(3);
  });

  it('a worker thread that is terminated leaves no trace in its process', async () => {
    const report = await run(workspace, 'terminated worker thread');
    expectCleanExit(report);
    expect(report.msAfter('done')).to.be.lessThan(PROMPT_MS);
  });

  it('each process of a cluster delivers its own', async () => {
    const report = await run(workspace, 'cluster');
    expectCleanExit(report);
    expectEverythingArrived();
    expect(driverLogs(workspace).length).to.equal(6);
  });

  it('close() twice delivers once', async () => {
    const report = await run(workspace, 'close twice');
    expectCleanExit(report);
    expectEverythingArrived();
    expect(driverLogs(workspace).length).to.equal(3);
  });

  it('close() while connecting ends the process as without telemetry', async () => {
    const report = await run(workspace, 'close while connecting');
    expectCleanExit(report);
    expect(report.msAfter('closed')).to.be.lessThan(PROMPT_MS);
  });

  it('close() after a host that cannot be reached is quick, and the failure is accounted for', async () => {
    const report = await run(workspace, 'unreachable');
    expectCleanExit(report);
    expect(report.line('rejected')?.detail).to.not.equal('none');
    expect(report.msAfter('closing')).to.be.lessThan(PROMPT_MS);
    expectAccounted(report.stats);
    expect([report.stats.collected, report.stats.pending]).to.deep.equal([1, 0]);
  });

  it('credentials that cannot be had fail the connection as without telemetry, in one record', async () => {
    const report = await run(workspace, 'failed connect');
    expectCleanExit(report);
    expect(report.line('rejected')?.detail).to.contain('no credentials');
    expect(report.msAfter('closing')).to.be.lessThan(PROMPT_MS);
    expectAccounted(report.stats);
    expect(report.stats.collected).to.equal(1);
    expect(errorRows(workspace).length).to.equal(report.stats.delivered);
  });

  it('an application that exits in a listener of ours exits at once, with its own status', async () => {
    const report = await run(workspace, 'exit in a listener');
    expect([report.code, report.signal, report.unhandled, report.noise]).to.deep.equal([7, null, [], '']);
  });

  it('an exception that the application survives costs no record', async () => {
    const report = await run(workspace, 'an exception that the application survives');
    expect(report.unhandled.map(({ detail }) => detail)).to.deep.equal(['Error: of the application']);
    expect([report.code, report.noise]).to.deep.equal([0, '']);
    expectEverythingArrived();
    expect(report.stats).to.include({ collected: 3, delivered: 3 });
  });

  it('12 clients at once leave no warning of Node.js and lose nothing', async () => {
    const report = await run(workspace, 'many clients at once');
    expectCleanExit(report);
    expect(report.line('warning')).to.equal(undefined);
    expectEverythingArrived();
    expect(statementRows(workspace).length).to.equal(12);
  });

  it('close() with a session and a statement open reports both', async () => {
    const report = await run(workspace, 'sessions open');
    expectCleanExit(report);
    expectEverythingArrived();
    expectAccounted(report.stats);
    expect(report.stats.inFlightStatements).to.equal(0);
  });

  it('when the close of the driver throws, the application gets that error, and the records are delivered', async () => {
    const report = await run(workspace, 'close of the driver throws');
    expectCleanExit(report);
    expect(report.line('rejected')?.detail).to.equal('Error: the driver cannot close');
    expectEverythingArrived();
  });

  it('failures that nobody looks at are unhandled once each, as with the driver alone', async () => {
    const alone = await run(workspace, 'failures nobody looks at, the driver alone');
    const report = await run(workspace, 'failures nobody looks at');
    const details = ({ unhandled }: Report): string[] => unhandled.map(({ detail }) => String(detail)).sort();
    expect(details(report)).to.have.length(3).and.deep.equal(details(alone));
    expect([report.code, report.line('done')?.what]).to.deep.equal([0, 'done']);
  });

  it('off is the driver alone: no request, timer, listener or line of telemetry', async () => {
    const alone = await run(workspace, 'the driver alone');
    // Each once: a slow machine polls more often.
    const requests = (): string[] => [...new Set(workspace.received.requests().map(({ url }) => url))];
    const requested = requests();
    workspace.received.clear();
    const off = await run(workspace, 'off');
    expect(off.line('leaves')?.detail).to.deep.equal(alone.line('leaves')?.detail);
    expect(wordsOf(off.noise)).to.deep.equal(wordsOf(alone.noise));
    expect([off.code, off.unhandled]).to.deep.equal([0, []]);
    expect(requests()).to.deep.equal(requested);
  });
});

/** Log lines without times and ids. */
function wordsOf(noise: string): string[] {
  return noise.split('\n').map((line) => line.replace(/[\da-f-]{8,}/g, '…').replace(/[\d:.]+/g, '#'));
}
