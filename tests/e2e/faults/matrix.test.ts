import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { HttpCollector } from '../support/HttpCollector';
import { Surprises } from '../support/surprises';
import { FAULTS } from './faults';
import {
  expectAccounts,
  expectNothingRepeated,
  expectUnnoticed,
  runWith,
  runWithoutTelemetry,
  startWorkspace,
  UNNOTICED_STEPS,
  type Row,
  type Run,
} from './harness';
import { printTable } from './table';

describe('whatever goes wrong with telemetry, the application notices nothing and every record is accounted for', () => {
  const rows = new Map<string, Row>();
  const surprises = new Surprises();
  let stranger: LocalWorkspace;
  /** Runs with telemetry off, made now and then between the others. */
  const without: Run[] = [];

  before(async () => {
    stranger = await startWorkspace();
    // The first run pays for what is loaded late.
    await runWithoutTelemetry(stranger);
    surprises.start();
  });

  async function measureWithout(): Promise<void> {
    const run = await runWithoutTelemetry(stranger);
    without.push(run);
    rows.set(`(telemetry off, ${without.length})`, { run, stats: undefined, reasons: [], arrived: 0 });
  }

  after(async () => {
    surprises.stop();
    await stranger.close();
    console.log(`\n${printTable(rows)}\n`);
  });

  for (const [index, fault] of FAULTS.entries()) {
    it(fault.name, async () => {
      if (index % 6 === 0 || without.length === 0) await measureWithout();
      // A workspace of its own for each: what a process remembers of a host must not reach into the next row.
      const [workspace, collector] = await Promise.all([startWorkspace(), HttpCollector.start()]);
      const world = { workspace, stranger, collector };
      try {
        const row = await runWith(fault, world);
        rows.set(fault.name, row);
        expectUnnoticed(row, without);
        expectNothingRepeated(world);
        expectAccounts(fault, row, world);
      } finally {
        await Promise.all([workspace.close(), collector.close()]);
      }
      expect(surprises.seen).to.deep.equal([]);
    }).retries(2); // It measures time.
  }

  it('has a row for each reason for which a record can be dropped', () => {
    const [row] = [...rows.values()].filter(({ stats }) => stats !== undefined);
    const counted = new Set(FAULTS.flatMap((fault) => fault.counted ?? []));
    expect(Object.keys(row?.stats?.dropped ?? {})).to.have.length.greaterThan(8);
    expect([...counted]).to.have.members([...Object.keys(row?.stats?.dropped ?? {}), 'rejected']);
  });

  it('on the whole each step takes as long as without telemetry', () => {
    const runs = [...rows.values()].filter(({ stats }) => stats !== undefined).map(({ run }) => run);
    for (const step of UNNOTICED_STEPS) {
      const withoutMs = median(without.map((run) => run[step].ms));
      expect(median(runs.map((run) => run[step].ms)), step).to.be.lessThan(1.5 * withoutMs + 100);
    }
  });
});

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
