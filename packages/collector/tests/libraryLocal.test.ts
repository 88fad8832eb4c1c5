import { expect } from 'chai';
import {
  DBSQLClient,
  TelemetryEventType,
  type StatementSummary,
  type TelemetryOptions,
} from 'databricks-sql-telemetry';
import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { CollectorClient } from 'databricks-telemetry-collector';
import { post, testCollector, until, type TestCollector } from './testCollector';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEXTS = ['SELECT 1', 'SELECT * FROM range(100000)', 'SELECT no_such_column', "SELECT 'b' AS b"];

/** A collector that wants to know what the library alone tells. */
describe('the library and a collector that reads its local fields', function () {
  this.timeout(180_000);
  let workspace: LocalWorkspace;
  let test: TestCollector;
  before(async () => {
    workspace = await startLocalWorkspace();
  });
  beforeEach(async () => {
    test = await testCollector();
  });
  afterEach(() => test.end());
  after(() => workspace.close());

  /** Runs `texts` in a session, and returns what the application saw of each. */
  async function run(options: TelemetryOptions = {}, texts = TEXTS): Promise<StatementSummary[]> {
    const summaries: StatementSummary[] = [];
    const client = new DBSQLClient({ telemetryEnabled: true, telemetryEndpoint: test.collector.address, ...options });
    await client.connect(workspace.connectionOptions);
    client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, ({ summary }) => {
      if (summary !== undefined) summaries.push(summary);
    });
    const session = await client.openSession();
    for (const text of texts) {
      const operation = await session.executeStatement(text);
      await operation.fetchAll().catch(() => undefined);
      await operation.close();
    }
    await session.close();
    await client.close();
    return summaries;
  }

  const COUNTS = ['rowCount', 'byteCount', 'pageCount', 'pollCount', 'retryCount'] as const;
  const TIMES = ['latencyMs', 'submitLatencyMs', 'firstRowLatencyMs', 'resultReadyLatencyMs'] as const;
  const TEXT_FACTS = ['outcome', 'operationType', 'statementType', 'executionResult', 'directResults'] as const;

  it("knows service and driver also of sessions without a record (telemetrySessionRecords: 'once')", async () => {
    const options = { telemetryServiceName: 'checkout', telemetrySessionRecords: 'once' } as const;
    const client = new DBSQLClient({ telemetryEnabled: true, telemetryEndpoint: test.collector.address, ...options });
    await client.connect(workspace.connectionOptions);
    for (let i = 0; i < 3; i += 1) {
      const session = await client.openSession();
      await (await session.executeStatement('SELECT 1')).fetchAll();
      await session.close();
    }
    await client.close();
    const { statements } = await until(
      () => test.client.statements(),
      (answer) => answer.statements.length === 3,
    );
    expect(new Set(statements.map(({ sessionId }) => sessionId)).size).to.equal(3);
    for (const { service, driver, driverVersion } of statements) {
      expect([service, driver]).to.deep.equal(['checkout', 'nodejs-sql-driver']);
      expect(driverVersion).to.match(/^\d+\./);
    }
    // Host and warehouse stand in the one record that there is.
    expect(statements.filter(({ warehouse }) => warehouse !== null)).to.have.lengthOf(1);
  });

  it('tells with its question what became of its records so far', async () => {
    await run({ telemetryServiceName: 'checkout' });
    const { senders } = await test.client.configuration();
    expect(senders.map(({ account }) => account)).to.deep.equal([
      { collected: 0, delivered: 0, rejected: 0, sampled: 0, pending: 0, dropped: [] },
    ]);
  });

  it('what the collector answers of each statement is what the application saw', async () => {
    const seen = await run({ telemetryServiceName: 'checkout' });
    expect(seen).to.have.lengthOf(TEXTS.length);
    const { statements } = await until(
      () => test.client.statements(),
      (page) => page.statements.length === TEXTS.length,
    );
    for (const summary of seen) {
      const stored = statements.find(({ statementId }) => statementId === summary.statementId);
      if (stored === undefined) expect.fail(`${summary.statementId} is not there`);
      for (const name of [...COUNTS, ...TIMES]) {
        const value = summary[name];
        expect(stored[name], name).to.equal(value === undefined ? null : Math.round(value));
      }
      for (const name of TEXT_FACTS) expect(stored[name], name).to.equal(summary[name] ?? null);
      expect(stored.service).to.equal('checkout');
    }
    const { current } = await test.client.overview();
    const rows = seen.reduce((sum, { rowCount }) => sum + rowCount, 0);
    expect(current).to.include({ statements: 4, failed: 1, outcomeUnknown: 0, rows, services: 1 });
    expect(rows).to.equal(100_002);
    const { session } = await test.client.statement(seen[0]?.statementId ?? '');
    expect(session?.settings).to.include({ cloudFetchEnabled: true, lz4Enabled: true, retryMaxAttempts: 5 });
    const health = await test.client.health();
    expect(health.unknownFields).to.deep.equal([]);
    expect(health.invalidFields).to.deep.equal([]);
  });

  it('shows who asked, with the options in effect and who set them', async () => {
    await run({ telemetryServiceName: 'checkout', telemetryLogLevel: 'DEBUG', telemetryBatchSize: 7 }, ['SELECT 1']);
    const { senders } = await test.client.configuration();
    expect(senders).to.have.lengthOf(1);
    expect(senders[0]).to.include({ service: 'checkout', host: workspace.host, client: 'NODEJS' });
    expect(senders[0]?.runtime).to.equal(process.version);
    const options = new Map(senders[0]?.options.map(({ name, ...rest }) => [name, rest]));
    expect(options.get('telemetryLogLevel')).to.deep.equal({ value: 'DEBUG', setBy: 'constructor' });
    expect(options.get('telemetryBatchSize')).to.deep.equal({ value: 7, setBy: 'constructor' });
    expect(options.get('telemetryMaxRetries')).to.deep.equal({ value: 3, setBy: 'default' });
    expect(options.get('telemetryEndpoint')).to.deep.equal({ value: null, setBy: 'constructor' });
  });

  it('a service that the collector switches off sends nothing, and another one does', async () => {
    await test.client.setRule({ scope: 'service', name: 'checkout', enabled: false });
    await run({ telemetryServiceName: 'checkout' }, ['SELECT 1']);
    await run({ telemetryServiceName: 'pricing' }, ['SELECT 1', 'SELECT 2']);
    const { statements } = await until(
      () => test.client.statements(),
      (page) => page.statements.length >= 2,
    );
    expect(statements.map(({ service }) => service)).to.deep.equal(['pricing', 'pricing']);
  });

  it('a level that the collector asks for takes away what is less severe, and gives nothing more', async () => {
    await test.client.setRule({ scope: 'all', level: 'ERROR' });
    await run({ telemetryLogLevel: 'DEBUG' });
    const { errors } = await until(
      () => test.client.errors(),
      (answer) => answer.errors > 0,
    );
    expect(errors).to.equal(1);
    expect((await test.client.statements()).statements.filter(({ outcome }) => outcome === 'delivered')).to.deep.equal(
      [],
    );
  });

  it('a collector that takes tokens gets the endpoint’s, and nothing of the connection’s', async () => {
    await test.end();
    const token = 'collector-token-0123456789';
    test = await testCollector({ send: { tokens: [token] }, read: { tokens: ['read-token-0123456789'] } });
    await run({ telemetryEndpointToken: token }, ['SELECT 1']);
    const client = new CollectorClient(test.collector.address, { token: 'read-token-0123456789' });
    await until(
      () => client.statements(),
      (page) => page.statements.length === 1,
    );
    const kept = readdirSync(test.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
    expect(kept).to.not.include(workspace.connectionOptions.token);
    expect(kept).to.not.include(token);
    expect((await post(test.collector.address, [])).status).to.equal(401);
  });
});
