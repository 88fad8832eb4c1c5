import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import type { BatchResult } from '../../../lib/contracts/IBatchExporter';
import { MetricsAggregator, type PipelineMode } from '../../../lib/telemetry/MetricsAggregator';
import type { TelemetryRecord } from '../../../lib/telemetry/types';
import { chunk, completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { connectionInfo } from '../.stubs/telemetryRecords';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { globalClock } from '../.stubs/globalClock';
import { TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';

const HOLD = { kind: 'hold' } as const;
const OPEN = { kind: 'open' } as const;
const OFF = { kind: 'off', reason: 'flag_off' } as const;

/** What a receiver may want less of. */
const WISHES = [0, 0.3, 0.7, 1].flatMap((sampleRate) =>
  ([undefined, 'ERROR'] as const).map(
    (logLevel) => ({ kind: 'open', wishes: { logLevel, sampleRate, readsLocal: false } }) as const,
  ),
);

type Step = (world: World) => void | Promise<void>;

class World {
  readonly delivered = new Set<TelemetryRecord>();
  readonly exporter = new TelemetryExporterStub();
  readonly connections = [connectionInfo(), connectionInfo()];
  readonly aggregator: MetricsAggregator;
  nextId = 0;

  constructor(readonly clock: sinon.SinonFakeTimers) {
    const context = new ClientContextStub({
      telemetryBatchSize: 3,
      telemetryMaxPendingMetrics: 8,
      telemetryMaxErrorsPerStatement: 2,
      telemetryMaxStatementMetrics: 3,
      telemetryStatementTtlMs: 20_000,
      telemetryMaxRecordAgeMs: 30_000,
      telemetrySampleRate: 0.8,
    });
    this.exporter.answer = (batch) => this.deliver(batch);
    this.aggregator = new MetricsAggregator(context, this.exporter, {}, globalClock);
  }

  /** Delivers, and says so truly. */
  deliver(records: readonly TelemetryRecord[]): void {
    for (const record of records) {
      expect(this.delivered.has(record), 'delivered twice').to.equal(false);
      this.delivered.add(record);
    }
  }

  check(): void {
    const { collected, delivered, rejected, dropped, sampled, pending } = this.aggregator.getStats();
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect(collected).to.equal(delivered + rejected + lost + sampled + pending);
    for (const count of [delivered, rejected, sampled, pending, ...Object.values(dropped)])
      expect(count).to.be.at.least(0);
    // What has arrived is booked when the exporter has said so.
    expect(delivered).to.be.at.most(this.delivered.size);
    if (pending === 0) expect(delivered).to.equal(this.delivered.size);
  }
}

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const index = fc.constantFrom(0, 1);

const step: fc.Arbitrary<Step> = fc.oneof(
  index.map(
    (i): Step =>
      ({ aggregator, connections }) =>
        aggregator.processEvent(opened({ connection: connections[i] })),
  ),
  ids.map(
    (id): Step =>
      ({ aggregator }) =>
        aggregator.processEvent(started(id)),
  ),
  ids.map(
    (id): Step =>
      ({ aggregator }) =>
        aggregator.processEvent(chunk(id)),
  ),
  ids.map(
    (id): Step =>
      (world) =>
        world.aggregator.processEvent(
          completed(`${id}${(world.nextId += 1)}`, { sessionId: `session-${world.nextId % 5}` }),
        ),
  ),
  ids.map(
    (id): Step =>
      ({ aggregator }) =>
        aggregator.completeStatement(id),
  ),
  fc.tuple(ids, fc.boolean()).map(
    ([id, isTerminal]): Step =>
      ({ aggregator }) =>
        aggregator.processEvent(failed(id, { isTerminal })),
  ),
  fc.integer({ min: 0, max: 12_000 }).map(
    (ms): Step =>
      async ({ clock }) =>
        void (await clock.tickAsync(ms)),
  ),
  fc.tuple(index, fc.nat(5)).map(
    ([i, session]): Step =>
      ({ aggregator, connections }) =>
        aggregator.processEvent(opened({ connection: connections[i], sessionId: `session-${session}` })),
  ),
  fc.constantFrom<PipelineMode[]>(HOLD, OPEN, OPEN, OFF, ...WISHES).map(
    (mode): Step =>
      ({ aggregator }) =>
        aggregator.setMode(mode),
  ),
  fc.option(index).map((i): Step => async ({ aggregator, connections, clock }) => {
    const flushed = aggregator.flush({ deadlineMs: 10, connection: i === null ? undefined : connections[i] });
    await clock.tickAsync(10);
    await flushed;
  }),
  fc
    .constantFrom('deliver', 'reject', 'drop', 'retain', 'pause', 'mixed', 'throw', 'hang', 'slow')
    .map((kind): Step => (world) => {
      world.exporter.answer = (batch, signal) => answerOf(kind, world, batch, signal);
    }),
);

async function answerOf(
  kind: string,
  world: World,
  batch: readonly TelemetryRecord[],
  signal: AbortSignal,
): Promise<BatchResult<TelemetryRecord> | void> {
  const none = { delivered: 0, rejected: 0, dropped: {}, retained: [] };
  switch (kind) {
    case 'deliver':
      return world.deliver(batch);
    case 'reject':
      return { ...none, rejected: batch.length };
    case 'drop':
      return { ...none, dropped: { no_credentials: batch.length } };
    case 'retain':
      return { ...none, retained: batch };
    case 'pause':
      return { ...none, retained: batch, retryAfterMs: 3_000 };
    case 'mixed':
      world.deliver(batch.slice(0, 1));
      return { ...none, delivered: 1, retained: batch.slice(1) };
    case 'throw':
      throw new Error('no');
    case 'hang':
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ...none, retained: batch })));
    default:
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      // What is aborted has not arrived.
      if (signal.aborted) return { ...none, retained: batch };
      return world.deliver(batch);
  }
}

describe('MetricsAggregator: accounting', () => {
  it('always has collected = delivered + rejected + dropped + sampled + pending, whatever happens in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 5_000 }),
        async (steps, deadlineMs) => {
          const clock = sinon.useFakeTimers();
          try {
            const world = new World(clock);
            for (const run of steps) {
              await run(world);
              world.check();
            }
            const closed = world.aggregator.close({ deadlineMs });
            world.check();
            await clock.tickAsync(deadlineMs + 25);
            await closed;
            world.check();
            expect(world.aggregator.getStats()).to.include({ pending: 0, inFlightStatements: 0 });
            await clock.runAllAsync();
            world.check();
            expect(clock.countTimers()).to.equal(0);
          } finally {
            clock.restore();
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
