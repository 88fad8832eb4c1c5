import type { BatchResult } from '../../../lib/contracts/IBatchExporter';
import type { TelemetryOptions } from '../../../lib/model/options';
import { Statement } from '../../../lib/model/Statement';
import { MetricsAggregator } from '../../../lib/telemetry/MetricsAggregator';
import type { DropReason, ErrorRecord, TelemetryRecord } from '../../../lib/telemetry/types';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { globalClock } from '../.stubs/globalClock';
import { opened } from '../.stubs/telemetryEvents';
import { connectionInfo } from '../.stubs/telemetryRecords';
import { TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';

/** An aggregator before an exporter that keeps what it gets; every random number of its clock is `random`. */
export function setUp(options: TelemetryOptions = {}, random = 1) {
  const exporter = new TelemetryExporterStub();
  const clock = { ...globalClock, random: () => random };
  const aggregator = new MetricsAggregator(new ClientContextStub(options), exporter, {}, clock);
  const records = async (): Promise<TelemetryRecord[]> => {
    await aggregator.flush();
    return exporter.records;
  };
  const rows = async (): Promise<Statement[]> => (await records()).filter((record) => record.kind === 'statement');
  const errors = async (): Promise<ErrorRecord[]> => (await records()).filter((record) => record.kind === 'error');
  const sessions = async (): Promise<(string | undefined)[]> => sessionsOf(await records());
  const send = (...events: Parameters<MetricsAggregator['processEvent']>[0][]): void =>
    events.forEach((event) => aggregator.processEvent(event));
  const add = (count: number, sessionId = 's'): void => {
    for (let i = 0; i < count; i += 1) send(opened({ sessionId: `${sessionId}${i}` }));
  };
  const sizes = (): number[] => exporter.batches.map((batch) => batch.length);
  return { aggregator, exporter, records, rows, errors, sessions, send, add, sizes };
}

/** Of the session `session-1`, as the events of `.stubs/telemetryEvents` are. */
export function newStatement(): Statement {
  return new Statement(connectionInfo(), 'session-1', 'EXECUTE_STATEMENT', Date.now(), performance.now());
}

export function sessionsOf(records: readonly TelemetryRecord[]): (string | undefined)[] {
  return records.map(({ sessionId }) => sessionId);
}

/** The drop reasons that were counted. */
export function drops(aggregator: MetricsAggregator): Partial<Record<DropReason, number>> {
  return Object.fromEntries(Object.entries(aggregator.getStats().dropped).filter(([, count]) => count > 0));
}

/** An answer that the test gives when it wants to. */
export function deferred() {
  let give!: (result: BatchResult<TelemetryRecord> | void) => void;
  const promise = new Promise<BatchResult<TelemetryRecord> | void>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}
