import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { Surprises } from '../support/surprises';
import { FAULTS } from './faults';
import {
  expectAccounts,
  expectUnnoticed,
  runWith,
  runWithoutTelemetry,
  startWorkspace,
  type Row,
  type Run,
} from './harness';
import { printTable } from './table';

describe('whatever goes wrong with telemetry, the application notices nothing and every record is accounted for', () => {
  const rows = new Map<string, Row>();
  const surprises = new Surprises();
  let stranger: LocalWorkspace;
  let without: Run;

  before(async () => {
    stranger = await startWorkspace();
    // The first run pays for what is loaded late.
    await runWithoutTelemetry(stranger);
    without = await runWithoutTelemetry(stranger);
    rows.set('(telemetry off)', { run: without, stats: undefined, arrived: 0 });
    surprises.start();
  });

  after(async () => {
    surprises.stop();
    await stranger.close();
    console.log(`\n${printTable(rows)}\n`);
  });

  for (const fault of FAULTS) {
    it(fault.name, async () => {
      // A workspace of its own for each: what a process remembers of a host must not reach into the next row.
      const workspace = await startWorkspace();
      try {
        const row = await runWith(fault, { workspace, stranger });
        rows.set(fault.name, row);
        expectUnnoticed(row, without);
        expectAccounts(fault, row, { workspace, stranger });
      } finally {
        await workspace.close();
      }
      expect(surprises.seen).to.deep.equal([]);
    });
  }
});
