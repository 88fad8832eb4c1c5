import { expect } from 'chai';
import type { Difference } from '../lib/store/statistics/intervals';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const HOUR_MS = 3_600_000;
/** Windows of an hour, by their number. */
const NOW = Date.now();
const startOf = (hour: number): number => NOW - (hour + 1) * HOUR_MS;
const SERVICES = 40;

/** Uniform numbers from 0 to 1, the same ones each time. */
function numbers(): () => number {
  let state = 4711;
  return () => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff;
}

const many = (count: number, hour: number, latencyMs: (i: number) => number, sessionId = 'one'): object[] =>
  Array.from({ length: count }, (_, i) =>
    statementLog({
      sessionId,
      timeMs: startOf(hour) + 1_000 + i,
      latencyMs: latencyMs(i),
      local: { outcome: 'succeeded' },
    }),
  );

describe('a comparison of windows', function () {
  this.timeout(120_000);
  let test: TestCollector;
  before(async () => {
    test = await testCollector({ retentionDays: 365 });
    const random = numbers();
    const drawn = (): number => Math.round(1_000 * random() ** -0.5);
    const logs = [
      sessionLog({ sessionId: 'one', service: 'one', timeMs: startOf(9) }),
      ...many(1, 1, () => 5),
      ...many(2, 2, (i) => 5 + i),
      ...many(199, 3, () => 7),
      ...many(200, 4, () => 9),
      ...Array.from({ length: SERVICES }, (_, i) => [
        sessionLog({ sessionId: `s${i}`, service: `s${i}`, timeMs: startOf(9) }),
        ...many(20, 6, drawn, `s${i}`),
        ...many(300, 7, drawn, `s${i}`),
      ]).flat(),
    ];
    for (let i = 0; i < logs.length; i += 2_000) await deliver(test.collector.address, logs.slice(i, i + 2_000));
    await loaded(test.client, logs.length);
  });
  after(() => test.end());

  const compare = async (
    hour: number,
    baseline: number,
    more: object = {},
  ): ReturnType<TestCollector['client']['compare']> => {
    const [from, baselineFrom] = [startOf(hour), startOf(baseline)];
    const answer = await test.client.compare({
      from,
      to: from + HOUR_MS,
      baselineFrom,
      baselineTo: baselineFrom + HOUR_MS,
      ...more,
    });
    // What JSON cannot say would be null where a number is due.
    for (const { a, b, difference, low, high } of [answer.p50, answer.p95, answer.p99, answer.failureRate]) {
      expect(difference === null).to.equal(a === null || b === null);
      expect(low === null).to.equal(high === null);
    }
    return answer;
  };
  const interval = ({ low, high, significant }: Difference): unknown[] => [low, high, significant];
  const NONE = [null, null, false];

  it('with no, one or two statements has figures, and no interval', async () => {
    for (const [hour, baseline, a, b, difference] of [
      [0, 0, null, null, null],
      [1, 0, 5, null, null],
      [0, 1, null, 5, null],
      [1, 2, 5, 5, 0],
      [2, 1, 5, 5, 0],
    ] as const) {
      const { p50, p99 } = await compare(hour, baseline);
      expect([p50.a, p50.b, p50.difference]).to.deep.equal([a, b, difference]);
      expect([interval(p50), interval(p99)]).to.deep.equal([NONE, NONE]);
    }
  });

  it('of equal values has an interval without width, where enough statements lie beyond the quantile', async () => {
    const { p50, p95, p99, failureRate } = await compare(4, 3);
    expect(interval(p50)).to.deep.equal([2, 2, true]);
    expect(p95).to.deep.equal({ a: 9, b: 7, difference: 2, low: null, high: null, significant: false });
    expect(interval(p99)).to.deep.equal(NONE);
    expect(failureRate).to.include({ a: 0, b: 0, significant: false });
    const enough = await compare(4, 3, { baselineFrom: startOf(3), baselineTo: startOf(1) });
    expect(interval(enough.p95)).to.deep.equal([2, 2, true]);
  });

  it('of windows that share statements has no interval; of windows that touch it has', async () => {
    const [from, to] = [startOf(4), startOf(2)];
    const shared = await test.client.compare({
      from,
      to,
      baselineFrom: startOf(3),
      baselineTo: startOf(1),
      by: 'service',
    });
    expect(shared.p50).to.deep.include({ a: 9, b: 7, difference: 2 });
    for (const difference of [shared.p50, shared.p95, shared.p99, shared.failureRate, shared.groups[0]?.p50]) {
      expect(difference).to.deep.include({ low: null, high: null, significant: false });
    }
    const split = await test.client.compare({ from, to, split: startOf(3) });
    expect(interval(split.p50)).to.deep.equal([-2, -2, true]);
  });

  it('that lie in the future are empty', async () => {
    const { a, b, p50 } = await compare(-2, -3);
    expect([a.statements, b.statements, a.latency.p50]).to.deep.equal([0, 0, null]);
    expect(p50).to.deep.equal({ a: null, b: null, difference: null, low: null, high: null, significant: false });
  });

  it('calls hardly anything a difference where all values are drawn from the same ones, however few they are', async () => {
    const { groups } = await compare(6, 7, { by: 'service' });
    expect(groups.filter(({ statements }) => statements.a === 20 && statements.b === 300)).to.have.lengthOf(SERVICES);
    for (const name of ['p50', 'p95'] as const) {
      const called = groups.filter((group) => group[name].significant).length;
      // One in twenty, and what chance makes of forty.
      expect(called, name).to.be.at.most(6);
    }
  });
});
