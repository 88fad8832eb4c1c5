import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions, type ITelemetryExporter } from 'databricks-sql-telemetry';
import { KeepingLogger } from './support/application';
import { accountOf, KeepingExporter, workWith } from './support/KeepingExporter';
import { statementRows } from './support/telemetry';
import { until } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

describe("the application's exporters at fault:", () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  after(() => workspace.close());

  const never = (): Promise<void> => new Promise(() => undefined);
  const failing = async (): Promise<void> => {
    throw new Error('secret');
  };
  const FAULTS: readonly [string, ITelemetryExporter][] = [
    ['hangs', new KeepingExporter('Local', never)],
    ['rejects', new KeepingExporter('Local', failing)],
    [
      'throws',
      {
        export: () => {
          throw new Error('secret');
        },
        close: () => {
          throw new Error('secret');
        },
      },
    ],
    ['answers with nonsense', new KeepingExporter('Local', async () => ({ delivered: 'many', retained: 7 }) as never)],
    [
      'answers with a trap',
      new KeepingExporter(
        'Local',
        async () =>
          new Proxy(
            {},
            {
              get: () => {
                throw new Error('secret');
              },
            },
          ) as never,
      ),
    ],
    ['never closes', { export: async () => undefined, close: never }],
    ['has no close', { export: async () => undefined } as unknown as ITelemetryExporter],
  ];
  for (const [what, faulty] of FAULTS) {
    it(`one that ${what} costs the others, Databricks and the application nothing`, async () => {
      const healthy = new KeepingExporter();
      const startedMs = performance.now();
      const client = await workWith(workspace, [faulty, healthy], { telemetryEnabled: true });
      expect(performance.now() - startedMs).to.be.lessThan(15_000);
      expect(healthy.records).to.have.length(3);
      expect(statementRows(workspace)).to.have.length(1);
      const account = accountOf(client);
      const dropped = Object.values(account?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
      expect(account?.collected).to.equal(3);
      expect((account?.delivered ?? 0) + (account?.rejected ?? 0) + dropped + (account?.pending ?? 0)).to.equal(3);
      expect(JSON.stringify(client.getTelemetryStats())).to.not.contain('secret');
    }).retries(2); // It measures time.
  }

  it('one that fails at a batch gets it again, a bounded number of times', async () => {
    const exporter = new KeepingExporter('Local', failing);
    const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryExporters: [exporter] });
    const options = { telemetryFlushIntervalMs: 100, telemetryMaxRetries: 1 };
    await client.connect({ ...workspace.connectionOptions, ...options } as ConnectionOptions);
    await client.openSession();
    await until('it gave up', () => (accountOf(client)?.dropped.retries_exhausted ?? 0) > 0);
    expect(exporter.calls).to.equal(2);
    expect(accountOf(client)).to.deep.include({ pending: 0, lastError: { name: 'Error' } });
    await client.close();
  });

  it('one that takes too long is asked to stop, and is not called a second time meanwhile', async () => {
    const exporter = new KeepingExporter(
      'Local',
      (signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryExporters: [exporter] });
    const options = { telemetryFlushIntervalMs: 100, telemetryExportTimeoutMs: 100, telemetryMaxRetries: 0 };
    await client.connect({ ...workspace.connectionOptions, ...options } as ConnectionOptions);
    await client.openSession();
    await until('it gave up', () => (accountOf(client)?.dropped.retries_exhausted ?? 0) > 0);
    expect(exporter.mostRunning).to.equal(1);
    await client.close();
  });

  it('what is no exporter is left out and named', async () => {
    const exporter = new KeepingExporter();
    const client = await workWith(workspace, [7, null, {}, exporter] as never);
    expect(client.getTelemetryStats()?.problems).to.deep.equal(
      ['number', 'null', 'object'].map((given) => ({ option: 'telemetryExporters', given, done: 'left out' })),
    );
    expect(exporter.records).to.have.length(3);
  });

  it('what is no exporter is named where nothing else asks for observation, such as a class in place of its instance', async () => {
    const stats = (await workWith(workspace, [KeepingExporter] as never)).getTelemetryStats();
    expect(stats?.problems).to.deep.equal([{ option: 'telemetryExporters', given: 'function', done: 'left out' }]);
    expect(stats).to.include({ collected: 0, requests: 0 });
  });
});
