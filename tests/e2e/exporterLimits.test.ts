import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  CallbackExporter,
  DBSQLClient,
  type ConnectionOptions,
  type ExportedRecord,
  type ITelemetryExporter,
} from 'databricks-sql-telemetry';
import { KeepingLogger, query, type Session } from './support/application';
import { subscribing } from './support/subscriptions';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

/** Keeps what it gets. */
class KeepingExporter implements ITelemetryExporter {
  readonly records: ExportedRecord[] = [];

  async export(batch: readonly ExportedRecord[]): Promise<void> {
    this.records.push(...batch);
  }

  async close(): Promise<void> {}

  get statements(): number {
    return this.records.filter(({ kind }) => kind === 'statement').length;
  }
}

describe('what the application’s exporters do not get', () => {
  const subscribe = subscribing();
  let workspace: LocalWorkspace;
  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  after(() => workspace.close());

  async function connect(client: DBSQLClient, options: object = {}): Promise<Session> {
    const given = { ...workspace.connectionOptions, telemetryBatchSize: 1, ...options };
    await client.connect(given as ConnectionOptions);
    return client.openSession();
  }

  const client = (options: object = {}): DBSQLClient => new DBSQLClient({ logger: new KeepingLogger(), ...options });

  it('one that a second connect() names gets what happens from then on, and the first no more of it', async () => {
    const [first, second] = [new KeepingExporter(), new KeepingExporter()];
    const reconnecting = client();
    await query(await connect(reconnecting, { telemetryExporters: [first] }));
    await query(await connect(reconnecting, { telemetryExporters: [second] }));
    await reconnecting.close();
    expect([first.statements, second.statements]).to.deep.equal([1, 1]);
  });

  for (const sampleRate of [2, -0.5, NaN, '0.5', null, true]) {
    it(`one with the sampleRate ${String(sampleRate)} gets nothing, which the statistics name`, async () => {
      const records: ExportedRecord[] = [];
      const onRecord = (record: ExportedRecord): void => void records.push(record);
      const wrong = new CallbackExporter(onRecord, { sampleRate: sampleRate as never });
      const right = new KeepingExporter();
      const using = client({ telemetryExporters: [wrong, right] });
      await query(await connect(using));
      await using.close();
      expect([records.length, right.statements]).to.deep.equal([0, 1]);
      const [problem, ...others] = using.getTelemetryStats()?.problems ?? [];
      expect(problem).to.include({ option: 'telemetryExporters', done: 'left out' });
      expect([problem?.given.startsWith('sampleRate: '), others]).to.deep.equal([true, []]);
    });
  }

  it('get no text of a statement, nor does the workspace, where channels are shown it', async () => {
    const exporter = new KeepingExporter();
    const texts: unknown[] = [];
    const subscriber = (message: unknown): void => void texts.push((message as { query?: string }).query);
    subscribe('tracing:databricks-sql:statement:start', subscriber);
    const open = client({ telemetryStatementText: true, telemetryExporters: [exporter] });
    const session = await connect(open, { telemetryEnabled: true });
    await query(session, "SELECT 'canary-one' AS one");
    await rejectionOf(query(session, 'SELECT * FROM canary_two'));
    await open.close();
    expect(texts).to.deep.equal(["SELECT 'canary-one' AS one", 'SELECT * FROM canary_two']);
    expect(exporter.statements).to.equal(2);
    expect(JSON.stringify(exporter.records)).to.not.contain('canary');
    const bodies = JSON.stringify(workspace.received.telemetryLogs());
    expect(bodies).to.contain('EXECUTE_STATEMENT').and.to.not.contain('canary');
  });
});
