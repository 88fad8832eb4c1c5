import diagnostics from 'node:diagnostics_channel';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import * as first from 'databricks-sql-telemetry';
import type { ConnectionOptions, HealthReport, StatementMessage } from 'databricks-sql-telemetry';
import * as tracing from 'databricks-sql-telemetry/opentelemetry';
import { anotherCopy } from './support/anotherCopy';
import { KeepingLogger, query, type Session } from './support/application';
import { subscribing } from './support/subscriptions';
import { Surprises } from './support/surprises';
import { CLIENT, Tracing } from './support/tracing';
import { startFreshWorkspace } from './support/workspace';

describe('two copies of this library in one process', () => {
  const second = anotherCopy();
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
