import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import fc from 'fast-check';
import type { DBSQLClient } from 'databricks-sql-telemetry';
import { connectTo, type Session } from './support/application';
import { Canaries } from './support/Canaries';
import { receivedBytes } from './support/receivedBytes';
import { startFreshWorkspace } from './support/workspace';

/** What may stand around data of the application, above all what looks like something that is allowed to leave. */
const SETTINGS: ReadonlyArray<(word: string) => string> = [
  (word) => word,
  (word) => word.toUpperCase(),
  (word) => `[${word.toUpperCase()}] text`,
  (word) => `\n    at ${word} (/node_modules/@databricks/sql/dist/${word}.js:1:1)`,
  (word) => `\r\n    at async /node_modules/databricks-sql-telemetry/dist/${word}.js:1:1\n`,
  (word) => `stage=execute code=${word.toUpperCase()} sqlstate=42000`,
  (word) => `{"error_name":"${word}","stack_trace":"${word}"}`,
  (word) => `Bearer ${word}`,
  (word) => `org.apache.hive.service.cli.HiveSQLException: Error running query: [${word}] text`,
];

const hostileText = fc
  .tuple(fc.string({ maxLength: 30 }), fc.nat(SETTINGS.length - 1), fc.string({ unit: 'binary', maxLength: 30 }))
  .map(
    ([before, setting, after]) =>
      (word: string): string =>
        `${before}${SETTINGS[setting]?.(word) ?? word}${after}`,
  );

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '')}'`;
}

describe('canaries among random text', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  after(() => workspace.close());

  for (const telemetryAuthenticatedExport of [true, false]) {
    it(`never leave ${telemetryAuthenticatedExport ? 'with' : 'without'} credentials`, async function () {
      this.timeout(60_000);
      const client = await connectTo(workspace, { telemetryAuthenticatedExport, telemetryBackoffBaseMs: 1 });
      const session = await client.openSession();
      await fc.assert(
        fc.asyncProperty(hostileText, (text) => leavesNothing(workspace, client, session, text)),
        { numRuns: 30, endOnFailure: true },
      );
      await client.close();
    });
  }
});

async function leavesNothing(
  workspace: LocalWorkspace,
  client: DBSQLClient,
  session: Session,
  text: (word: string) => string,
): Promise<void> {
  const canaries = new Canaries();
  const plant = (place: string): string => text(canaries.plant(place));
  const run = async (sql: string, options: object = {}): Promise<void> => {
    const work = session.executeStatement(sql, options).then(async (operation) => {
      await operation.fetchAll();
      await operation.close();
    });
    await work.catch(() => undefined);
  };
  workspace.received.clear();
  await run(`SELECT ${literal(plant('row'))} AS \`${plant('column').replaceAll('`', '')}\``);
  await run('SELECT ? AS a', { ordinalParameters: [plant('parameter')] });
  await run(`SELECT raise_error(${literal(plant('raised error'))})`);
  await run(`SELEC ${plant('syntax error')}`);
  await run(`SELECT * FROM \`${plant('unknown table').replaceAll('`', '')}\``);
  const message = plant('error of the server');
  workspace.faults.add({ rpc: 'ExecuteStatement', error: { message, sqlState: 'XX000' }, times: 1 });
  await run('SELECT 1');
  workspace.faults.clear();
  await client.flushTelemetry();
  expect(workspace.received.telemetryLogs().length, 'records').to.be.greaterThan(8);
  expect(canaries.foundIn(receivedBytes(workspace))).to.deep.equal([]);
}
