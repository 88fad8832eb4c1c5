import { DBSQLClient as DriverClient } from '@databricks/sql';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions as DriverOptions } from '@databricks/sql/dist/contracts/IDBSQLClient';
import type { DBSQLClient } from 'databricks-sql-telemetry';
import { expect } from 'chai';
import fc from 'fast-check';
import { programs, type Step } from './differential/programs';
import { run } from './differential/run';
import { connectTo, KeepingLogger } from './support/application';
import { statementRows } from './support/telemetry';
import { startFreshWorkspace } from './support/workspace';

/** A failure names the seed and path with which it is run again. */
const PARAMETERS: fc.Parameters<[readonly Step[]]> = { seed: 20260212, numRuns: 60 };

const SUBMITTING: ReadonlySet<Step['kind']> = new Set(['execute', 'list', 'info']);

describe('random programs', () => {
  let workspace: LocalWorkspace;
  let plain: DriverClient;
  let off: DBSQLClient;
  let on: DBSQLClient;

  before(async () => {
    workspace = await startFreshWorkspace({
      cloudFetch: { maxRowsPerFile: 700, thresholdBytes: 1 << 14 },
      // Every answer is there at once: what a program sees must not depend on how fast this machine is.
      asyncAfterMs: 20_000,
    });
    plain = new DriverClient({ logger: new KeepingLogger() });
    await plain.connect({ ...workspace.connectionOptions, telemetryEnabled: false } as DriverOptions);
    off = await connectTo(workspace, { telemetryEnabled: false });
    on = await connectTo(workspace);
  });

  after(async () => {
    await Promise.all([plain.close(), off.close(), on.close()]);
    await workspace.close();
  });

  it('see the same with telemetry on, with telemetry off and on the plain driver; each statement is one row', async () => {
    const property = fc.asyncProperty(programs, async (steps) => {
      const expected = await run(steps, plain, workspace);
      expect(await run(steps, off, workspace), 'with telemetry off').to.deep.equal(expected);
      workspace.received.clear();
      expect(await run(steps, on, workspace), 'with telemetry on').to.deep.equal(expected);
      await on.flushTelemetry();
      for (const { statementId } of workspace.received.statements()) {
        expect(statementRows(workspace, statementId), 'rows of a statement').to.have.length(1);
      }
      const submitted = steps.filter(({ kind }) => SUBMITTING.has(kind)).length;
      expect(statementRows(workspace), 'rows of all statements').to.have.length(submitted);
    });
    await fc.assert(property, PARAMETERS);
  }).timeout(120_000);
});
