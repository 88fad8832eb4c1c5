import { expect } from 'chai';
import { Statement } from '../../../lib/model/Statement';
import type { TelemetryOptions } from '../../../lib/model/options';
import { MetricsAggregator, type PipelineParts } from '../../../lib/telemetry/MetricsAggregator';
import { TelemetryEventType, type StatementOutcome, type TelemetryRecord } from '../../../lib/telemetry/types';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { systemClock } from '../../../lib/util/clock';
import { TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';
import { closed, failed, opened } from '../.stubs/telemetryEvents';

/** Numbers between 0 and 1 that look random and are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hex = (random: () => number): string =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');

interface Known {
  readonly latencyMs: number;
  readonly weight: number;
}

/** The smallest value that a share `p` of the weight does not exceed. */
function quantile(known: readonly Known[], p: number): number {
  const sorted = [...known].sort((a, b) => a.latencyMs - b.latencyMs);
  let left = p * sorted.reduce((sum, { weight }) => sum + weight, 0);
  for (const { latencyMs, weight } of sorted) if ((left -= weight) <= 1e-9) return latencyMs;
  return NaN;
}

describe('MetricsAggregator: sampling', () => {
  let exporter: TelemetryExporterStub;
  beforeEach(() => {
    exporter = new TelemetryExporterStub();
  });

  function aggregatorWith(options: TelemetryOptions, parts: PipelineParts = {}): MetricsAggregator {
    const roomy = { telemetryMaxPendingMetrics: 100_000, telemetryMaxPendingBytes: 2 ** 28, telemetryBatchSize: 1000 };
    const onShared: PipelineParts['onShared'] = (record, share) => (record.sampleRate = share);
    return new MetricsAggregator(new ClientContextStub({ ...roomy, ...options }), exporter, { onShared, ...parts });
  }
  function end(
    aggregator: MetricsAggregator,
    sessionId: string,
    {
      outcome = 'delivered' as StatementOutcome,
      latencyMs = 5,
      hasFailureState = false,
      traceId = undefined as string | undefined,
    } = {},
  ): Statement {
    const statement = new Statement(undefined, sessionId, 'EXECUTE_STATEMENT', Date.now(), 0);
    const level = ['delivered', 'cancelled', 'closed_unfetched'].includes(outcome) ? 'INFO' : 'WARN';
    Object.assign(statement, { outcome, latencyMs, hasFailureState, level, traceId, endedAtMs: systemClock.now() });
    aggregator.processEvent({
      eventType: TelemetryEventType.STATEMENT_COMPLETE,
      timestamp: Date.now(),
      statementId: undefined,
      statement,
    });
    return statement;
  }
  const sent = async (aggregator: MetricsAggregator): Promise<TelemetryRecord[]> => {
    await aggregator.close({ deadlineMs: 5000 });
    return exporter.records;
  };
  const sessions = (count: number, random = seeded(1)): string[] =>
    Array.from({ length: count }, () => `${hex(random)}-${hex(random)}`);

  it('sends a session with all that belongs to it, or not', async () => {
    const aggregator = aggregatorWith({ telemetrySampleRate: 0.3 });
    for (const sessionId of sessions(200)) {
      aggregator.processEvent(opened({ sessionId }));
      for (let i = 0; i < 3; i += 1) end(aggregator, sessionId);
      aggregator.processEvent(closed({ sessionId }));
    }
    const records = await sent(aggregator);
    const bySession = new Map<unknown, number>();
    for (const { sessionId } of records) bySession.set(sessionId, (bySession.get(sessionId) ?? 0) + 1);
    expect([...new Set(bySession.values())]).to.deep.equal([5]);
    expect(bySession.size).to.be.within(40, 80);
    const { collected, sampled, delivered } = aggregator.getStats();
    expect({ collected, sampled, delivered }).to.deep.equal({
      collected: 1000,
      sampled: 1000 - records.length,
      delivered: records.length,
    });
    expect(records.every((record) => 'sampleRate' in record && record.sampleRate === 0.3)).to.equal(true);
  });

  it('sends a trace with the statements of all its sessions, or none, and each opening of a session that has one', async () => {
    const aggregator = aggregatorWith({ telemetrySampleRate: 0.3 });
    const pool = sessions(4, seeded(7));
    for (const sessionId of pool) aggregator.processEvent(opened({ sessionId }));
    const traces = sessions(200, seeded(2));
    for (const traceId of traces) for (const sessionId of pool) end(aggregator, sessionId, { traceId });
    const records = await sent(aggregator);
    const byTrace = new Map<unknown, number>();
    for (const record of records) {
      if (record.kind === 'statement') byTrace.set(record.traceId, (byTrace.get(record.traceId) ?? 0) + 1);
    }
    expect([...new Set(byTrace.values())]).to.deep.equal([4]);
    expect(byTrace.size).to.be.within(40, 80);
    const openings = records.flatMap(({ kind, sessionId }) => (kind === 'connection' ? [sessionId] : []));
    expect(openings).to.have.members(pool);
    const { collected, sampled } = aggregator.getStats();
    expect({ collected, sampled }).to.deep.equal({ collected: 804, sampled: 804 - records.length });
  });

  for (const [what, facts] of [
    ['failed', { outcome: 'failed' }],
    ['was cancelled', { outcome: 'cancelled' }],
    ['timed out', { outcome: 'timed_out' }],
    ['lost its connection', { outcome: 'connection_lost' }],
    ['met an error', { hasFailureState: true }],
    ['took ten seconds', { latencyMs: 10_000 }],
  ] as const) {
    it(`sends a statement that ${what} at any rate, for itself alone, with the opening of its session`, async () => {
      const aggregator = aggregatorWith({ telemetrySampleRate: 0 });
      for (const sessionId of ['quiet', 'troubled']) aggregator.processEvent(opened({ sessionId }));
      end(aggregator, 'quiet');
      const statement = end(aggregator, 'troubled', { traceId: 'a', ...facts });
      const records = await sent(aggregator);
      expect(records.map(({ kind, sessionId }) => [kind, sessionId])).to.have.deep.members([
        ['connection', 'troubled'],
        ['statement', 'troubled'],
      ]);
      expect(statement.sampleRate).to.equal(undefined);
      expect(aggregator.getStats()).to.include({ collected: 4, sampled: 2, delivered: 2, pending: 0 });
    });
  }

  it('sends every error', async () => {
    const aggregator = aggregatorWith({ telemetrySampleRate: 0 });
    for (const sessionId of sessions(20)) aggregator.processEvent(failed('s', { sessionId }));
    expect(await sent(aggregator)).to.have.lengthOf(20);
  });

  it('samples what waited when the receiver wants less, and never sends more than the application allows', async () => {
    const aggregator = aggregatorWith({ telemetrySampleRate: 0.5 });
    aggregator.setMode({ kind: 'hold' });
    const ids = sessions(400);
    for (const sessionId of ids) end(aggregator, sessionId);
    const allowed = aggregator.getStats().pending;
    expect(allowed).to.be.within(150, 250);
    const wishes = { logLevel: undefined, readsLocal: false };
    aggregator.setMode({ kind: 'open', wishes: { ...wishes, sampleRate: 1 } });
    expect(aggregator.getStats().pending).to.equal(allowed);
    aggregator.setMode({ kind: 'open', wishes: { ...wishes, sampleRate: 0.1 } });
    const { pending, sampled } = aggregator.getStats();
    expect(pending).to.be.within(20, 70);
    expect(sampled).to.equal(400 - pending);
    const records = await sent(aggregator);
    expect(records.map((record) => 'sampleRate' in record && record.sampleRate)).to.deep.equal(
      Array.from({ length: pending }, () => 0.1),
    );
  });

  it('lets an exporter have a rate of its own', async () => {
    const aggregator = aggregatorWith({ telemetrySampleRate: 1 }, { sampleRate: 0 });
    end(aggregator, 'a');
    expect(aggregator.getStats()).to.include({ sampled: 1, pending: 0 });
    await aggregator.close();
  });

  for (const [telemetrySampleRate, group] of [
    [0.05, 'sessions'],
    [0.25, 'sessions'],
    [0.6, 'sessions'],
    [0.05, 'traces'],
    [0.25, 'traces'],
    [0.6, 'traces'],
  ] as const) {
    it(`counts and quantiles estimated from a share of ${telemetrySampleRate} of the ${group} are unbiased`, async function () {
      this.timeout(30_000);
      const worlds = 25;
      const errors: Record<'count' | 'slow' | 'p50' | 'p95', number[]> = { count: [], slow: [], p50: [], p95: [] };
      for (let world = 0; world < worlds; world += 1) {
        const random = seeded(100 + world);
        exporter = new TelemetryExporterStub();
        const aggregator = aggregatorWith({ telemetrySampleRate });
        const truth: Known[] = [];
        for (const id of sessions(300, random)) {
          // Sessions and traces differ, as they do: what belongs together is alike.
          const typicalMs = 50 * Math.exp(2 * random());
          for (let i = 0; i < 4; i += 1) {
            const [sessionId, traceId] = group === 'traces' ? [`pooled-${i}`, id] : [id, undefined];
            const latencyMs = random() < 0.01 ? 12_000 : typicalMs * (0.5 + random());
            end(aggregator, sessionId, { traceId, latencyMs, outcome: random() < 0.05 ? 'failed' : 'delivered' });
            truth.push({ latencyMs, weight: 1 });
          }
        }
        const estimate = (await sent(aggregator)).flatMap((record) =>
          record.kind === 'statement' ? [{ latencyMs: record.latencyMs, weight: 1 / (record.sampleRate ?? 1) }] : [],
        );
        const sum = (known: readonly Known[]): number => known.reduce((total, { weight }) => total + weight, 0);
        const slow = (known: readonly Known[]): Known[] => known.filter(({ latencyMs }) => latencyMs > 200);
        errors.count.push(sum(estimate) / sum(truth) - 1);
        errors.slow.push(sum(slow(estimate)) / sum(slow(truth)) - 1);
        for (const [name, p] of [
          ['p50', 0.5],
          ['p95', 0.95],
        ] as const) {
          errors[name].push(quantile(estimate, p) / quantile(truth, p) - 1);
        }
      }
      for (const [name, values] of Object.entries(errors)) {
        const mean = values.reduce((total, value) => total + value, 0) / worlds;
        const spread = Math.sqrt(
          values.reduce((total, value) => total + (value - mean) ** 2, 0) / (worlds - 1) / worlds,
        );
        expect(Math.abs(mean), `${name}: ${mean} ± ${spread}`).to.be.below(3 * spread + 0.005);
      }
    });
  }
});
