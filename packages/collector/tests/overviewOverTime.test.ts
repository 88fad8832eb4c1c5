import { expect } from 'chai';
import type { StatementSummary } from 'databricks-telemetry-collector';
import type { Heatmap } from '../lib/store/queries/heatmap';
import type { Overview } from '../lib/store/queries/overview';
import { Random } from './fleet/Random';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const STEPS = Number(process.env['COLLECTOR_OVERVIEW_STEPS'] ?? 30);
const HOUR_MS = 3_600_000;
const TO = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const FROM = TO - 100 * HOUR_MS;
const SESSIONS = 12;
const SERVICES = ['checkout', 'pricing', 'search'];

/** What an overview says of statements, counted one by one. */
function counted(rows: readonly StatementSummary[], { bucketMs }: Overview): object {
  const latencies = rows.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b);
  const at = (p: number): number | null => latencies[Math.ceil(p * latencies.length) - 1] ?? null;
  const buckets = new Map<number, number>();
  for (const { timeMs } of rows) {
    const start = timeMs - (timeMs % bucketMs);
    buckets.set(start, (buckets.get(start) ?? 0) + 1);
  }
  return {
    statements: rows.length,
    failed: rows.filter(({ outcome }) => outcome === 'failed').length,
    services: new Set(rows.flatMap(({ service }) => service ?? [])).size,
    latency: { count: latencies.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: latencies.at(-1) ?? null },
    series: [...buckets].sort(([a], [b]) => a - b),
    closed: rows.filter(({ closeLatencyMs }) => closeLatencyMs !== null).length,
  };
}

/** The smallest value that at least `part` of the latencies do not exceed. */
function rankOf(rows: readonly StatementSummary[], part: number): number | null {
  const latencies = rows.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b);
  return latencies[Math.ceil(part * latencies.length) - 1] ?? null;
}

/** What a heatmap says of the statements whose latency is known, counted one by one: of each column, and of all. */
function drawn(rows: readonly StatementSummary[], { startMs, bucketMs }: Heatmap): object {
  const columns = new Map<number, StatementSummary[]>();
  for (const row of rows.filter(({ latencyMs }) => latencyMs !== null)) {
    const x = Math.floor((row.timeMs - startMs) / bucketMs);
    columns.set(x, [...(columns.get(x) ?? []), row]);
  }
  const ordered = [...columns].sort(([a], [b]) => a - b);
  return {
    columns: ordered.map(([x, of]) => [x, of.length, of.filter(({ outcome }) => outcome === 'failed').length]),
    series: ordered.map(([x, of]) => ({ x, p50: rankOf(of, 0.5), p95: rankOf(of, 0.95) })),
    quantiles: [0.5, 0.95, 0.99, 1].map((part) => rankOf(rows, part)),
  };
}

function shown({ cells, series, quantiles }: Heatmap): object {
  const columns = new Map<number, [number, number]>();
  for (const { x, statements, failed } of cells) {
    const [all, bad] = columns.get(x) ?? [0, 0];
    columns.set(x, [all + statements, bad + failed]);
  }
  const { p50, p95, p99, max } = quantiles;
  return {
    columns: [...columns].map(([x, [statements, failed]]) => [x, statements, failed]),
    series,
    quantiles: [p50, p95, p99, max],
  };
}

function said({ current, series, phases }: Overview): object {
  const { statements, failed, services, latency } = current;
  return {
    statements,
    failed,
    services,
    latency,
    series: series.map((point) => [point.timeMs, point.statements]),
    closed: phases.find(({ phase }) => phase === 'close')?.statements,
  };
}

async function rowsOf({ client }: TestCollector, question: object): Promise<StatementSummary[]> {
  const text = await (await client.export({ ...question, format: 'jsonl' })).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as StatementSummary);
}

describe('an overview and a heatmap that are asked again and again while statements come, change and go', function () {
  this.timeout(300_000);
  const random = new Random(7);
  const sent: { id: string; session: number; timeMs: number }[] = [];
  let logs = 0;
  let test: TestCollector;
  before(async () => {
    test = await testCollector({ retentionDays: 3_650 });
  });
  after(() => test.end());

  async function send(batch: readonly object[]): Promise<void> {
    await deliver(test.collector.address, batch);
    await loaded(test.client, (logs += batch.length));
  }

  const arriving = (count: number, fromMs: number, toMs: number): object[] =>
    Array.from({ length: count }, () => {
      const facts = {
        id: `statement-${sent.length}`,
        session: random.whole(0, SESSIONS - 1),
        timeMs: random.whole(fromMs, toMs - 1),
      };
      sent.push(facts);
      const { id: statementId, session, timeMs } = facts;
      const local = { outcome: random.chance(0.2) ? 'failed' : 'delivered' };
      return statementLog({ statementId, sessionId: `s${session}`, timeMs, latencyMs: random.around(100, 1), local });
    });

  /** Closes a statement that is stored already; its log may say that it began earlier, in another hour. */
  const closing = (): object => {
    const { id: statementId, session, timeMs } = random.pick(sent as [(typeof sent)[0]]);
    const earlier = timeMs - random.pick([0, 2 * HOUR_MS]);
    const operation = { statementId, sessionId: `s${session}`, timeMs: earlier, latencyMs: 3 };
    return statementLog({ ...operation, operationType: 'CLOSE_STATEMENT' });
  };

  /** Describes a session whose statements may be stored already: they get another service. */
  const describing = (session: number): object =>
    sessionLog({ sessionId: `s${session}`, service: SERVICES[session % 3] ?? '', timeMs: FROM });

  it(`gives at each of ${STEPS} steps what its statements add up to when they are counted one by one`, async () => {
    const filters = [{}, { service: ['checkout'] }, { outcome: ['failed'] }, { minMs: 100 }];
    let found: number[] = [];
    await send(arriving(300, FROM, TO));
    for (let step = 0; step < STEPS; step += 1) {
      if (step % 4 === 0) await send(arriving(20, TO - HOUR_MS, TO));
      if (step % 4 === 1) await send([closing(), closing(), closing()]);
      if (step % 4 === 2) await send(arriving(3, FROM, TO));
      if (step % 4 === 3 && step < 4 * SESSIONS) await send([describing(Math.floor(step / 4))]);
      if (step === 18) await test.client.remove({ session: 's5' });
      // Also windows whose ends are in the middle of an hour.
      const window = { from: FROM + random.pick([0, 1_234_567]), to: TO - random.pick([0, 7_654_321]) };
      found = [];
      for (const question of filters.map((filter) => ({ ...window, ...filter }))) {
        const overview = await test.client.overview(question);
        const rows = await rowsOf(test, question);
        expect(said(overview), `step ${step} ${JSON.stringify(question)}`).to.deep.equal(counted(rows, overview));
        const heatmap = await test.client.heatmap(question);
        expect(shown(heatmap), `step ${step} ${JSON.stringify(question)}`).to.deep.equal(drawn(rows, heatmap));
        found.push(rows.length);
      }
    }
    expect(Math.min(...found)).to.be.greaterThan(0);
  });

  it('says the same after a restart, which forgets what was added up', async () => {
    const window = { from: FROM, to: TO };
    const before = await test.client.overview(window);
    test = await test.restart();
    expect(await test.client.overview(window)).to.deep.equal(before);
  });

  it('says what its statements add up to when logs come late for those in files, and when files are written anew', async () => {
    const { now } = Date;
    const window = { from: FROM, to: TO };
    const distinct = (rows: readonly StatementSummary[]): number => new Set(rows.map((row) => row.statementId)).size;
    await test.client.expire(false);
    const { length } = await rowsOf(test, window);
    for (let step = 0; step < STEPS / 5; step += 1) {
      await send([closing(), closing(), ...arriving(1, FROM, TO - 80 * HOUR_MS)]);
      Date.now = () => now() + step * HOUR_MS;
      await test.client.expire(false);
      Date.now = now;
      for (const question of [window, { ...window, service: ['checkout'] }]) {
        const overview = await test.client.overview(question);
        const rows = await rowsOf(test, question);
        expect(said(overview), `step ${step}`).to.deep.equal(counted(rows, overview));
        expect(distinct(rows)).to.equal(rows.length);
      }
    }
    expect(await rowsOf(test, window)).to.have.length.greaterThan(length);
  });

  it('says the same when older days have become files, and what is left when they are past their time', async () => {
    const window = { from: FROM, to: TO };
    const before = await test.client.overview(window);
    await test.client.expire(false);
    expect(await test.client.overview(window)).to.deep.equal(before);
    test = await test.restart({ retentionDays: 3 });
    const all = (await test.client.overview({ ...window, from: 0 })).current.statements;
    const { statements } = await test.client.expire(false);
    expect(statements).to.be.greaterThan(0);
    const left = await test.client.overview(window);
    expect((await test.client.overview({ ...window, from: 0 })).current.statements).to.equal(all - statements);
    expect(said(left)).to.deep.equal(counted(await rowsOf(test, window), left));
  });
});
