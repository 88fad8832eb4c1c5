import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';
import { run, type Report } from './run';

const SCRIPT = path.join(__dirname, 'fixtures', 'interruptions.ts');

describe('a process that is interrupted while records are on their way', function () {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(() => workspace.close());

  const exports = (): number => workspace.received.requests({ route: 'telemetry-ext' }).length;

  /** Runs a scenario, and interrupts it when the endpoint has got its records. */
  async function interrupted(scenario: string, signal: NodeJS.Signals): Promise<Report> {
    let isOver = false;
    const interrupt = async (child: ChildProcess): Promise<void> => {
      await until('the export is under way', () => isOver || exports() > 0, 30_000);
      child.kill(signal);
    };
    const report = await run(
      workspace,
      scenario,
      ({ what }, child) => {
        if (what === 'ready') void interrupt(child);
      },
      SCRIPT,
      50_000,
    );
    isOver = true;
    expect([report.unhandled, report.noise]).to.deep.equal([[], '']);
    return report;
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    it(`dies of ${signal} at once, as without telemetry`, async () => {
      workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
      const report = await interrupted('exporting', signal);
      expect(report.signal).to.equal(signal);
      expect(report.line('ready')?.detail, 'listeners for signals').to.deep.equal([0, 0, 0]);
      expect(report.line('flushed')).to.equal(undefined);
    });
  }

  it('ends with a worker thread that is terminated meanwhile', async () => {
    workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
    const report = await interrupted('a worker that exports', 'SIGTERM');
    expect([report.code, report.signal]).to.deep.equal([0, null]);
    expect(report.line('terminated')?.detail, 'the export had ended').to.equal(false);
  });
});

describe('a process that is told to end', function () {
  this.timeout(120_000);

  it('loses nothing where it flushes on SIGTERM, though the endpoint is slow', async () => {
    const workspace = await startFreshWorkspace();
    workspace.faults.add({ route: 'telemetry-ext', delayMs: 1000 });
    const kill = ({ what }: { readonly what: string }, child: ChildProcess): void => {
      if (what === 'ready') child.kill('SIGTERM');
    };
    const report = await run(workspace, 'flushes on SIGTERM', kill, SCRIPT, 50_000);
    await workspace.close();
    expect([report.code, report.unhandled, report.noise]).to.deep.equal([0, [], '']);
    // The session was closed: two records of it, one of its statement.
    expect(report.stats).to.include({ collected: 3, delivered: 3, pending: 0 });
  });
});
