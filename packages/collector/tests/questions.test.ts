import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { expect } from 'chai';
import type { StatementSummary } from 'databricks-telemetry-collector';
import { ENDPOINTS } from '../lib/api/endpoints';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const FROM = Date.now() - 3_000_000;
const TO = FROM + 2_400_000;
const WINDOW = { from: FROM, to: TO };
const SERVICES = ['checkout', 'pricing', 'export'];

interface Known {
  readonly id: string;
  readonly timeMs: number;
  readonly latencyMs: number;
  readonly service: string;
  readonly driverVersion: string;
  readonly outcome: string | null;
  readonly retries: number;
  readonly files: number;
  readonly bytes: number | null;
}

/** A repeatable workload: the second half of `pricing` runs a new driver and is slower; every 40th statement fails. */
function workload(): Known[] {
  return Array.from({ length: 1_200 }, (_, i): Known => {
    const service = SERVICES[i % 3] ?? '';
    const newer = service === 'pricing' && i >= 600;
    const tells = i % 5 !== 0;
    return {
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      timeMs: FROM + i * 2_000,
      latencyMs: 20 + ((i * 7919) % 480) + (newer ? 3_000 : 0),
      service,
      driverVersion: newer ? '2.2.0' : '2.1.0',
      outcome: !tells ? null : i % 40 === 1 ? 'failed' : 'delivered',
      retries: i % 50 === 2 ? 2 : 0,
      files: service === 'export' ? 4 : 0,
      bytes: tells ? 1_000 + i : null,
    };
  });
}

/** Nearest rank, from the rows. */
function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}

function logsOf(rows: readonly Known[]): object[] {
  const sessions = new Map([...rows].reverse().map((row) => [`${row.service}-${row.driverVersion}`, row]));
  return [
    ...[...sessions].map(([sessionId, { service, driverVersion, timeMs }]) =>
      sessionLog({ sessionId, service, driverVersion, timeMs, warehouse: service === 'export' ? 'big' : 'small' }),
    ),
    ...rows.map((row) =>
      statementLog({
        statementId: row.id,
        sessionId: `${row.service}-${row.driverVersion}`,
        timeMs: row.timeMs,
        latencyMs: row.latencyMs,
        operation: {
          retry_count: row.retries,
          execution_result: row.files > 0 ? 'EXTERNAL_LINKS' : 'INLINE_ARROW',
          ...(row.files > 0
            ? {
                chunk_details: {
                  total_chunks_present: row.files,
                  slowest_chunk_latency_millis: row.latencyMs,
                  sum_chunks_download_time_millis: 2 * row.latencyMs,
                },
              }
            : {}),
        },
        ...(row.outcome === null
          ? {}
          : {
              local: {
                outcome: row.outcome,
                byteCount: row.bytes,
                ...(row.retries > 0 ? { retryCauses: '503:1 ECONNRESET:1' } : {}),
              },
            }),
        ...(row.outcome === 'failed'
          ? {
              error: {
                error_name: 'OperationStateError',
                stack_trace: 'stage=execute code=ERROR sqlstate=42P01 class=TABLE_OR_VIEW_NOT_FOUND retryable=false',
              },
            }
          : {}),
      }),
    ),
  ];
}

describe('questions', () => {
  const rows = workload();
  const failed = rows.filter(({ outcome }) => outcome === 'failed');
  const latencies = rows.map(({ latencyMs }) => latencyMs);
  let test: TestCollector;
  before(async () => {
    test = await testCollector();
    const logs = logsOf(rows);
    for (let i = 0; i < logs.length; i += 100) await deliver(test.collector.address, logs.slice(i, i + 100));
    await loaded(test.client, logs.length);
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

  it('explain: names what the slow ones share, before what they do not', async () => {
    const answer = await test.client.explain({ ...WINDOW, selectedMinMs: 3_000 });
    expect([answer.selected, answer.rest, answer.enough]).to.deep.equal([200, 1_000, true]);
    const [first] = answer.dimensions;
    expect(first?.dimension).to.equal('driverVersion');
    expect(first?.values[0]).to.deep.include({ value: '2.2.0', selected: 200, rest: 0, selectedShare: 1 });
    const differing = answer.dimensions.filter(({ differs }) => differs).map(({ dimension }) => dimension);
    expect(differing).to.include('service').and.not.include('host').and.not.include('runtimeVersion');
  });

  it('explain: holds the selection against a baseline instead of the rest of the window', async () => {
    const [first, second] = [FROM, FROM + 2_000_000];
    const answer = await test.client.explain({
      ...WINDOW,
      service: 'pricing',
      selectedFrom: second,
      selectedTo: second + 200_000,
      baselineFrom: first,
      baselineTo: first + 300_000,
    });
    const counted = (fromMs: number, toMs: number): number =>
      rows.filter(({ service, timeMs }) => service === 'pricing' && timeMs >= fromMs && timeMs < toMs).length;
    expect([answer.selected, answer.rest]).to.deep.equal([
      counted(second, second + 200_000),
      counted(first, first + 300_000),
    ]);
    expect(answer.dimensions[0]?.dimension).to.equal('driverVersion');
  });

  it('errors: by class and over time', async () => {
    const { errors, groups, series } = await test.client.errors(WINDOW);
    expect(errors).to.equal(failed.length);
    expect(groups).to.have.lengthOf(1);
    expect(groups[0]).to.include({
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      statements: failed.length,
    });
    expect(groups[0]?.examples).to.include(failed.at(-1)?.id);
    expect(series.reduce((sum, point) => sum + point.errors, 0)).to.equal(failed.length);
  });

  it('compare: before and after a moment, and only what chance does not explain is significant', async () => {
    const answer = await test.client.compare({ ...WINDOW, split: FROM + 1_200_000, by: 'service' });
    expect([answer.a.statements, answer.b.statements]).to.deep.equal([600, 600]);
    expect(answer.p95.significant).to.equal(true);
    expect(answer.p95.low).to.be.greaterThan(2_000);
    const of = (service: string) => answer.groups.find(({ value }) => value === service);
    expect(of('pricing')?.p50.significant).to.equal(true);
    expect(of('pricing')?.p50.difference).to.be.within(2_900, 3_100);
    expect(of('checkout')?.p50.significant).to.equal(false);
    expect(of('checkout')?.statements).to.deep.equal({ a: 200, b: 200 });
    expect(answer.failureRate.significant).to.equal(false);
  });

  it('cloudfetch: files, bytes, throughput and the slowest file', async () => {
    const files = rows.filter((row) => row.files > 0);
    const telling = files.filter(({ bytes }) => bytes !== null);
    const answer = await test.client.cloudfetch(WINDOW);
    expect(answer).to.include({ statements: 400, filesPresent: 1_600, filesFailed: null });
    const sum = (of: readonly Known[], value: (row: Known) => number): number =>
      of.reduce((all, row) => all + value(row), 0);
    expect(answer.bytes).to.equal(sum(telling, (row) => row.bytes ?? 0));
    expect(answer.bytesPerSecond).to.be.closeTo(
      (1_000 * sum(telling, (row) => row.bytes ?? 0)) / sum(telling, (row) => 2 * row.latencyMs),
      0.001,
    );
    expect(answer.slowestFile.p95).to.equal(
      quantile(
        files.map(({ latencyMs }) => latencyMs),
        0.95,
      ),
    );
    expect(answer.formats.map(({ format, statements }) => [format, statements])).to.deep.equal([
      ['INLINE_ARROW', 800],
      ['EXTERNAL_LINKS', 400],
    ]);
    expect(answer.slowest[0]?.slowestFileLatencyMs).to.equal(Math.max(...files.map(({ latencyMs }) => latencyMs)));
  });

  it('retries: by cause, saved and lost, by service', async () => {
    const retried = rows.filter((row) => row.retries > 0);
    const told = retried.filter(({ outcome }) => outcome !== null);
    const answer = await test.client.retries(WINDOW);
    expect(answer).to.include({
      known: 1_200,
      retried: retried.length,
      retries: 2 * retried.length,
      saved: told.filter(({ outcome }) => outcome === 'delivered').length,
      lost: told.filter(({ outcome }) => outcome === 'failed').length,
    });
    const causes = new Map(answer.causes.map(({ cause, retries }) => [cause, retries]));
    expect(causes.get('503')).to.equal(told.length);
    expect(causes.get('ECONNRESET')).to.equal(told.length);
    expect(causes.get(null) ?? 0).to.equal(2 * (retried.length - told.length));
    expect(answer.services.reduce((sum, group) => sum + group.retries, 0)).to.equal(2 * retried.length);
    expect(answer.warehouses.reduce((sum, group) => sum + group.saved, 0)).to.equal(answer.saved);
    expect(answer.warehouses.reduce((sum, group) => sum + group.lost, 0)).to.equal(answer.lost);
  });

  it('fleet: services, warehouses and versions, each with its own quantiles', async () => {
    const { services, warehouses, drivers, libraries, pairs } = await test.client.fleet(WINDOW);
    expect(services.map(({ name, statements }) => [name, statements])).to.have.deep.members(
      SERVICES.map((service) => [service, 400]),
    );
    const pricing = rows.filter(({ service }) => service === 'pricing').map(({ latencyMs }) => latencyMs);
    expect(services.find(({ name }) => name === 'pricing')?.latency.p95).to.equal(quantile(pricing, 0.95));
    expect(warehouses.map(({ name, statements }) => [name, statements])).to.deep.equal([
      ['small', 800],
      ['big', 400],
    ]);
    expect(drivers.map(({ name, version, statements }) => [name, version, statements])).to.deep.equal([
      ['nodejs-sql-driver', '2.1.0', 1_000],
      ['nodejs-sql-driver', '2.2.0', 200],
    ]);
    expect(libraries.map(({ name }) => name)).to.deep.equal([null]);
    const group = services.find(({ name }) => name === 'pricing');
    const own = rows.filter(({ service }) => service === 'pricing');
    expect(group).to.deep.include({
      totalMs: own.reduce((sum, { latencyMs }) => sum + latencyMs, 0),
      retried: own.filter(({ retries }) => retries > 0).length,
      cloudFetch: 0,
      driverVersions: ['2.1.0', '2.2.0'],
    });
    expect(pairs.map(({ name, version, statements }) => [name, version, statements])).to.deep.equal([
      ['2.1.0', 'v20.20.2', 1_000],
      ['2.2.0', 'v20.20.2', 200],
    ]);
  });

  it('fleet: each service over time, and how a new version of the driver comes in', async () => {
    const { strips, adoption, bucketMs } = await test.client.fleet(WINDOW);
    const pricing = strips.find(({ service }) => service === 'pricing');
    for (const { timeMs, statements, p95 } of pricing?.points ?? []) {
      const own = rows.filter(
        (row) => row.service === 'pricing' && Math.floor(row.timeMs / bucketMs) * bucketMs === timeMs,
      );
      expect([statements, p95]).to.deep.equal([
        own.length,
        quantile(
          own.map(({ latencyMs }) => latencyMs),
          0.95,
        ),
      ]);
    }
    const newer = adoption.filter(({ version }) => version === '2.2.0');
    expect(newer.reduce((sum, { statements }) => sum + statements, 0)).to.equal(200);
    expect(Math.min(...newer.map(({ timeMs }) => timeMs))).to.be.within(FROM + 1_200_000 - bucketMs, FROM + 1_202_000);
  });

  it('health: every log is accounted for', async () => {
    const health = await test.client.health();
    expect(health.received).to.equal(health.accepted + health.rejected + health.duplicate);
    expect(health.stored).to.include({ statements: 1_200, sessions: 4, errors: failed.length });
    expect(health.lagMs).to.be.a('number');
  });

  it('client × server: joins the query history, of which only the allowed columns are kept', async () => {
    const history = rows.slice(0, 100).map(({ id, timeMs, latencyMs }) => ({
      statement_id: id,
      statement_text: 'SELECT secret-canary',
      executed_by: 'jane@example.com',
      start_time: new Date(timeMs).toISOString(),
      total_duration_ms: latencyMs - 10,
      waiting_for_compute_duration_ms: 1,
      waiting_at_capacity_duration_ms: 2,
      compilation_duration_ms: 3,
      execution_duration_ms: latencyMs - 20,
    }));
    const response = await fetch(`${test.collector.address}/api/v1/query-history`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: [...history, { statement_text: 'no id' }].map((row) => JSON.stringify(row)).join('\n'),
    });
    expect(await response.json()).to.deep.equal({ accepted: 100, rejected: 1 });
    const answer = await test.client.clientServer(WINDOW);
    expect(answer).to.include({
      statements: 1_200,
      joined: 100,
      withoutPartner: 1_100,
      coldStartMs: 100,
      queuedMs: 200,
      compilationMs: 300,
      serverOtherMs: 400,
      networkAndPollingMs: 1_000,
      clientMs: null,
    });
    const ofRows = rows.slice(0, 100).filter(({ service }) => service === 'pricing').length;
    const pricing = answer.services.find(({ service }) => service === 'pricing');
    expect(pricing).to.include({ statements: 400, joined: ofRows });
    expect(pricing?.server.compilationMs).to.equal(3 * ofRows);
    expect(pricing?.client.latencyMs).to.equal(
      rows.filter(({ service }) => service === 'pricing').reduce((sum, { latencyMs }) => sum + latencyMs, 0),
    );
    expect((await test.client.statement(rows[0]?.id ?? '')).server?.compilationMs).to.equal(3);
  });

  describe('and the OpenAPI document', () => {
    let document: { components: object; paths: Record<string, Record<string, { parameters: { name: string }[] }>> };
    let validators: Map<string, ValidateFunction>;
    before(async () => {
      document = (await (await fetch(`${test.collector.address}/api/v1/openapi.json`)).json()) as typeof document;
      const ajv = new Ajv2020({ strict: false });
      ajv.addSchema({ $id: 'api', components: document.components });
      validators = new Map(
        ENDPOINTS.map(({ path, answer }) => [path, ajv.compile({ $ref: `api#/components/schemas/${answer}` })]),
      );
    });

    for (const { path, parameters } of ENDPOINTS) {
      it(`describes the answer of ${path}, no more and no less`, async () => {
        const asked = path.replace(':statementId', failed[0]?.id ?? '');
        const window = parameters.includes('from') ? `?from=${FROM}&to=${TO}` : '';
        const response = await fetch(`${test.collector.address}/api/v1${asked}${window}`);
        const validate = validators.get(path);
        expect(validate?.(await response.json()), JSON.stringify(validate?.errors)).to.equal(true);
      });
    }

    it('lists every parameter that is taken; any other is refused by name', async () => {
      for (const { path, parameters } of ENDPOINTS) {
        const described = document.paths[`/api/v1${path.replace(/:(\w+)/, '{$1}')}`]?.['get']?.parameters ?? [];
        expect(described.map(({ name }) => name)).to.include.members([...parameters]);
      }
      const response = await fetch(`${test.collector.address}/api/v1/overview?sevice=checkout`);
      expect(response.status).to.equal(400);
    });

    for (const query of ['from=yesterday', 'from=5&to=4', 'limit=0', 'order=worst', 'cursor=x', 'minMs=-1']) {
      it(`refuses ${query}`, async () => {
        const response = await fetch(`${test.collector.address}/api/v1/statements?${query}`);
        expect(response.status).to.equal(400);
        expect(((await response.json()) as { error: { code: string } }).error.code).to.equal('invalid_parameter');
      });
    }
  });
});
