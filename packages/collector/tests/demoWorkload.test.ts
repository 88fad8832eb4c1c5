import { DBSQLClient as Driver } from '@databricks/sql';
import { expect } from 'chai';
import { TelemetryEventType, type DBSQLClient, type StatementSummary } from 'databricks-sql-telemetry';
import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { Application } from '../../../examples/demo/workload';
import { quantile } from './fleet/answers';
import { testCollector, until, type TestCollector } from './testCollector';

/** The demo's application, and what the library told it of each statement. */
class WatchedApplication extends Application {
  readonly summaries = new Map<string, StatementSummary>();

  override async connect(): Promise<DBSQLClient> {
    const client = await super.connect();
    client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, ({ statementId, summary }) => {
      if (statementId !== undefined && summary !== undefined) this.summaries.set(statementId, summary);
    });
    return client;
  }
}

/** Leaves the demo one of twenty orders: results of the same kinds, several files among them. */
async function withFewerOrders({ connectionOptions }: LocalWorkspace): Promise<void> {
  const driver = new Driver({ logger: { log: () => undefined } });
  await driver.connect(connectionOptions);
  const session = await driver.openSession();
  for (const sql of [
    'CREATE TABLE fewer AS SELECT * FROM orders WHERE order_id % 20 = 0',
    'CREATE OR REPLACE TABLE orders AS SELECT * FROM fewer',
  ]) {
    const operation = await session.executeStatement(sql);
    await operation.finished();
    await operation.close();
  }
  await session.close();
  await driver.close();
}

const TIMES = ['latencyMs', 'submitLatencyMs', 'firstRowLatencyMs', 'resultReadyLatencyMs', 'pollLatencyMs'] as const;
const FILE_TIMES = ['firstFileLatencyMs', 'slowestFileLatencyMs', 'sumFileLatencyMs'] as const;
const COUNTS = [
  'rowCount',
  'byteCount',
  'pageCount',
  'pollCount',
  'retryCount',
  'filesPresent',
  'filesIterated',
] as const;
const WORDS = ['outcome', 'operationType', 'statementType', 'executionResult', 'directResults', 'sessionId'] as const;
const SERVER_MS = 5;

describe('the workload of the demo, as every question answers it', function () {
  this.timeout(600_000);
  let workspace: LocalWorkspace;
  let test: TestCollector;
  let seen: StatementSummary[];
  let ids: string[];

  before(async () => {
    workspace = await startLocalWorkspace({ seed: 'demo' });
    await withFewerOrders(workspace);
    test = await testCollector();
    const connection = { ...workspace.connectionOptions, userAgentEntry: 'demo' };
    const application = new WatchedApplication(connection, () => undefined, test.collector.address);
    await application.run();
    expect(application.unexpected).to.deep.equal([]);
    seen = [...application.summaries.values()];
    ids = [...application.summaries.keys()];
    expect(ids).to.have.members(application.seen.map(({ statementId }) => statementId));
    await until(
      () => test.client.statements(),
      ({ statements }) => statements.length >= ids.length,
    );
    await until(
      () => test.client.health(),
      ({ journal }) => journal.bytes === 0,
    );
  });
  after(async () => {
    await test.end();
    await workspace.close();
  });

  const count = (fits: (summary: StatementSummary) => boolean, of = seen): number => of.filter(fits).length;
  const sum = (value: (summary: StatementSummary) => number | undefined, of = seen): number =>
    of.reduce((all, summary) => all + Math.round(value(summary) ?? 0), 0);
  const isFailed = ({ outcome }: StatementSummary): boolean => outcome === 'failed';
  const latencies = (of = seen): number[] => of.map(({ latencyMs }) => Math.round(latencyMs));
  const quantiles = (): object => ({
    count: seen.length,
    p50: quantile(latencies(), 0.5),
    p95: quantile(latencies(), 0.95),
    p99: quantile(latencies(), 0.99),
    max: Math.max(...latencies()),
  });

  it('statements, newest and slowest first', async () => {
    const { statements } = await test.client.statements({ limit: 1_000 });
    expect(statements.map(({ statementId }) => statementId)).to.have.members(ids);
    for (const summary of seen) {
      const stored = statements.find(({ statementId }) => statementId === summary.statementId);
      for (const name of [...TIMES, ...FILE_TIMES, ...COUNTS]) {
        const value = summary[name];
        expect(stored?.[name], `${summary.toString()} ${name}`).to.equal(
          value === undefined ? null : Math.round(value),
        );
      }
      for (const name of WORDS) expect(stored?.[name], name).to.equal(summary[name] ?? null);
      expect(stored).to.include({ service: 'demo', host: workspace.host, timeMs: summary.timestampMs });
    }
    const slowest = (await test.client.statements({ order: 'slowest', limit: 3 })).statements;
    expect(slowest.map(({ latencyMs }) => latencyMs)).to.deep.equal(latencies().sort((a, b) => b - a).slice(0, 3)); // prettier-ignore
  });

  it('one statement', async () => {
    for (const { statementId = '', sessionId, latencyMs, outcome } of seen) {
      const { statement, session, errors } = await test.client.statement(statementId);
      expect(statement).to.include({ statementId, outcome, latencyMs: Math.round(latencyMs) });
      const ofSession = seen.filter((other) => other.sessionId === sessionId);
      expect(session).to.include({ statements: ofSession.length, failed: count(isFailed, ofSession) });
      expect(errors.length > 0, outcome).to.equal(outcome === 'failed' || outcome === 'cancelled');
    }
  });

  it('overview', async () => {
    const { current, outcomes, phases, series } = await test.client.overview();
    expect(current).to.deep.include({
      statements: seen.length,
      failed: count(isFailed),
      cancelled: count(({ outcome }) => outcome === 'cancelled'),
      outcomeUnknown: 0,
      rows: sum(({ rowCount }) => rowCount),
      bytes: sum(({ byteCount }) => byteCount),
      retries: 0,
      services: 1,
      latency: quantiles(),
    });
    expect(series.reduce((all, { statements }) => all + statements, 0)).to.equal(seen.length);
    for (const { outcome, statements } of outcomes) {
      expect(statements, outcome ?? '').to.equal(count((summary) => summary.outcome === outcome));
    }
    const submit = phases.find(({ phase }) => phase === 'submit');
    expect(submit?.totalMs).to.equal(sum(({ submitLatencyMs }) => submitLatencyMs));
  });

  it('heatmap', async () => {
    const { cells, quantiles: told, unknown } = await test.client.heatmap();
    expect(cells.reduce((all, { statements }) => all + statements, 0)).to.equal(seen.length);
    expect(cells.reduce((all, { failed }) => all + failed, 0)).to.equal(count(isFailed));
    expect([told, unknown]).to.deep.equal([quantiles(), 0]);
  });

  it('why these', async () => {
    const selectedMinMs = quantile(latencies(), 0.5) ?? 0;
    const { selected, rest, dimensions } = await test.client.explain({ selectedMinMs });
    const isSelected = ({ latencyMs }: StatementSummary): boolean => Math.round(latencyMs) >= selectedMinMs;
    expect({ selected, rest }).to.deep.equal({
      selected: count(isSelected),
      rest: count((summary) => !isSelected(summary)),
    });
    const formats = dimensions.find(({ dimension }) => dimension === 'format')?.values ?? [];
    for (const { value, selected: some } of formats) {
      expect(some).to.equal(count((one) => isSelected(one) && (one.executionResult ?? null) === value));
    }
  });

  it('errors', async () => {
    const { groups } = await test.client.errors();
    const failed = seen.filter(isFailed).map(({ statementId }) => statementId);
    const cancelled = seen.filter(({ outcome }) => outcome === 'cancelled').map(({ statementId }) => statementId);
    expect(groups.flatMap(({ examples }) => examples)).to.have.members([...failed, ...cancelled]);
    expect(groups.map(({ sqlState }) => sqlState)).to.include.members(['42601', '42P01']);
  });

  it('two windows', async () => {
    const times = seen.map(({ timestampMs }) => timestampMs).sort((a, b) => a - b);
    const split = times[times.length >> 1] ?? 0;
    const { a, b, p50 } = await test.client.compare({ split });
    const [after, before] = [true, false].map((late) => seen.filter((one) => one.timestampMs >= split === late));
    expect([a.statements, b.statements]).to.deep.equal([after?.length, before?.length]);
    expect([a.failed, b.failed]).to.deep.equal([count(isFailed, after), count(isFailed, before)]);
    expect([p50.a, p50.b]).to.deep.equal([quantile(latencies(after), 0.5), quantile(latencies(before), 0.5)]);
  });

  it('CloudFetch', async () => {
    const withFiles = seen.filter(({ filesPresent }) => filesPresent !== undefined);
    expect(withFiles).to.have.lengthOf(1);
    const { statements, filesPresent, filesIterated, bytes, slowestFile } = await test.client.cloudfetch();
    expect(filesPresent).to.be.greaterThan(1);
    expect({ statements, filesPresent, filesIterated, bytes, slowest: slowestFile.max }).to.deep.equal({
      statements: 1,
      filesPresent: sum((one) => one.filesPresent, withFiles),
      filesIterated: sum((one) => one.filesIterated, withFiles),
      bytes: sum(({ byteCount }) => byteCount, withFiles),
      slowest: sum(({ slowestFileLatencyMs }) => slowestFileLatencyMs, withFiles),
    });
  });

  it('retries', async () => {
    const { known, retried, retries, causes } = await test.client.retries();
    expect({ known, retried, retries, causes }).to.deep.equal({
      known: seen.length,
      retried: count(({ retryCount }) => retryCount > 0),
      retries: sum(({ retryCount }) => retryCount),
      causes: [],
    });
  });

  it('services, warehouses, hosts and versions', async () => {
    const fleet = await test.client.fleet();
    const { version } = require('@databricks/sql/package.json') as { version: string };
    for (const [groups, name] of [
      [fleet.services, 'demo'],
      [fleet.hosts, workspace.host],
      [fleet.drivers, 'nodejs-sql-driver'],
    ] as const) {
      expect(groups).to.have.lengthOf(1);
      expect(groups[0]).to.deep.include({
        name,
        statements: seen.length,
        failed: count(isFailed),
        latency: quantiles(),
      });
      expect(groups[0]?.totalMs).to.equal(sum(({ latencyMs }) => latencyMs));
    }
    expect(fleet.drivers[0]?.version).to.equal(version);
    expect(fleet.warehouses.map(({ statements }) => statements)).to.deep.equal([seen.length]);
    const { services, hosts, drivers, driverVersions } = await test.client.names();
    expect({ services, hosts, drivers, driverVersions }).to.deep.equal({
      services: ['demo'],
      hosts: [workspace.host],
      drivers: ['nodejs-sql-driver'],
      driverVersions: [version],
    });
  });

  it('client and server', async () => {
    const known = seen.filter((_, i) => i % 2 === 0);
    const rows = known.map(({ statementId, timestampMs }) =>
      JSON.stringify({ statement_id: statementId, start_time: timestampMs, total_duration_ms: SERVER_MS }),
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const url = `${test.collector.address}/api/v1/query-history`;
    await fetch(url, { method: 'POST', headers, body: rows.join('\n') });
    const answer = await test.client.clientServer();
    expect(answer).to.include({
      statements: seen.length,
      joined: known.length,
      withoutPartner: seen.length - known.length,
      serverOtherMs: SERVER_MS * known.length,
      networkAndPollingMs: sum(({ latencyMs }) => latencyMs, known) - SERVER_MS * known.length,
      clientMs: sum(({ resultConsumptionLatencyMs }) => resultConsumptionLatencyMs, known),
    });
  });

  it('health and what stands out', async () => {
    const { rejected, duplicate, unknownFields, invalidFields, stored } = await test.client.health();
    expect({ rejected, duplicate, unknownFields, invalidFields }).to.deep.equal({
      rejected: 0,
      duplicate: 0,
      unknownFields: [],
      invalidFields: [],
    });
    expect(stored).to.include({
      statements: seen.length,
      sessions: new Set(seen.map(({ sessionId }) => sessionId)).size,
    });
    expect((await test.client.findings()).findings).to.deep.equal([]);
  });
});
