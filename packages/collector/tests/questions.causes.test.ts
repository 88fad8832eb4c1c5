import { expect } from 'chai';
import { collectorOfWorkload, failed, FROM, quantile, rows, SERVICES, WINDOW, type Known } from './knownWorkload';
import type { TestCollector } from './testCollector';

describe('questions about causes', () => {
  let test: TestCollector;
  before(async () => {
    test = await collectorOfWorkload();
  });
  after(() => test.end());

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

  it('explain: what is selected is in no rest, and what is neither selected nor in the baseline in none', async () => {
    const [start, middle, end] = [FROM, FROM + 1_200_000, FROM + 2_400_000];
    const selectedMinMs = 300;
    const isSelected = ({ timeMs, latencyMs }: Known): boolean => timeMs >= middle && latencyMs >= selectedMinMs;
    for (const baselineTo of [middle, middle + 600_000, end]) {
      const { selected, rest } = await test.client.explain({
        ...WINDOW,
        ...{ selectedFrom: middle, selectedMinMs, baselineFrom: start, baselineTo },
      });
      expect({ selected, rest }, String(baselineTo - middle)).to.deep.equal({
        selected: rows.filter(isSelected).length,
        rest: rows.filter((row) => row.timeMs < baselineTo && !isSelected(row)).length,
      });
    }
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
});
