import { expect } from 'chai';
import sinon from 'sinon';
import { MetricsAggregator } from '../../../lib/telemetry/MetricsAggregator';
import type { TelemetryOptions } from '../../../lib/model/options';
import { Statement } from '../../../lib/model/Statement';
import type { DropReason } from '../../../lib/telemetry/types';
import { completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { globalClock } from '../.stubs/globalClock';
import { retaining, TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';

function setUp(options: TelemetryOptions = {}) {
  const exporter = new TelemetryExporterStub();
  const aggregator = new MetricsAggregator(
    new ClientContextStub(options),
    exporter,
    {},
    { ...globalClock, random: () => 1 },
  );
  return { aggregator, exporter };
}

function drops(aggregator: MetricsAggregator): Partial<Record<DropReason, number>> {
  return Object.fromEntries(Object.entries(aggregator.getStats().dropped).filter(([, count]) => count > 0));
}

describe('MetricsAggregator: modes and close', () => {
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

  describe('close', () => {
    it('sends what is pending, with statements in flight as abandoned', async () => {
      const { aggregator, exporter } = setUp();
      for (const event of [opened(), started('a'), failed('a', { isTerminal: false })]) aggregator.processEvent(event);
      await aggregator.close();
      expect(exporter.records.map(({ kind }) => kind)).to.deep.equal(['error', 'statement', 'connection']);
      expect(aggregator.getStats()).to.include({ delivered: 3, pending: 0, abandonedStatements: 1 });
      expect(clock.countTimers()).to.equal(0);
    });

    it('is the same promise at every call', async () => {
      const { aggregator } = setUp();
      const first = aggregator.close();
      expect(aggregator.close({ deadlineMs: 1 })).to.equal(first);
      await first;
    });

    it('is what flush() waits for afterwards', async () => {
      const { aggregator, exporter } = setUp();
      exporter.answer = () => new Promise(() => undefined);
      aggregator.processEvent(opened());
      void aggregator.close({ deadlineMs: 100 });
      let isDone = false;
      void aggregator.flush().then(() => {
        isDone = true;
      });
      await clock.tickAsync(100);
      expect(isDone).to.equal(false);
      await clock.tickAsync(25);
      expect(isDone).to.equal(true);
    });

    it('ignores what happens afterwards', async () => {
      const { aggregator, exporter } = setUp();
      await aggregator.close();
      for (const event of [opened(), started('a'), completed('b'), failed()]) aggregator.processEvent(event);
      aggregator.completeStatement('a');
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      await aggregator.flush();
      expect(exporter.batches).to.deep.equal([]);
      expect(aggregator.getStats()).to.include({ collected: 0, inFlightStatements: 0 });
      expect(clock.countTimers()).to.equal(0);
    });

    it('aborts the export at its deadline, and drops as close_timeout what was not sent', async () => {
      const { aggregator, exporter } = setUp({ telemetryBatchSize: 2 });
      let abortedAtMs: number | undefined;
      exporter.answer = (batch, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            abortedAtMs = performance.now();
            resolve({ ...retaining(batch.slice(1)), delivered: 1 });
          }),
        );
      for (let i = 0; i < 5; i += 1) aggregator.processEvent(opened());
      const closed = aggregator.close({ deadlineMs: 700 });
      await clock.tickAsync(699);
      expect(abortedAtMs).to.equal(undefined);
      await clock.tickAsync(1);
      await closed;
      expect(abortedAtMs).to.equal(700);
      expect(exporter.batches).to.have.length(1);
      expect(drops(aggregator)).to.deep.equal({ close_timeout: 4 });
      expect(aggregator.getStats()).to.include({ collected: 5, delivered: 1, pending: 0 });
    });

    it('has telemetryCloseTimeoutMs as its deadline by itself', async () => {
      const { aggregator, exporter } = setUp({ telemetryCloseTimeoutMs: 300 });
      exporter.answer = () => new Promise(() => undefined);
      aggregator.processEvent(opened());
      let isDone = false;
      void aggregator.close().then(() => {
        isDone = true;
      });
      await clock.tickAsync(300);
      expect(isDone).to.equal(false);
      await clock.tickAsync(25);
      expect(isDone).to.equal(true);
      expect(drops(aggregator)).to.deep.equal({ close_timeout: 1 });
    });

    it('ignores an answer that comes after it', async () => {
      const { aggregator, exporter } = setUp();
      let give = (): void => undefined;
      exporter.answer = () =>
        new Promise<void>((resolve) => {
          give = resolve;
        });
      aggregator.processEvent(opened());
      const closed = aggregator.close({ deadlineMs: 10 });
      await clock.tickAsync(35);
      await closed;
      give();
      await clock.tickAsync(10_000);
      expect(aggregator.getStats()).to.include({ collected: 1, delivered: 0, pending: 0 });
      expect(drops(aggregator)).to.deep.equal({ close_timeout: 1 });
      expect(clock.countTimers()).to.equal(0);
    });

    it('is not cut short by a change of the mode', async () => {
      const { aggregator, exporter } = setUp();
      exporter.answer = (batch, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(retaining(batch)));
          setTimeout(resolve, 100);
        });
      aggregator.processEvent(opened());
      const closed = aggregator.close();
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      await clock.tickAsync(100);
      await closed;
      expect(aggregator.getStats().delivered).to.equal(1);
    });

    it('aborts an export that is under way although the mode is hold', async () => {
      const { aggregator, exporter } = setUp();
      let isAborted = false;
      exporter.answer = (_batch, signal) =>
        new Promise(() => signal.addEventListener('abort', () => (isAborted = true)));
      aggregator.processEvent(opened());
      void aggregator.flush();
      aggregator.setMode({ kind: 'hold' });
      await aggregator.close();
      expect(isAborted).to.equal(true);
      expect(drops(aggregator)).to.deep.equal({ close_timeout: 1 });
    });

    it('releases whoever waits for a connection', async () => {
      const { aggregator, exporter } = setUp();
      exporter.answer = () => new Promise(() => undefined);
      aggregator.processEvent(opened());
      let isReleased = false;
      void aggregator.flush({ deadlineMs: 60_000 }).then(() => (isReleased = true));
      void aggregator.close({ deadlineMs: 10 });
      await clock.tickAsync(9);
      expect(isReleased).to.equal(false);
      await clock.tickAsync(1000);
      expect(isReleased).to.equal(true);
    });

    it('does not wait for what the exporter keeps', async () => {
      const { aggregator, exporter } = setUp();
      exporter.answer = async (batch) => retaining(batch, 60_000);
      aggregator.processEvent(opened());
      await aggregator.close();
      expect(exporter.batches).to.have.length(1);
      expect(drops(aggregator)).to.deep.equal({ close_timeout: 1 });
    });

    it('sends nothing while the mode is hold', async () => {
      const { aggregator, exporter } = setUp();
      aggregator.setMode({ kind: 'hold' });
      aggregator.processEvent(opened());
      await aggregator.close();
      expect(exporter.batches).to.deep.equal([]);
      expect(drops(aggregator)).to.deep.equal({ close_timeout: 1 });
    });

    it('sends nothing without time', async () => {
      const { aggregator, exporter } = setUp();
      aggregator.processEvent(opened());
      await aggregator.close({ deadlineMs: 0 });
      expect(exporter.batches).to.deep.equal([]);
      expect(drops(aggregator)).to.deep.equal({ close_timeout: 1 });
    });
  });
});
