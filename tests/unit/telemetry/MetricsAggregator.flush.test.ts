import { expect } from 'chai';
import sinon from 'sinon';
import { MetricsAggregator } from '../../../lib/telemetry/MetricsAggregator';
import { completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { connectionInfo } from '../.stubs/telemetryRecords';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { globalClock } from '../.stubs/globalClock';
import { retaining, TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';
import { deferred, sessionsOf, setUp } from './aggregator';

describe('MetricsAggregator: flushing', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
    clock.tick(1);
  });
  afterEach(() => clock.restore());

  it('flushes after telemetryFlushIntervalMs', async () => {
    const { sizes, add } = setUp({ telemetryFlushIntervalMs: 3_000 });
    add(2);
    await clock.tickAsync(2_999);
    expect(sizes()).to.deep.equal([]);
    await clock.tickAsync(1);
    expect(sizes()).to.deep.equal([2]);
  });

  it('cuts the first interval to a random part, and no later one', async () => {
    const { sizes, add } = setUp({ telemetryFlushIntervalMs: 3_000 }, 0.25);
    add(1);
    await clock.tickAsync(750);
    expect(sizes()).to.deep.equal([1]);
    add(1);
    await clock.tickAsync(2_999);
    expect(sizes()).to.deep.equal([1]);
    await clock.tickAsync(1);
    expect(sizes()).to.deep.equal([1, 1]);
  });

  it('takes that part from the random numbers of its clock', async () => {
    const random = sinon.stub(Math, 'random').returns(0.5);
    const exporter = new TelemetryExporterStub();
    const context = new ClientContextStub({ telemetryFlushIntervalMs: 3_000 });
    new MetricsAggregator(context, exporter, {}, globalClock).processEvent(opened());
    await clock.tickAsync(1_500);
    random.restore();
    expect(exporter.batches).to.have.length(1);
  });

  it('sends what was queued while the clock stands still', async () => {
    const exporter = new TelemetryExporterStub();
    const aggregator = new MetricsAggregator(new ClientContextStub(), exporter, {}, { ...globalClock, now: () => 0 });
    for (const event of [opened(), completed('a'), failed()]) aggregator.processEvent(event);
    await aggregator.flush();
    expect(exporter.records).to.have.length(3);
  });

  it('holds no timer while nothing is pending', async () => {
    const { aggregator, add } = setUp();
    expect(clock.countTimers()).to.equal(0);
    aggregator.processEvent(started('a'));
    add(1);
    aggregator.processEvent(completed('a'));
    expect(clock.countTimers()).to.equal(1);
    await clock.tickAsync(5_000);
    expect(clock.countTimers()).to.equal(0);
    expect(aggregator.getStats().pending).to.equal(0);
  });

  it('holds no timer for a statement in flight; what is too old is given up when a flush wakes', async () => {
    const { aggregator, exporter, add } = setUp({ telemetryStatementTtlMs: 60_000 });
    aggregator.processEvent(started('a'));
    expect(clock.countTimers()).to.equal(0);
    add(1);
    expect(clock.countTimers()).to.equal(1);
    await clock.tickAsync(5_000);
    expect(exporter.batches).to.have.length(1);
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(55_000);
    expect(aggregator.getStats().abandonedStatements).to.equal(0);
    add(1);
    await clock.tickAsync(5_000);
    expect(aggregator.getStats().abandonedStatements).to.equal(1);
    expect(exporter.batches[1]).to.have.length(2);
  });

  it('flushes telemetryBatchSize records at once, but not in the caller’s turn', async () => {
    const { sizes, add } = setUp({ telemetryBatchSize: 3 });
    add(2);
    await clock.tickAsync(0);
    expect(sizes()).to.deep.equal([]);
    add(1);
    expect(sizes()).to.deep.equal([]);
    await clock.tickAsync(0);
    expect(sizes()).to.deep.equal([3]);
    expect(clock.countTimers()).to.equal(0);
  });

  it('sends no more than telemetryBatchSize records at a time', async () => {
    const { aggregator, sizes, add } = setUp({ telemetryBatchSize: 3 });
    add(7);
    await aggregator.flush();
    expect(sizes()).to.deep.equal([3, 3, 1]);
  });

  it('flushes a terminal error at once, but not in the caller’s turn', async () => {
    const { aggregator, sizes } = setUp();
    aggregator.processEvent(failed());
    aggregator.processEvent(failed());
    expect(sizes()).to.deep.equal([]);
    await clock.tickAsync(0);
    expect(sizes()).to.deep.equal([2]);
  });

  it('lets a retryable error wait for the interval', async () => {
    const { aggregator, sizes } = setUp();
    aggregator.processEvent(failed(undefined, { isTerminal: false }));
    await clock.tickAsync(4_999);
    expect(sizes()).to.deep.equal([]);
    await clock.tickAsync(1);
    expect(sizes()).to.deep.equal([1]);
  });

  it('sends errors first, then statements, then sessions, each oldest first', async () => {
    const { aggregator, exporter } = setUp();
    const sequence = [opened({ sessionId: '1' }), completed('x', { sessionId: '2' }), failed('y', { sessionId: '3' })];
    for (const event of sequence) aggregator.processEvent(event);
    for (const event of [completed('z', { sessionId: '4' }), failed('y', { sessionId: '5' })]) {
      aggregator.processEvent(event);
    }
    await aggregator.flush();
    expect(sessionsOf(exporter.records)).to.deep.equal(['3', '5', '2', '4', '1']);
  });

  it('flushes in the interval what came after a flush', async () => {
    const { aggregator, sizes, add } = setUp();
    add(1);
    await aggregator.flush();
    add(1);
    await clock.tickAsync(5_000);
    expect(sizes()).to.deep.equal([1, 1]);
  });

  describe('flush()', () => {
    it('resolves at its deadline and lets the export go on', async () => {
      const { aggregator, exporter, add } = setUp();
      const answer = deferred();
      exporter.answer = () => answer.promise;
      add(1);
      const flushed = aggregator.flush({ deadlineMs: 50 });
      await clock.tickAsync(50);
      await flushed;
      expect(aggregator.getStats().pending).to.equal(1);
      answer.give();
      await clock.tickAsync(0);
      expect(aggregator.getStats().delivered).to.equal(1);
    });

    it('resolves with nothing to send', async () => {
      const { aggregator, sizes } = setUp();
      await aggregator.flush();
      await aggregator.flush({ connection: connectionInfo() });
      expect(sizes()).to.deep.equal([]);
    });

    it('sends the records of one connection first and does not wait for others', async () => {
      const { aggregator, exporter, add } = setUp({ telemetryBatchSize: 2 });
      const mine = connectionInfo();
      const answers = [deferred(), deferred()];
      exporter.answer = () => answers[exporter.batches.length - 1]?.promise;
      aggregator.processEvent(opened({ connection: connectionInfo(), sessionId: 'theirs' }));
      for (const sessionId of ['1', '2', '3']) aggregator.processEvent(opened({ connection: mine, sessionId }));
      let isDone = false;
      void aggregator.flush({ connection: mine }).then(() => {
        isDone = true;
      });
      answers[0]!.give();
      await clock.tickAsync(0);
      expect(exporter.batches.map(sessionsOf)).to.deep.equal([['1', '2'], ['3']]);
      expect(isDone).to.equal(false);
      answers[1]!.give();
      exporter.answer = () => new Promise(() => undefined);
      await clock.tickAsync(0);
      expect(isDone).to.equal(true);
      expect(sessionsOf(exporter.batches[2]!)).to.deep.equal(['theirs']);
      add(1);
    });

    it('sends the records of one connection next when another’s are under way', async () => {
      const { aggregator, exporter, add } = setUp({ telemetryBatchSize: 2 });
      const mine = connectionInfo();
      const answer = deferred();
      exporter.answer = () => (exporter.batches.length === 1 ? answer.promise : undefined);
      add(4);
      await clock.tickAsync(0);
      aggregator.processEvent(opened({ connection: mine, sessionId: 'mine' }));
      const flushed = aggregator.flush({ connection: mine });
      answer.give();
      await flushed;
      expect(exporter.batches.map(sessionsOf)).to.deep.equal([['s0', 's1'], ['mine'], ['s2', 's3']]);
    });

    it('resolves for one connection when the receiver wants a pause', async () => {
      const { aggregator, exporter, add } = setUp();
      exporter.answer = async (batch) => retaining(batch, 1_000);
      add(1);
      const other = aggregator.flush();
      await aggregator.flush({ connection: connectionInfo() });
      await other;
      expect(aggregator.getStats().pending).to.equal(1);
    });

    it('puts what is kept of one connection back in its place among the others', async () => {
      const { aggregator, exporter, add } = setUp();
      const mine = connectionInfo();
      add(1, 'old');
      clock.tick(1);
      aggregator.processEvent(opened({ connection: mine, sessionId: 'mine' }));
      clock.tick(1);
      add(1, 'young');
      exporter.answer = async (batch) => retaining(batch, 0);
      await aggregator.flush({ connection: mine });
      exporter.answer = () => undefined;
      await aggregator.flush();
      expect(sessionsOf(exporter.batches[1]!)).to.deep.equal(['old0', 'mine', 'young0']);
    });
  });
});
