import { expect } from 'chai';
import sinon from 'sinon';
import { failed, opened } from '../.stubs/telemetryEvents';
import { connectionInfo } from '../.stubs/telemetryRecords';
import { retaining } from '../.stubs/TelemetryExporterStub';
import { deferred, sessionsOf, setUp } from './aggregator';

describe('MetricsAggregator: an export under way, and what it gives back', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
    clock.tick(1);
  });
  afterEach(() => clock.restore());

  it('has one export in flight', async () => {
    const { aggregator, exporter, sizes, add } = setUp({ telemetryBatchSize: 2 });
    const answer = deferred();
    exporter.answer = () => answer.promise;
    add(2);
    await clock.tickAsync(0);
    add(2);
    aggregator.processEvent(failed());
    void aggregator.flush();
    await clock.tickAsync(60_000);
    expect(sizes()).to.deep.equal([2]);
    expect(clock.countTimers()).to.equal(0);
    expect(aggregator.getStats().pending).to.equal(5);
    exporter.answer = () => undefined;
    answer.give();
    await clock.tickAsync(0);
    expect(sizes()).to.deep.equal([2, 2, 1]);
    expect(aggregator.getStats()).to.include({ pending: 0, delivered: 5 });
  });

  describe('takes along what comes while a request is under way', () => {
    /** An export after which so many records have come, a millisecond apart. */
    function busy(comingMeanwhile: readonly number[], batchSize: number) {
      const all = setUp({ telemetryBatchSize: batchSize, telemetryFlushIntervalMs: 5_000 });
      const { exporter, add } = all;
      exporter.answer = async () => {
        for (let i = 0; i < (comingMeanwhile[exporter.batches.length - 1] ?? 0); i += 1) {
          clock.tick(1);
          add(1);
        }
      };
      return all;
    }

    it('in full batches, and the rest in the interval', async () => {
      const { sizes, add } = busy([25, 3, 9], 10);
      add(10);
      await clock.tickAsync(4_000);
      expect(sizes()).to.deep.equal([10, 10, 10, 10]);
      await clock.tickAsync(5_000);
      expect(sizes()).to.deep.equal([10, 10, 10, 10, 7]);
    });

    it('once it is flushed for', async () => {
      const { aggregator, sizes, add } = busy([1], 10);
      add(2);
      const flushed = aggregator.flush();
      clock.tick(1);
      add(3);
      await aggregator.flush();
      await flushed;
      expect(sizes()).to.deep.equal([2, 4]);
    });

    it('not for one connection, when it is flushed', async () => {
      const { aggregator, exporter, sizes } = setUp({ telemetryBatchSize: 10 });
      const connection = connectionInfo();
      exporter.answer = async () => {
        clock.tick(1);
        if (exporter.batches.length < 50) aggregator.processEvent(opened({ connection }));
      };
      aggregator.processEvent(opened({ connection }));
      await aggregator.flush({ connection });
      expect(sizes()).to.deep.equal([1]);
      expect(aggregator.getStats().pending).to.equal(1);
    });
  });

  describe('what the exporter keeps', () => {
    it('is sent again in order, before what is younger', async () => {
      const { aggregator, exporter, add } = setUp();
      add(3, 'a');
      exporter.answer = async (batch) => ({ delivered: 1, rejected: 0, dropped: {}, retained: [batch[2]!, batch[0]!] });
      await aggregator.flush();
      expect(aggregator.getStats()).to.include({ delivered: 1, pending: 2 });
      add(1, 'b');
      exporter.answer = () => undefined;
      await aggregator.flush();
      expect(sessionsOf(exporter.batches[1]!)).to.deep.equal(['a0', 'a2', 'b0']);
    });

    it('waits for the interval and up to two more, without advice', async () => {
      const { exporter, sizes, add } = setUp({ telemetryFlushIntervalMs: 1_000, telemetryBatchSize: 2 });
      exporter.answer = async (batch) => retaining(batch);
      add(2);
      await clock.tickAsync(0);
      add(2);
      await clock.tickAsync(2_999);
      expect(sizes()).to.deep.equal([2]);
      await clock.tickAsync(1);
      expect(sizes()).to.deep.equal([2, 2, 2]);
    });

    it('waits as long as the exporter says and up to two intervals more, whatever else comes', async () => {
      const { aggregator, exporter, sizes, add } = setUp({ telemetryFlushIntervalMs: 1_000, telemetryBatchSize: 2 });
      exporter.answer = async (batch) => retaining(batch, 30_000);
      add(2);
      await clock.tickAsync(0);
      exporter.answer = () => undefined;
      add(2);
      aggregator.processEvent(failed());
      await clock.tickAsync(31_999);
      expect(sizes()).to.deep.equal([2]);
      await clock.tickAsync(1);
      expect(sizes()).to.deep.equal([2, 2, 2, 1]);
    });

    it('does not delay an explicit flush', async () => {
      const { aggregator, exporter, sizes, add } = setUp();
      exporter.answer = async (batch) => retaining(batch, 30_000);
      add(1);
      await aggregator.flush();
      await aggregator.flush();
      expect(sizes()).to.deep.equal([1, 1]);
    });

    it('does not stand in the way of the batches behind it', async () => {
      const { aggregator, exporter, add } = setUp({ telemetryBatchSize: 2 });
      const theirs = connectionInfo();
      for (const sessionId of ['t1', 't2']) aggregator.processEvent(opened({ connection: theirs, sessionId }));
      add(2);
      exporter.answer = async (batch) => (batch[0]!.connection === theirs ? retaining(batch) : undefined);
      await aggregator.flush();
      expect(aggregator.getStats()).to.include({ delivered: 2, pending: 2 });
    });

    it('stays behind a receiver that wants a pause', async () => {
      const { aggregator, exporter, sizes, add } = setUp({ telemetryBatchSize: 2 });
      exporter.answer = async (batch) => retaining(batch, 0);
      add(4);
      await aggregator.flush();
      expect(sizes()).to.deep.equal([2]);
      expect(aggregator.getStats().pending).to.equal(4);
    });
  });

  describe('an exporter that breaks its contract', () => {
    it('keeps everything when it rejects', async () => {
      const { aggregator, exporter, sizes, add } = setUp({ telemetryBatchSize: 2 });
      exporter.answer = () => Promise.reject(new Error('no'));
      add(4);
      await aggregator.flush();
      expect(sizes()).to.deep.equal([2]);
      expect(aggregator.getStats()).to.include({ pending: 4, collected: 4 });
      exporter.answer = () => undefined;
      await clock.tickAsync(15_000);
      expect(aggregator.getStats()).to.include({ pending: 0, delivered: 4 });
    });

    it('keeps everything when it throws', async () => {
      const { aggregator, exporter, add } = setUp();
      exporter.export = () => {
        throw new Error('no');
      };
      add(1);
      await aggregator.flush();
      expect(aggregator.getStats()).to.include({ pending: 1, collected: 1 });
    });
  });
});
