import Ajv2020 from 'ajv/dist/2020';
import { expect } from 'chai';
import { ENDPOINTS } from '../lib/api/endpoints';
import { Random } from './fleet/Random';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const RATE = 0.1;
const SESSIONS = 4_000;
const OF_A_SESSION = 5;
const HOUR_MS = 3_600_000;
const FROM = Date.now() - 2 * HOUR_MS;
const WINDOW = { from: FROM, to: FROM + HOUR_MS };

interface Ran {
  readonly sessionId: string;
  readonly timeMs: number;
  readonly latencyMs: number;
  readonly failed: boolean;
  readonly retries: number;
  readonly byteCount: number;
}

/** A service's statements: one in twenty fails, and those that fail are fast. */
function ran(random: Random, service: string, sessions: number): Ran[] {
  return Array.from({ length: sessions * OF_A_SESSION }, (_, i) => {
    const failed = random.chance(0.05);
    return {
      sessionId: `${service}-${Math.floor(i / OF_A_SESSION)}`,
      timeMs: FROM + random.whole(0, HOUR_MS - 1),
      latencyMs: random.around(failed ? 30 : 400, 0.8),
      failed,
      retries: random.chance(0.1) ? 1 : 0,
      byteCount: random.around(50_000, 1),
    };
  });
}

/** What is sent of them: whole sessions at the rate, and whatever failed. */
function sent(statements: readonly Ran[], service: string, chosen: ReadonlySet<string>, rate?: number): object[] {
  const kept = statements.filter(({ failed, sessionId }) => rate === undefined || failed || chosen.has(sessionId));
  const sessions = [...new Set(kept.map(({ sessionId }) => sessionId))];
  return [
    ...sessions.map((sessionId) => sessionLog({ sessionId, service, timeMs: FROM })),
    ...kept.map(({ sessionId, timeMs, latencyMs, failed, retries, byteCount }) =>
      statementLog({
        sessionId,
        timeMs,
        latencyMs,
        operation: { retry_count: retries, execution_result: 'INLINE_ARROW' },
        local: {
          outcome: failed ? 'failed' : 'delivered',
          byteCount,
          ...(rate === undefined || failed ? {} : { sampleRate: rate }),
        },
      }),
    ),
  ];
}

async function deliverAll(test: TestCollector, logs: readonly object[]): Promise<void> {
  for (let i = 0; i < logs.length; i += 200) await deliver(test.collector.address, logs.slice(i, i + 200));
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Which part of the values is at most `value`. */
const rankOf = (values: readonly number[], value: number | null): number =>
  values.filter((one) => one <= (value ?? NaN)).length / values.length;

describe('services that send samples', () => {
  const random = new Random(7);
  const sampled = ran(random, 'checkout', SESSIONS);
  const whole = ran(random, 'pricing', 200);
  const chosen = new Set([...new Set(sampled.map(({ sessionId }) => sessionId))].filter(() => random.chance(RATE)));
  const failed = sampled.filter((one) => one.failed).length;
  /** Four standard errors of the number of sessions that were chosen, as a part of it. */
  const bound = 4 * Math.sqrt((1 - RATE) / (RATE * SESSIONS));
  let test: TestCollector;
  before(async function () {
    this.timeout(180_000);
    test = await testCollector();
    const logs = [...sent(sampled, 'checkout', chosen, RATE), ...sent(whole, 'pricing', chosen)];
    await deliverAll(test, logs);
    await loaded(test.client, logs.length);
  });
  after(() => test.end());

  it('are counted as the statements that they stand for, within the error of the sample; failed ones exactly', async () => {
    const { current, series, outcomes } = await test.client.overview({ ...WINDOW, service: ['checkout'] });
    expect(current.statements).to.be.closeTo(sampled.length, bound * sampled.length);
    expect(current.failed).to.equal(failed);
    const share = failed / sampled.length;
    expect(current.failed / current.statements).to.be.closeTo(share, (bound / (1 - bound)) * share);
    expect(current.bytes).to.be.closeTo(
      sumOf(sampled.map(({ byteCount }) => byteCount)),
      1.5 * bound * sumOf(sampled.map(({ byteCount }) => byteCount)),
    );
    expect(sumOf(series.map(({ statements }) => statements))).to.be.closeTo(current.statements, series.length);
    expect(sumOf(outcomes.map(({ statements }) => statements))).to.be.closeTo(current.statements, 1);
  });

  it('have quantiles of all that ran, not of what was received', async () => {
    const { current } = await test.client.overview({ ...WINDOW, service: ['checkout'] });
    const all = sampled.map(({ latencyMs }) => latencyMs);
    const received = RATE * sampled.length;
    for (const p of ['p50', 'p95'] as const) {
      const part = Number(p.slice(1)) / 100;
      const error = Math.sqrt((part * (1 - part)) / received);
      expect(rankOf(all, current.latency[p]), p).to.be.closeTo(part, 4 * error);
    }
    const { quantiles } = await test.client.heatmap({ ...WINDOW, service: ['checkout'] });
    expect(quantiles).to.deep.equal(current.latency);
  });

  it('are marked in the answers: how many were received, and how many they stand for', async () => {
    const kept = sampled.filter((one) => !one.failed && chosen.has(one.sessionId)).length;
    const mark = { statements: kept, estimated: kept / RATE };
    const { current, previous } = await test.client.overview(WINDOW);
    expect(current.sampled).to.deep.equal(mark);
    expect(previous.sampled).to.equal(null);
    expect(current.statements).to.equal(kept / RATE + failed + whole.length);
    for (const answer of [
      await test.client.heatmap(WINDOW),
      await test.client.fleet(WINDOW),
      await test.client.retries(WINDOW),
      await test.client.cloudfetch(WINDOW),
      await test.client.findings(WINDOW),
      await test.client.explain({ ...WINDOW, selectedMinMs: 1_000 }),
    ]) {
      expect(answer.sampled).to.deep.equal(mark);
    }
  });

  it('stand beside services that send everything, whose answers are exact and not marked', async () => {
    const { current } = await test.client.overview({ ...WINDOW, service: ['pricing'] });
    const sorted = whole.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
    expect(current).to.deep.include({ statements: 1_000, failed: whole.filter((one) => one.failed).length });
    expect(current).to.deep.include({ sampled: null, bytes: sumOf(whole.map(({ byteCount }) => byteCount)) });
    expect(current.latency).to.include({ count: 1_000, p50: sorted[499], p95: sorted[949], max: sorted[999] });
    const { services } = await test.client.fleet(WINDOW);
    expect(services.map(({ name }) => name)).to.deep.equal(['checkout', 'pricing']);
    expect(services[0]?.statements).to.be.closeTo(sampled.length, bound * sampled.length);
    expect(services[1]).to.include({ statements: 1_000, failed: current.failed, sampled: null });
    const { sampled: mark } = (await test.client.overview({ ...WINDOW, service: ['checkout'] })).current;
    expect(services[0]?.sampled).to.deep.equal(mark);
  });

  it('have retries and result formats in proportion', async () => {
    const { retried, retries, services, known } = await test.client.retries({ ...WINDOW, service: ['checkout'] });
    const truth = sumOf(sampled.map((one) => one.retries));
    expect(retries).to.be.closeTo(truth, truth * 4 * Math.sqrt((1 - RATE) / (RATE * truth)));
    expect(services[0]).to.include({ statements: known, retried, retries });
    const { formats } = await test.client.cloudfetch({ ...WINDOW, service: ['checkout'] });
    expect(formats.map(({ statements }) => statements)).to.deep.equal([known]);
  });

  it('are compared with intervals as wide as the sample makes them', async () => {
    const middle = FROM + HOUR_MS / 2;
    const { a, b, p50, failureRate } = await test.client.compare({ ...WINDOW, split: middle, service: ['checkout'] });
    expect(a.statements + b.statements).to.be.closeTo(sampled.length, bound * sampled.length);
    expect([p50.significant, failureRate.significant]).to.deep.equal([false, false]);
    const width = (p50.high ?? 0) - (p50.low ?? 0);
    const exact = await test.client.compare({ ...WINDOW, split: middle, service: ['pricing'] });
    // Half of checkout's 2,000 received statements on either side, half of pricing's 1,000.
    expect(width / ((exact.p50.high ?? 0) - (exact.p50.low ?? 0))).to.be.within(0.4, 1.2);
  });

  it('are explained by the shares of what ran', async () => {
    const { selected, rest, dimensions } = await test.client.explain({ ...WINDOW, selectedMinMs: 100 });
    const { current } = await test.client.overview(WINDOW);
    expect(selected + rest).to.be.closeTo(current.statements, 1);
    const outcome = dimensions.find(({ dimension }) => dimension === 'outcome');
    expect(outcome?.differs).to.equal(true);
    const slow = [...sampled, ...whole].filter(({ latencyMs }) => latencyMs >= 100);
    const share = slow.filter((one) => one.failed).length / slow.length;
    const found = outcome?.values.find(({ value }) => value === 'failed')?.selectedShare ?? 0;
    expect(found).to.be.closeTo(share, 2 * bound * share);
  });

  it('get answers of the documented shape', async () => {
    const document = (await (await fetch(`${test.collector.address}/api/v1/openapi.json`)).json()) as object;
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'api', ...document });
    for (const { path, parameters, answer } of ENDPOINTS) {
      if (!parameters.includes('from') || answer === undefined) continue;
      const response = await fetch(`${test.collector.address}/api/v1${path}?from=${WINDOW.from}&to=${WINDOW.to}`);
      const validate = ajv.compile({ $ref: `api#/components/schemas/${answer}` });
      expect(validate(await response.json()), `${path} ${JSON.stringify(validate.errors)}`).to.equal(true);
    }
  });
});

describe('a rate that cannot be', () => {
  it('makes no answer fail: beyond 0 and 1 it counts as none, and at least as a millionth', async () => {
    const test = await testCollector();
    const logs = [-1, 0, 1, 7, 1e-300].map((sampleRate) =>
      statementLog({ timeMs: FROM, latencyMs: 10, local: { outcome: 'delivered', sampleRate } }),
    );
    await deliverAll(test, logs);
    await loaded(test.client, logs.length);
    const { current } = await test.client.overview(WINDOW);
    expect(current).to.deep.include({ statements: 1_000_004, sampled: { statements: 1, estimated: 1_000_000 } });
    await test.end();
  });
});
