import type { TelemetryRecord } from '../../../lib/model/records';
import { expect } from 'chai';
import sinon from 'sinon';
import type { BatchResult } from '../../../lib/contracts/IBatchExporter';
import { MetricsAggregator } from '../../../lib/telemetry/MetricsAggregator';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { ClientContextStub } from '../.stubs/ClientContextStub';

describe('MetricsAggregator with an exporter that breaks its contract', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  function aggregatorWith(result: (batch: readonly unknown[]) => unknown) {
    const exporter = {
      export: sinon
        .stub()
        .callsFake(async (batch: readonly unknown[]) => result(batch) as BatchResult<TelemetryRecord>),
      close: async () => undefined,
    };
    const aggregator = new MetricsAggregator(new ClientContextStub({ telemetryFlushIntervalMs: 100 }), exporter);
    aggregator.processEvent({ eventType: TelemetryEventType.CONNECTION_OPEN, timestamp: 1, sessionId: 'one' });
    return { aggregator, exporter };
  }

  for (const nonsense of [
    {},
    7,
    'delivered',
    { retained: null },
    { delivered: 'all', retained: [null], dropped: null },
  ]) {
    it(`counts as invalid what it exports with ${JSON.stringify(nonsense)}, and goes on`, async () => {
      const { aggregator, exporter } = aggregatorWith(() => nonsense);
      await aggregator.flush();
      aggregator.processEvent({ eventType: TelemetryEventType.CONNECTION_OPEN, timestamp: 1, sessionId: 'two' });
      await aggregator.flush();
      sinon.assert.calledTwice(exporter.export);
      expect(aggregator.getStats()).to.deep.include({ collected: 2, delivered: 0, pending: 0 });
      expect(aggregator.getStats().dropped.invalid).to.equal(2);
    });
  }

  for (const retryAfterMs of [NaN, -1, Infinity, 1e15, 'soon']) {
    it(`is not driven to a loop by a pause of ${retryAfterMs} ms`, async () => {
      const { aggregator, exporter } = aggregatorWith((batch) => ({ retained: batch, retryAfterMs }));
      await aggregator.flush();
      await clock.tickAsync(1000);
      expect(exporter.export.callCount).to.be.within(1, 11);
      expect(aggregator.getStats().pending).to.equal(1);
    });
  }
});
