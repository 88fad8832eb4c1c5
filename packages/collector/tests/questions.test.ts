import { expect } from 'chai';
import type { StatementSummary } from 'databricks-telemetry-collector';
import { collectorOfWorkload, failed, latencies, quantile, rows, SERVICES, WINDOW } from './knownWorkload';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

describe('questions', () => {
  let test: TestCollector;
  before(async () => {
    test = await collectorOfWorkload();
  });
  after(() => test.end());

  it('overview: figures as they are counted from the rows, the window before, outcomes', async () => {
    const { current, previous, series, outcomes, markers } = await test.client.overview(WINDOW);
    expect(current).to.deep.include({
      statements: 1_200,
      failed: failed.length,
      outcomeUnknown: 240,
      services: 3,
      retries: rows.reduce((sum, row) => sum + row.retries, 0),
      bytes: rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0),
      rows: null,
    });
    expect(current.latency).to.deep.equal({
      count: 1_200,
      p50: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      p99: quantile(latencies, 0.99),
      max: Math.max(...latencies),
    });
    expect(previous.statements).to.equal(0);
    expect(previous.bytes).to.equal(null);
    expect(series.reduce((sum, point) => sum + point.statements, 0)).to.equal(1_200);
    expect(outcomes.find(({ outcome }) => outcome === null)?.statements).to.equal(240);
    expect(markers).to.deep.equal([
      {
        timeMs: rows[601]?.timeMs,
        service: 'pricing',
        driverVersion: '2.2.0',
        runtimeVersion: 'v20.20.2',
        previousDriverVersion: '2.1.0',
        previousRuntimeVersion: 'v20.20.2',
      },
    ]);
    expect(current.retried).to.equal(rows.filter(({ retries }) => retries > 0).length);
    expect(series.reduce((sum, { retried }) => sum + (retried ?? 0), 0)).to.equal(current.retried);
    expect(series.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).to.equal(current.bytes);
  });

  it('overview: a statement that arrives before the log of its session is no deployment', async () => {
    const early = await testCollector();
    const timeMs = Date.now() - 60_000;
    await deliver(early.collector.address, [statementLog({ sessionId: 'late', timeMs, latencyMs: 5 })]);
    await loaded(early.client, 1);
    await deliver(early.collector.address, [
      sessionLog({ sessionId: 'late', service: 'app', driverVersion: '1.0', timeMs: timeMs + 1 }),
      statementLog({ sessionId: 'late', timeMs: timeMs + 2, latencyMs: 5 }),
    ]);
    await loaded(early.client, 3);
    const { current, markers } = await early.client.overview();
    await early.end();
    expect(current.statements).to.equal(2);
    expect(markers).to.deep.equal([]);
  });

  it('overview: a cancelled statement whose error arrives first is cancelled, not failed', async () => {
    const cancelled = await testCollector();
    const statementId = '00000000-0000-4000-8000-00000000cafe';
    const error = { error_name: 'OperationStateError', stack_trace: 'stage=execute code=CANCELED retryable=false' };
    await deliver(cancelled.collector.address, [
      statementLog({ statementId, error, local: { stage: 'execute' } }),
      statementLog({ statementId, latencyMs: 9, local: { outcome: 'cancelled' } }),
    ]);
    await loaded(cancelled.client, 2);
    const { current } = await cancelled.client.overview();
    await cancelled.end();
    expect(current).to.include({ statements: 1, failed: 0, cancelled: 1 });
  });

  it('overview: filters narrow it, several values of one widen it, unknown can be asked for', async () => {
    const count = async (question: object): Promise<number> =>
      (await test.client.overview({ ...WINDOW, ...question })).current.statements;
    expect(await count({ service: 'checkout' })).to.equal(400);
    expect(await count({ service: ['checkout', 'export'] })).to.equal(800);
    expect(await count({ service: 'pricing', driverVersion: '2.2.0' })).to.equal(200);
    expect(await count({ warehouse: 'big' })).to.equal(400);
    expect(await count({ outcome: '(unknown)' })).to.equal(240);
    expect(await count({ outcome: ['failed', '(unknown)'] })).to.equal(240 + failed.length);
    expect(await count({ format: 'EXTERNAL_LINKS' })).to.equal(400);
    expect(await count({ errorClass: 'TABLE_OR_VIEW_NOT_FOUND' })).to.equal(failed.length);
    expect(await count({ minMs: 3_000 })).to.equal(200);
    expect(await count({ maxMs: 3_000 })).to.equal(1_000);
    expect(await count({ service: "x' OR 1=1 --" })).to.equal(0);
  });

  it('heatmap: every statement in exactly one cell, failed ones marked', async () => {
    const { cells, histogram, unknown, columns, rowsFromMs, quantiles } = await test.client.heatmap(WINDOW);
    expect(cells.reduce((sum, cell) => sum + cell.statements, 0)).to.equal(1_200);
    expect(cells.reduce((sum, cell) => sum + cell.failed, 0)).to.equal(failed.length);
    expect(histogram.reduce((a, b) => a + b)).to.equal(1_200);
    expect(unknown).to.equal(0);
    expect(columns).to.be.within(65, 131);
    const slow = rowsFromMs.findIndex((ms) => ms > 2_000);
    expect(histogram.slice(slow).reduce((a, b) => a + b)).to.equal(200);
    expect(quantiles.p95).to.equal(quantile(latencies, 0.95));
  });

  it('heatmap: the quantiles of each column are those of its statements', async () => {
    const { series, startMs, bucketMs } = await test.client.heatmap(WINDOW);
    for (const { x, p50, p95 } of series) {
      const own = rows.filter(({ timeMs }) => Math.floor((timeMs - startMs) / bucketMs) === x);
      const values = own.map(({ latencyMs }) => latencyMs);
      expect([p50, p95]).to.deep.equal([quantile(values, 0.5), quantile(values, 0.95)]);
    }
    expect(series).to.have.lengthOf.at.least(65);
  });

  it('findings: the service that a deployment made slower, since when, and nothing that chance explains', async () => {
    const { findings } = await test.client.findings(WINDOW);
    const [slower, ...others] = findings;
    expect(others).to.deep.equal([]);
    const of = (late: boolean) =>
      rows.filter((row, i) => row.service === 'pricing' && i >= 600 === late).map(({ latencyMs }) => latencyMs);
    expect(slower).to.deep.equal({
      kind: 'slower',
      service: 'pricing',
      sinceMs: rows[601]?.timeMs,
      p50BeforeMs: quantile(of(false), 0.5),
      p50AfterMs: quantile(of(true), 0.5),
      statements: 200,
      deployment: {
        driverVersion: '2.2.0',
        previousDriverVersion: '2.1.0',
        runtimeVersion: 'v20.20.2',
        previousRuntimeVersion: 'v20.20.2',
      },
    });
  });

  it('names: what filters can be set to', async () => {
    const names = await test.client.names();
    expect(names).to.deep.include({
      services: [...SERVICES].sort(),
      warehouses: ['big', 'small'],
      driverVersions: ['2.1.0', '2.2.0'],
    });
  });

  for (const order of ['time', 'slowest']) {
    it(`statements by ${order}: the pages hold each one once, in order`, async () => {
      const all: StatementSummary[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await test.client.statements({ ...WINDOW, order, limit: 70, cursor });
        all.push(...page.statements);
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(all.map(({ statementId }) => statementId)).to.have.members(rows.map(({ id }) => id));
      const keys = all.map((row) => (order === 'time' ? row.timeMs : (row.latencyMs ?? 0)));
      expect(keys).to.deep.equal([...keys].sort((a, b) => b - a));
    });
  }

  it('one statement: with its session, its errors and its peers', async () => {
    const id = failed[0]?.id ?? '';
    const { statement, session, errors, peers, fasterPeers, peerHistogram, around } = await test.client.statement(id);
    expect(statement).to.include({ statementId: id, outcome: 'failed', sqlState: '42P01' });
    expect(session?.statements).to.be.oneOf([200, 400]);
    expect(errors.map(({ errorClass, stage }) => [errorClass, stage])).to.deep.equal([
      ['TABLE_OR_VIEW_NOT_FOUND', 'execute'],
    ]);
    expect(peers.count).to.equal(400);
    const own = rows.filter(({ service }) => service === failed[0]?.service);
    const faster = own.filter(({ latencyMs }) => latencyMs < (failed[0]?.latencyMs ?? 0)).length;
    expect(fasterPeers).to.equal(faster / 400);
    expect(peerHistogram.reduce((sum, step) => sum + step.statements, 0)).to.equal(400);
    const place = own.findIndex((row) => row.id === id);
    const together = own.filter(({ driverVersion }) => driverVersion === failed[0]?.driverVersion).map((row) => row.id);
    expect(around.map(({ statementId }) => statementId)).to.deep.equal(
      together.slice(Math.max(0, place - 3), place + 4),
    );
    const missing = await fetch(`${test.collector.address}/api/v1/statements/nobody`);
    expect(missing.status).to.equal(404);
  });
});
