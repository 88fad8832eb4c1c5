import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { CircuitBreakerRegistry } from '../../../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../../../lib/telemetry/DatabricksTelemetryExporter';
import { HostRegistry } from '../../../../lib/telemetry/hosts/HostRegistry';
import { toHostKey } from '../../../../lib/model/connection';
import { MetricsAggregator } from '../../../../lib/telemetry/MetricsAggregator';
import { resolveConfiguration } from '../../../../lib/model/options';
import { spoolOpener } from '../../../../lib/telemetry/spool/openSpool';
import { TelemetryEventType, type ConnectionInfo, type SpooledRecord } from '../../../../lib/telemetry/types';
import { systemClock } from '../../../../lib/util/clock';
import { connectionTo, originTo, USER_AGENT } from '../../.stubs/origins';
import { ClientContextStub } from '../../.stubs/ClientContextStub';
import { retaining, TelemetryExporterStub } from '../../.stubs/TelemetryExporterStub';
import { startTestServer, type TestServer } from '../../.stubs/TestServer';
import { until } from '../../../e2e/support/waiting';
import { TemporaryDirectory, tenant } from './harness';

const HOUR_MS = 3_600_000;

describe('the accounts of a spool', () => {
  let directory: TemporaryDirectory;
  beforeEach(() => {
    directory = new TemporaryDirectory();
  });
  afterEach(() => directory.remove());

  function begin(exporter: TelemetryExporterStub, limits = {}): MetricsAggregator {
    const context = new ClientContextStub({
      telemetryFlushIntervalMs: HOUR_MS,
      telemetrySpoolDirectory: directory.path,
      ...limits,
    });
    const configuration = resolveConfiguration(context.getConfig());
    const openSpool = spoolOpener(context, toHostKey('a.test'), configuration, USER_AGENT, () => true, systemClock);
    return new MetricsAggregator(context, exporter, { openSpool });
  }

  function collect(aggregator: MetricsAggregator, connection: ConnectionInfo, count = 1): void {
    for (let i = 0; i < count; i += 1) {
      aggregator.processEvent({
        eventType: TelemetryEventType.CONNECTION_OPEN,
        timestamp: Date.now(),
        connection,
        sessionId: 's',
      });
    }
  }

  const copies = (): readonly string[] => directory.copies;
  const written = (count: number): Promise<void> => until(`${count} copies`, () => copies().length === count);

  function accountsOf(aggregator: MetricsAggregator): Record<string, number> {
    const { collected, delivered, rejected, dropped, pending } = aggregator.getStats();
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect(collected).to.equal(delivered + rejected + lost + pending);
    return { collected, delivered, pending, ...dropped };
  }

  it('what stays on disk is pending where it was collected, and collected where it is taken in', async () => {
    const connection = tenant('one');
    const first = begin(new TelemetryExporterStub(async (batch) => retaining(batch)));
    collect(first, connection, 3);
    await first.close();
    expect(accountsOf(first)).to.include({ collected: 3, pending: 3, close_timeout: 0 });

    const exporter = new TelemetryExporterStub();
    const second = begin(exporter);
    collect(second, connection);
    await until('what was left is taken in', () => second.getStats().collected === 4);
    expect(accountsOf(second)).to.include({ collected: 4, pending: 4 });
    await second.close();
    expect(accountsOf(second)).to.include({ collected: 4, delivered: 4, pending: 0 });
    expect(exporter.records.filter(({ kind }) => kind === 'spooled').length).to.equal(3);
    expect(readdirSync(directory.path)).to.deep.equal([]);
  });

  it('what does not get onto the disk is dropped at close as without a spool', async () => {
    const aggregator = begin(new TelemetryExporterStub(async (batch) => retaining(batch)));
    collect(aggregator, tenant(undefined), 2);
    collect(aggregator, tenant('one'), 1);
    await aggregator.close();
    expect(accountsOf(aggregator)).to.include({ collected: 3, pending: 1, close_timeout: 2 });
  });

  it('records for which the directory has no room are dropped at close as of a full queue', async () => {
    const aggregator = begin(new TelemetryExporterStub(async (batch) => retaining(batch)), {
      telemetrySpoolMaxBytes: 65_536,
    });
    for (let i = 0; i < 15; i += 1) {
      collect(aggregator, tenant('one'), 10);
      await aggregator.flush();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await aggregator.close();
    const { pending = 0, queue_full: full = 0 } = accountsOf(aggregator);
    expect([pending + full, pending > 0, full > 0]).to.deep.equal([150, true, true]);
  });

  it('what the flag forbids leaves the disk', async () => {
    const aggregator = begin(new TelemetryExporterStub());
    aggregator.setMode({ kind: 'hold' });
    collect(aggregator, tenant('one'), 2);
    await written(2);
    expect(readdirSync(directory.path).length).to.equal(1);
    aggregator.setMode({ kind: 'off', reason: 'flag_off' });
    await until('the disk is empty', () => readdirSync(directory.path).length === 0);
    expect(accountsOf(aggregator)).to.include({ flag_off: 2, pending: 0 });
    await aggregator.close();
  });

  it('what the queue gives up leaves the disk', async () => {
    const aggregator = begin(new TelemetryExporterStub(), { telemetryMaxPendingMetrics: 2 });
    aggregator.setMode({ kind: 'hold' });
    collect(aggregator, tenant('one'), 2);
    await written(2);
    const before = copies();
    collect(aggregator, tenant('one'), 3);
    await until('two others', () => copies().length === 2 && !copies().some((id) => before.includes(id)));
    await aggregator.close();
    expect(accountsOf(aggregator)).to.include({ collected: 5, queue_full: 3, pending: 2 });
  });

  describe('a spooled record at the exporter', () => {
    let server: TestServer;
    beforeEach(async () => {
      server = await startTestServer((response) => response.end('{}'));
    });
    afterEach(() => server.stop());

    it('does not leave under any identity but its own, nor without one', async () => {
      const host = `localhost:${server.port}`;
      const breakers = new CircuitBreakerRegistry(new ClientContextStub(), new HostRegistry());
      const exporter = new DatabricksTelemetryExporter(new ClientContextStub(), host, breakers);
      const origins = [
        originTo(server, 'one'),
        originTo(server, undefined),
        originTo(server, 'x', { authenticated: false }),
      ];
      const records = origins.map((origin): SpooledRecord => ({
        kind: 'spooled',
        connection: connectionTo(origin),
        timestampMs: 0,
        sessionId: undefined,
        level: 'INFO',
        eventId: 'of-another',
        queuedAtMs: 1,
        identity: 'of another',
        log: '{"secret":1}',
      }));
      const result = await exporter.export(records);
      expect([result.delivered, result.rejected]).to.deep.equal([0, 0]);
      expect(server.received).to.deep.equal([]);
    });
  });
});
