import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DatabricksSqlInstrumentation, traceStatements } from 'databricks-sql-telemetry/opentelemetry';
import { inSession, query } from '../support/application';
import type { ReceivedPoint } from '../support/OtlpReceiver';
import { Tracing } from '../support/tracing';
import { rejectionOf } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

interface HistogramValue {
  readonly count: number;
}

const DURATION = 'db.client.operation.duration';

describe('statements as metrics', () => {
  let workspace: LocalWorkspace;
  let tracing: Tracing;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 } });
    tracing = await Tracing.start([new DatabricksSqlInstrumentation({ returnedRows: true })]);
  });

  afterEach(async () => {
    await tracing.stop();
    await workspace.close();
  });

  const off = { telemetryEnabled: false };

  it('are a histogram of seconds that reaches beyond ten of them, failures apart by their code', async () => {
    await inSession(
      workspace,
      async (session) => {
        await query(session, 'SELECT 1');
        await query(session, 'SELECT 2');
        await rejectionOf(query(session, 'SELECT * FROM no_such_table'));
      },
      off,
    );
    const points = await tracing.points(DURATION);
    const good = points.find(({ attributes }) => attributes['error.type'] === undefined);
    const bad = points.find(({ attributes }) => attributes['error.type'] !== undefined);
    expect(good).to.include({ unit: 's', count: 2 });
    expect(good?.value).to.be.greaterThan(0).and.to.be.lessThan(20);
    expect(good?.bounds).to.include.members([0.001, 10, 30, 300]);
    expect(good?.attributes).to.deep.equal({
      'db.system.name': 'databricks',
      'server.address': 'localhost',
      'server.port': workspace.port,
    });
    expect(bad?.count).to.equal(1);
    expect(bad?.attributes).to.include({
      'db.response.status_code': '42P01/TABLE_OR_VIEW_NOT_FOUND',
      'error.type': '42P01/TABLE_OR_VIEW_NOT_FOUND',
    });
  });

  it('count statements by outcome, rows that the application was given, and bytes of files', async () => {
    await inSession(
      workspace,
      async (session) => {
        await query(session, 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(100000)');
        await (await session.executeStatement('SELECT id FROM range(500000)')).close();
      },
      off,
    );
    const outcomes = await tracing.points('databricks.client.statements');
    expect(
      outcomes.map(({ attributes, value }) => [attributes['databricks.statement.outcome'], value]),
    ).to.have.deep.members([
      ['delivered', 1],
      ['closed_unfetched', 1],
    ]);
    const [rows] = await tracing.points('db.client.response.returned_rows');
    expect(rows).to.include({ value: 100_000, count: 2 });
    const [bytes] = await tracing.points('databricks.client.cloudfetch.bytes');
    expect(bytes?.value).to.be.greaterThan(100_000);
  });

  it('count requests that the driver repeated, by cause', async () => {
    workspace.faults.add({ route: 'cloudfetch', times: 2, status: 503 });
    await inSession(
      workspace,
      (session) => query(session, 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(100000)'),
      off,
    );
    const points = await tracing.points('databricks.client.retries');
    expect(points.map(({ attributes }) => attributes['databricks.retry.cause'])).to.deep.equal(['503']);
    expect(points[0]?.value).to.equal(2);
  });

  it('tell of the library itself what it collected, delivered, dropped and keeps', async () => {
    // One connection after the other: a counter does not go back with a connection.
    const first = (await inSession(workspace, (session) => query(session))).getTelemetryStats();
    const second = (await inSession(workspace, (session) => query(session))).getTelemetryStats();
    // Other clients of this process may be open too.
    const receiver = `localhost:${workspace.port}`;
    const pointsOf = async (name: string): Promise<readonly ReceivedPoint[]> =>
      (await tracing.points(`databricks.telemetry.${name}`)).filter(
        ({ attributes }) => attributes['databricks.telemetry.receiver'] === receiver,
      );
    const [collected] = await pointsOf('collected');
    const [delivered] = await pointsOf('delivered');
    const [pending] = await pointsOf('pending');
    const dropped = await pointsOf('dropped');
    expect([first?.collected, second?.collected]).to.deep.equal([3, 3]);
    expect(collected?.value).to.equal(6);
    expect(delivered?.value).to.equal(6);
    expect(pending?.value).to.equal(0);
    expect(collected?.attributes).to.deep.equal({ 'databricks.telemetry.receiver': receiver });
    expect(dropped.map(({ value }) => value)).to.satisfy((values: number[]) => values.every((value) => value === 0));
  });

  it('balance: what was collected was delivered, rejected, dropped or left out by the sample, or is pending', async () => {
    await inSession(workspace, (session) => query(session), { telemetrySampleRate: 0 });
    const own = (await tracing.points()).filter(
      ({ attributes }) => attributes['databricks.telemetry.receiver'] === `localhost:${workspace.port}`,
    );
    const sumOf = (name: string): number =>
      own
        .filter(({ metric }) => metric === `databricks.telemetry.${name}`)
        .reduce((sum, { value }) => sum + Number(value), 0);
    expect([sumOf('collected'), sumOf('sampled')]).to.deep.equal([3, 3]);
    const elsewhere = ['delivered', 'rejected', 'dropped', 'pending'].map(sumOf);
    expect(elsewhere).to.deep.equal([0, 0, 0, 0]);
  });

  it('have no rows unless these were asked for', async () => {
    await tracing.stop();
    tracing = await Tracing.start([new DatabricksSqlInstrumentation()]);
    await inSession(workspace, (session) => query(session), off);
    expect(await tracing.points(DURATION)).to.have.length(1);
    expect(await tracing.points('db.client.response.returned_rows')).to.deep.equal([]);
  });

  for (const [what, temporality, expected] of [
    ['sums', AggregationTemporality.CUMULATIVE, [2, 3]],
    ['differences', AggregationTemporality.DELTA, [2, 1]],
  ] as const) {
    it(`are right for a reader of ${what}`, async () => {
      const exporter = new InMemoryMetricExporter(temporality);
      const readers = [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })];
      const provider = new MeterProvider({ readers });
      const stop = traceStatements({ tracer: false, meter: provider.getMeter('reader') });
      const health = 'databricks.telemetry.delivered';
      const receiver = `localhost:${workspace.port}`;
      try {
        await inSession(workspace, async (session) => {
          await query(session);
          await query(session);
        });
        await provider.forceFlush();
        await inSession(workspace, (session) => query(session));
        await provider.forceFlush();
        const values = (name: string): unknown[] =>
          exporter
            .getMetrics()
            .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
            .filter(({ descriptor }) => descriptor.name === name)
            .flatMap(({ dataPoints }) => dataPoints as ReadonlyArray<DataPoint<number | HistogramValue>>)
            .filter(({ attributes }) => name !== health || attributes['databricks.telemetry.receiver'] === receiver)
            .map(({ value }) => (typeof value === 'number' ? value : value.count));
        expect(values('databricks.client.statements')).to.deep.equal(expected);
        expect(values(DURATION)).to.deep.equal(expected);
        // Two records more for the session.
        const [first, second] = expected;
        expect(values(health)).to.deep.equal([first + 2, second + (what === 'sums' ? 4 : 2)]);
      } finally {
        stop();
        await provider.shutdown();
      }
    });
  }
});
