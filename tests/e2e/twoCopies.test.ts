import diagnostics from 'node:diagnostics_channel';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import * as first from 'databricks-sql-telemetry';
import type { ConnectionOptions, HealthReport, StatementMessage } from 'databricks-sql-telemetry';
import * as tracing from 'databricks-sql-telemetry/opentelemetry';
import { KeepingLogger, query, type Session } from './support/application';
import { subscribing } from './support/subscriptions';
import { Surprises } from './support/surprises';
import { CLIENT, Tracing } from './support/tracing';
import { startFreshWorkspace } from './support/workspace';

const LIBRARY = path.resolve(__dirname, '../../lib') + path.sep;

/** `load` with a copy of the library of its own, as where two packages depend on two versions of it. */
function anew<T>(load: () => T): T {
  const cached = Object.entries(require.cache).filter(([file]) => file.startsWith(LIBRARY));
  for (const [file] of cached) delete require.cache[file];
  try {
    return load();
  } finally {
    for (const file of Object.keys(require.cache)) if (file.startsWith(LIBRARY)) delete require.cache[file];
    for (const [file, loaded] of cached) require.cache[file] = loaded;
  }
}

describe('two copies of this library in one process', () => {
  const second = anew(() => module.require(path.join(LIBRARY, 'index.ts')) as typeof first);
  const subscribe = subscribing();
  const surprises = new Surprises();
  let workspace: LocalWorkspace;

  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });

  afterEach(async () => {
    surprises.stop();
    await workspace.close();
  });

  async function queryWith({ DBSQLClient }: typeof first, options: Partial<ConnectionOptions> = {}): Promise<void> {
    const client = new DBSQLClient({ logger: new KeepingLogger() });
    await client.connect({ ...workspace.connectionOptions, ...options } as ConnectionOptions);
    await query((await client.openSession()) as Session);
    await client.close();
  }

  it('are two', () => {
    expect(second.DBSQLClient).not.to.equal(first.DBSQLClient);
  });

  it('publish on the same channels, each statement once, and no subscriber reaches the application', async () => {
    surprises.start();
    const seen: unknown[] = [];
    const subscriber = (message: unknown): never => {
      seen.push((message as StatementMessage).statementId);
      throw new Error('subscriber');
    };
    const unsubscribe = subscribe('tracing:databricks-sql:statement:asyncEnd', subscriber);
    await queryWith(first);
    await queryWith(second);
    expect(unsubscribe()).to.equal(true);
    await queryWith(first);
    await queryWith(second);
    await new Promise((resolve) => setImmediate(resolve));
    const statements = workspace.received.statements().map(({ statementId }) => statementId);
    expect(seen).to.deep.equal(statements.slice(0, 2));
    expect(surprises.seen).to.deep.equal([]);
  });

  it('are both traced by the instrumentation of one of them, and their records add up in its metrics', async () => {
    const sdk = await Tracing.start([new tracing.DatabricksSqlInstrumentation()]);
    try {
      for (const copy of [first, second]) await queryWith(copy, { telemetryEnabled: true });
      const spans = (await sdk.ours()).filter(({ kind }) => kind === CLIENT);
      expect(spans.map(({ attributes }) => attributes['databricks.statement.id'])).to.deep.equal(
        workspace.received.statements().map(({ statementId }) => statementId),
      );
      const receiver = `localhost:${workspace.port}`;
      const reports: HealthReport[] = [];
      diagnostics.channel('databricks-sql:health').publish({ report: (report: HealthReport) => reports.push(report) });
      const own = reports.filter((report) => report.receiver === receiver);
      expect(own.map(({ delivered }) => delivered)).to.deep.equal([3, 3]);
      const delivered = (await sdk.points('databricks.telemetry.delivered')).filter(
        ({ attributes }) => attributes['databricks.telemetry.receiver'] === receiver,
      );
      expect(delivered.map(({ value }) => value)).to.deep.equal([6]);
    } finally {
      await sdk.stop();
    }
  });
});
