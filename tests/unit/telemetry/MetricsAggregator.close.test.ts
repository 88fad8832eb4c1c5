import { expect } from 'chai';
import sinon from 'sinon';
import { completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { retaining } from '../.stubs/TelemetryExporterStub';
import { drops, setUp } from './aggregator';

describe('MetricsAggregator: close', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

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
