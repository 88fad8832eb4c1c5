import { expect } from 'chai';
import sinon from 'sinon';
import { Statement } from '../../../lib/model/Statement';
import { completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { retaining } from '../.stubs/TelemetryExporterStub';
import { drops, setUp } from './aggregator';

describe('MetricsAggregator: modes', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  describe('hold', () => {
    it('collects without exporting and without a timer', async () => {
      const { aggregator, exporter } = setUp({ telemetryBatchSize: 2 });
      aggregator.setMode({ kind: 'hold' });
      for (const event of [opened(), started('a'), opened(), failed()]) aggregator.processEvent(event);
      await aggregator.flush();
      expect(clock.countTimers()).to.equal(0);
      expect(exporter.batches).to.deep.equal([]);
      expect(aggregator.getStats()).to.include({ collected: 3, pending: 3 });
    });

    it('stops the timer of what is pending', () => {
      for (const event of [opened(), failed()]) {
        const { aggregator } = setUp();
        aggregator.processEvent(event);
        expect(clock.countTimers()).to.equal(1);
        aggregator.setMode({ kind: 'hold' });
        expect(clock.countTimers()).to.equal(0);
      }
    });

    it('sends after it what came during it, within the interval', async () => {
      const { aggregator, exporter } = setUp();
      aggregator.setMode({ kind: 'hold' });
      aggregator.processEvent(opened());
      aggregator.setMode({ kind: 'open' });
      await clock.tickAsync(4_999);
      expect(exporter.batches).to.deep.equal([]);
      await clock.tickAsync(1);
      expect(exporter.records).to.have.length(1);
    });

    it('is followed at once by a flush when a terminal error came during it, and by that one only', async () => {
      const { aggregator, exporter } = setUp();
      aggregator.setMode({ kind: 'hold' });
      aggregator.processEvent(failed());
      aggregator.setMode({ kind: 'open' });
      await clock.tickAsync(0);
      expect(exporter.records).to.have.length(1);
      aggregator.setMode({ kind: 'hold' });
      aggregator.processEvent(opened());
      aggregator.setMode({ kind: 'open' });
      await clock.tickAsync(0);
      expect(exporter.records).to.have.length(1);
    });

    it('lets an export end that is under way, and starts no other', async () => {
      const { aggregator, exporter } = setUp({ telemetryBatchSize: 1 });
      exporter.answer = async () => aggregator.setMode({ kind: 'hold' });
      aggregator.processEvent(opened());
      aggregator.processEvent(opened());
      await aggregator.flush();
      expect(exporter.batches).to.have.length(1);
      expect(aggregator.getStats()).to.include({ delivered: 1, pending: 1 });
    });

    it('does not keep statements in flight from being given up at the next sign of life', async () => {
      const { aggregator } = setUp({ telemetryStatementTtlMs: 5_000 });
      aggregator.setMode({ kind: 'hold' });
      aggregator.processEvent(started('a'));
      await clock.tickAsync(5_000);
      expect(aggregator.getStats().abandonedStatements).to.equal(0);
      aggregator.processEvent(started('b'));
      expect(aggregator.getStats().abandonedStatements).to.equal(1);
    });
  });

  it('does not postpone a flush when the mode is set that it has', async () => {
    const { aggregator, exporter } = setUp();
    aggregator.processEvent(opened());
    await clock.tickAsync(4_000);
    aggregator.setMode({ kind: 'open' });
    await clock.tickAsync(1_000);
    expect(exporter.records).to.have.length(1);
  });

  describe('off', () => {
    it('drops what is pending as flag_off and stops the timers', async () => {
      const { aggregator, exporter } = setUp();
      for (const event of [opened(), completed('a'), failed('b', { isTerminal: false })])
        aggregator.processEvent(event);
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      expect(clock.countTimers()).to.equal(0);
      expect(drops(aggregator)).to.deep.equal({ flag_off: 3 });
      expect(aggregator.getStats()).to.include({ collected: 3, pending: 0, inFlightStatements: 0 });
      await aggregator.flush();
      expect(exporter.batches).to.deep.equal([]);
    });

    it('ignores what happens', () => {
      const { aggregator } = setUp();
      aggregator.processEvent(started('a'));
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      for (const event of [opened(), started('b'), completed('a'), failed()]) aggregator.processEvent(event);
      aggregator.completeStatement('a');
      expect(aggregator.getStats()).to.include({ collected: 0, inFlightStatements: 0 });
      expect(clock.countTimers()).to.equal(0);
    });

    it('aborts an export that is under way and drops what it gives back', async () => {
      const { aggregator, exporter } = setUp();
      exporter.answer = (batch, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(retaining(batch))));
      aggregator.processEvent(opened());
      const flushed = aggregator.flush();
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      await flushed;
      expect(drops(aggregator)).to.deep.equal({ flag_off: 1 });
      expect(aggregator.getStats().pending).to.equal(0);
    });

    it('ends with the next mode', async () => {
      const { aggregator, exporter } = setUp();
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      aggregator.setMode({ kind: 'open' });
      aggregator.processEvent(opened());
      await aggregator.flush();
      expect(exporter.records).to.have.length(1);
    });

    it('loses no statement that ends after it by reference', async () => {
      const { aggregator, exporter } = setUp();
      const statement = new Statement(undefined, 's', 'EXECUTE_STATEMENT', 0, 0);
      aggregator.processEvent(started(undefined, { statement }));
      aggregator.processEvent(failed(undefined, { statement, isTerminal: false }));
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      aggregator.setMode({ kind: 'open' });
      statement.outcome = 'delivered';
      aggregator.processEvent(completed(undefined, { statement }));
      await aggregator.flush();
      expect(exporter.records).to.deep.equal([statement]);
      expect(aggregator.getStats()).to.include({ collected: 2, delivered: 1, pending: 0 });
    });
  });
});
