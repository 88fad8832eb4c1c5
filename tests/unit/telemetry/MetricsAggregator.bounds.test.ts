import { expect } from 'chai';
import sinon from 'sinon';
import { ThrownValue } from '../../../lib/model/errorFacts';
import { chunk, completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { retaining } from '../.stubs/TelemetryExporterStub';
import { drops, setUp } from './aggregator';

describe('MetricsAggregator: bounds', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  describe('telemetryMaxPendingMetrics', () => {
    it('lets the oldest give way among equals', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxPendingMetrics: 3 });
      for (const sessionId of ['1', '2', '3', '4', '5']) aggregator.processEvent(opened({ sessionId }));
      expect(await sessions()).to.deep.equal(['3', '4', '5']);
      expect(drops(aggregator)).to.deep.equal({ queue_full: 2 });
      expect(aggregator.getStats()).to.include({ collected: 5, delivered: 3 });
    });

    it('lets sessions give way to statements, and both to errors', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxPendingMetrics: 3 });
      for (const sessionId of ['c1', 'c2']) aggregator.processEvent(opened({ sessionId }));
      for (const sessionId of ['s1', 's2']) aggregator.processEvent(completed(sessionId, { sessionId }));
      for (const sessionId of ['e1', 'e2']) aggregator.processEvent(failed(undefined, { sessionId }));
      expect(await sessions()).to.deep.equal(['e1', 'e2', 's2']);
      expect(drops(aggregator)).to.deep.equal({ queue_full: 3 });
    });

    it('keeps what is more important than a newcomer', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxPendingMetrics: 1 });
      aggregator.processEvent(failed(undefined, { sessionId: 'e1', isTerminal: false }));
      aggregator.processEvent(completed('s1', { sessionId: 's1' }));
      aggregator.processEvent(opened({ sessionId: 'c1' }));
      expect(await sessions()).to.deep.equal(['e1']);
      expect(drops(aggregator)).to.deep.equal({ queue_full: 2 });
    });

    it('lets the oldest error give way to another', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxPendingMetrics: 1 });
      for (const sessionId of ['e1', 'e2']) aggregator.processEvent(failed(undefined, { sessionId }));
      expect(await sessions()).to.deep.equal(['e2']);
    });

    it('counts what is in an export, for what is not more important', () => {
      const { aggregator, exporter } = setUp({ telemetryMaxPendingMetrics: 2 });
      exporter.answer = () => new Promise(() => undefined);
      for (const sessionId of ['c1', 'c2']) aggregator.processEvent(opened({ sessionId }));
      void aggregator.flush();
      aggregator.processEvent(opened());
      expect(drops(aggregator)).to.deep.equal({ queue_full: 1 });
      aggregator.processEvent(completed('a'));
      expect(drops(aggregator)).to.deep.equal({ queue_full: 1 });
    });

    it('loses no error to what is in an export; that gives way when it comes back', async () => {
      const { aggregator, exporter, sessions } = setUp({ telemetryMaxPendingMetrics: 2 });
      let giveBack = (): void => undefined;
      exporter.answer = (batch) =>
        new Promise((resolve) => {
          giveBack = () => resolve(retaining(batch, 0));
        });
      for (const sessionId of ['c1', 'c2']) aggregator.processEvent(opened({ sessionId }));
      const flushed = aggregator.flush();
      for (const sessionId of ['e1', 'e2', 'e3']) aggregator.processEvent(failed(undefined, { sessionId }));
      expect(drops(aggregator)).to.deep.equal({ queue_full: 1 });
      giveBack();
      await flushed;
      expect(drops(aggregator)).to.deep.equal({ queue_full: 3 });
      expect(aggregator.getStats()).to.include({ pending: 2, collected: 5 });
      exporter.answer = () => undefined;
      exporter.batches.length = 0;
      expect(await sessions()).to.deep.equal(['e2', 'e3']);
    });
  });

  describe('telemetryMaxPendingBytes', () => {
    it('makes room by as many records as it takes', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxPendingBytes: 8_000 });
      for (let i = 0; i < 20; i += 1) aggregator.processEvent(opened({ sessionId: `c${i}` }));
      const thrown = new ThrownValue(new Error('x'.repeat(2_500)));
      aggregator.processEvent(failed(undefined, { sessionId: 'e', thrown }));
      const kept = await sessions();
      expect(kept[0]).to.equal('e');
      expect(kept).to.have.length.within(2, 8);
      expect(drops(aggregator)).to.deep.equal({ queue_full: 21 - kept.length });
    });

    it('counts what is in an export', async () => {
      const { aggregator, exporter } = setUp({ telemetryMaxPendingBytes: 1_024 });
      exporter.answer = () => new Promise(() => undefined);
      for (let i = 0; i < 4; i += 1) aggregator.processEvent(opened());
      void aggregator.flush();
      aggregator.processEvent(opened());
      expect(drops(aggregator)).to.deep.equal({ queue_full: 1 });
    });

    it('makes room when what was in an export comes back beside something more important', async () => {
      const { aggregator, exporter } = setUp({ telemetryMaxPendingBytes: 1_024 });
      let giveBack = (): void => undefined;
      exporter.answer = (batch) =>
        new Promise((resolve) => {
          giveBack = () => resolve(retaining(batch, 0));
        });
      for (let i = 0; i < 4; i += 1) aggregator.processEvent(opened());
      const flushed = aggregator.flush();
      aggregator.processEvent(completed('a'));
      expect(drops(aggregator)).to.deep.equal({});
      giveBack();
      await flushed;
      expect(drops(aggregator)).to.deep.equal({ queue_full: 3 });
      expect(aggregator.getStats().pending).to.equal(2);
    });

    it('is free again after the export', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxPendingBytes: 1_024 });
      for (let round = 0; round < 5; round += 1) {
        for (let i = 0; i < 4; i += 1) aggregator.processEvent(opened());
        await sessions();
      }
      expect(drops(aggregator)).to.deep.equal({});
    });

    it('takes what just fits', () => {
      const { aggregator } = setUp({ telemetryMaxPendingBytes: 640 + 1_024 + 2 * 100 });
      aggregator.processEvent(failed(undefined, { thrown: new ThrownValue(new Error('x'.repeat(100))) }));
      expect(aggregator.getStats().pending).to.equal(1);
    });

    it('drops as too_large what is larger by itself', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxPendingBytes: 640 + 1_024 + 2 * 100 });
      aggregator.processEvent(failed(undefined, { thrown: new ThrownValue(new Error('x'.repeat(101))) }));
      aggregator.processEvent(completed('a', { sessionId: 's' }));
      expect(await sessions()).to.deep.equal(['s']);
      expect(drops(aggregator)).to.deep.equal({ too_large: 1 });
      expect(aggregator.getStats()).to.include({ collected: 2, delivered: 1 });
    });
  });

  describe('telemetryMaxRecordAgeMs', () => {
    it('drops as expired what could not be sent in time, whatever its kind', async () => {
      const { aggregator, exporter, sessions } = setUp({ telemetryMaxRecordAgeMs: 10_000 });
      exporter.answer = async (batch) => retaining(batch, 0);
      clock.tick(1);
      aggregator.processEvent(opened());
      aggregator.processEvent(completed('a'));
      aggregator.processEvent(failed());
      await aggregator.flush();
      clock.tick(5_000);
      aggregator.processEvent(opened({ sessionId: 'young' }));
      await aggregator.flush();
      clock.setSystemTime(1e12);
      clock.tick(5_001);
      exporter.answer = () => undefined;
      exporter.batches.length = 0;
      expect(await sessions()).to.deep.equal(['young']);
      expect(drops(aggregator)).to.deep.equal({ expired: 3 });
      expect(aggregator.getStats()).to.include({ collected: 4, delivered: 1, pending: 0 });
    });

    it('does not mind that the wall clock jumps', async () => {
      const { aggregator, sessions } = setUp({ telemetryMaxRecordAgeMs: 10_000 });
      aggregator.processEvent(opened({ timestamp: 0 }));
      clock.setSystemTime(1e12);
      expect(await sessions()).to.have.length(1);
    });
  });

  it('costs the same per record when full at 500 and at 50,000', () => {
    clock.restore();
    const fullAt = (telemetryMaxPendingMetrics: number): (() => number) => {
      const { aggregator } = setUp({ telemetryMaxPendingMetrics, telemetryMaxPendingBytes: 256 * 1024 * 1024 });
      aggregator.setMode({ kind: 'hold' });
      const event = opened();
      for (let i = 0; i < telemetryMaxPendingMetrics; i += 1) aggregator.processEvent(event);
      return () => {
        const startMs = performance.now();
        for (let i = 0; i < 20_000; i += 1) aggregator.processEvent(event);
        return performance.now() - startMs;
      };
    };
    const [small, large] = [fullAt(500), fullAt(50_000)];
    const ratios = Array.from({ length: 7 }, () => [small(), large()] as const).map(([s, l]) => l / s);
    expect(ratios.sort((a, b) => a - b)[3]).to.be.below(10);
  }).retries(2); // It measures time.

  it('costs the same per statement with 10 and with 50,000 in flight', () => {
    clock.restore();
    const inFlight = (count: number): (() => number) => {
      const { aggregator } = setUp({ telemetryMaxStatementMetrics: 100_000 });
      aggregator.setMode({ kind: 'hold' });
      for (let i = 0; i < count; i += 1) aggregator.processEvent(started(`old${i}`));
      return () => {
        const startMs = performance.now();
        for (let i = 0; i < 2_000; i += 1) {
          aggregator.processEvent(started('new'));
          aggregator.processEvent(chunk('new'));
          aggregator.processEvent(completed('new'));
        }
        return performance.now() - startMs;
      };
    };
    const [few, many] = [inFlight(10), inFlight(50_000)];
    const ratios = Array.from({ length: 7 }, () => [few(), many()] as const).map(([f, m]) => m / f);
    expect(ratios.sort((a, b) => a - b)[3]).to.be.below(10);
  }).retries(2); // It measures time.

  it('keeps nothing of 100,000 statements beyond the bounds while the endpoint hangs', () => {
    const { aggregator, exporter } = setUp({ telemetryMaxPendingMetrics: 100 });
    exporter.answer = () => new Promise(() => undefined);
    for (let i = 0; i < 100_000; i += 1) {
      aggregator.processEvent(completed(`s${i}`));
      if (i === 1_000) void aggregator.flush();
    }
    const { pending, dropped, collected } = aggregator.getStats();
    expect(pending).to.equal(100);
    expect(collected).to.equal(100_000);
    expect(dropped.queue_full).to.equal(99_900);
  });
});
