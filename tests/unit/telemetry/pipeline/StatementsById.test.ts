import { expect } from 'chai';
import type { TelemetryOptions } from '../../../../lib/model/options';
import type { ConnectionInfo } from '../../../../lib/model/connection';
import { MetricsAggregator } from '../../../../lib/telemetry/MetricsAggregator';
import { ClientContextStub } from '../../.stubs/ClientContextStub';
import { collectGarbage, countAlive } from '../../.stubs/garbage';
import { SkippingClock } from '../../.stubs/SkippingClock';
import { chunk, completed, failed, started } from '../../.stubs/telemetryEvents';
import { connectionInfo } from '../../.stubs/telemetryRecords';
import { TelemetryExporterStub } from '../../.stubs/TelemetryExporterStub';

const OFF = { kind: 'off', reason: 'flag_off' } as const;

/** Delivers everything, and keeps none of it. */
class ForgettingExporter extends TelemetryExporterStub {
  override async export(): Promise<void> {}
}

function setUp(options: TelemetryOptions, exporter = new TelemetryExporterStub()) {
  const clock = new SkippingClock();
  const aggregator = new MetricsAggregator(new ClientContextStub(options), exporter, {}, clock);
  /** Starts statements that never end; returns what is alive as long as they are known. */
  const startMany = (count: number): WeakRef<ConnectionInfo>[] =>
    Array.from({ length: count }, (_, index) => {
      const connection = connectionInfo();
      aggregator.processEvent(started(`s${index}`, { connection }));
      return new WeakRef(connection);
    });
  return { aggregator, exporter, clock, startMany };
}

describe('StatementsById', () => {
  it('forgets the statements that the pipeline has given up because there are too many', async () => {
    const { aggregator, startMany } = setUp({ telemetryMaxStatementMetrics: 10 }, new ForgettingExporter());
    const connections = startMany(2000);
    await aggregator.flush();
    await collectGarbage();
    expect(aggregator.getStats()).to.include({ abandonedStatements: 1990, inFlightStatements: 10 });
    expect(countAlive(connections)).to.be.within(10, 200);
  });

  it('forgets the statements that the pipeline has given up because they are too old', async () => {
    const { aggregator, clock, startMany } = setUp({ telemetryStatementTtlMs: 1000 }, new ForgettingExporter());
    const connections = startMany(2000);
    clock.skip(1001);
    await aggregator.flush();
    aggregator.processEvent(started('another'));
    await collectGarbage();
    expect(aggregator.getStats()).to.include({ abandonedStatements: 2000, inFlightStatements: 1 });
    expect(countAlive(connections)).to.be.below(100);
  });

  for (const [what, end] of [
    ['the mode is off', (aggregator: MetricsAggregator) => aggregator.setMode(OFF)],
    ['it is closed', (aggregator: MetricsAggregator) => aggregator.close()],
  ] as const) {
    it(`forgets all statements when ${what}`, async () => {
      const { aggregator, startMany } = setUp({}, new ForgettingExporter());
      const connections = startMany(500);
      await end(aggregator);
      await collectGarbage();
      expect(aggregator.getStats().inFlightStatements).to.equal(0);
      expect(countAlive(connections)).to.be.below(10);
    });
  }

  it('costs the same per statement, however many were given up', () => {
    const timeOf = (count: number): number => {
      const { aggregator, startMany } = setUp({ telemetryMaxStatementMetrics: 10, telemetryMaxPendingMetrics: 10 });
      aggregator.setMode({ kind: 'hold' });
      startMany(count);
      const startMs = performance.now();
      for (let i = 0; i < 3000; i += 1) aggregator.processEvent(started(`more${i}`));
      return performance.now() - startMs;
    };
    const ratios = Array.from({ length: 5 }, () => timeOf(5000) / timeOf(10)).sort((a, b) => a - b);
    expect(ratios[2]).to.be.below(10);
  }).retries(2); // It measures time.

  it('makes no second row of a statement that was given up, whatever comes of it later', async () => {
    const { aggregator, exporter } = setUp({ telemetryMaxStatementMetrics: 1 });
    for (const late of [chunk('a'), completed('a'), started('a'), failed('a', { isTerminal: false })]) {
      for (const event of [started('a'), started('b'), late]) aggregator.processEvent(event);
      aggregator.completeStatement('a');
    }
    await aggregator.flush();
    const rows = exporter.records.filter((record) => record.kind === 'statement');
    expect(rows.map(({ statementId, outcome }) => `${statementId} ${outcome}`)).to.deep.equal(['a abandoned']);
  });

  it('describes a statement anew whose beginning was forgotten while the mode was off', async () => {
    const { aggregator, exporter } = setUp({});
    aggregator.processEvent(started('a', { operationType: 'LIST_TABLES' }));
    aggregator.setMode(OFF);
    aggregator.setMode({ kind: 'open' });
    aggregator.processEvent(completed('a', { outcome: 'cancelled', latencyMs: 5 }));
    await aggregator.flush();
    expect(exporter.records).to.have.length(1);
    expect(exporter.records[0]).to.include({ statementId: 'a', outcome: 'cancelled', latencyMs: 5 });
    expect(aggregator.getStats()).to.include({ collected: 1, inFlightStatements: 0 });
  });
});
