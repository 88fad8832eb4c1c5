import { expect } from 'chai';
import type { TelemetryOptions } from 'databricks-sql-telemetry';
import { droppedOf, expectAccounted } from '../support/accounts';
import { query } from '../support/application';
import { errorRows } from '../support/telemetry';
import { rejectionOf } from '../support/waiting';
import { HOUR_MS, type Experiments, type Laboratory } from './Laboratory';

/** Records that wait after a session was opened and `statements` statements have ended. */
async function heldOf(lab: Laboratory, options: TelemetryOptions, statements: number): Promise<number> {
  return (await lab.session(options, async (opened, client) => {
    for (let i = 0; i < statements; i += 1) await query(opened);
    const stats = client.getTelemetryStats();
    expectAccounted(stats);
    expect(droppedOf(stats)).to.equal(stats.dropped.queue_full);
    return stats.pending;
  })) as number;
}

/** Options that bound what is kept and sent. */
export const howMuch = (lab: Laboratory): Experiments => ({
  telemetryBatchSize: {
    title: 'records in a request',
    measure: async (options) => {
      lab.workspace.faults.add({ route: 'feature-flags', delayMs: 200 });
      await lab.session(options, async (opened) => {
        for (let i = 0; i < 4; i += 1) await query(opened);
      });
      return Math.max(...lab.workspace.received.telemetryRequests().map(({ logs }) => logs.length));
    },
    seen: [
      [100, 6],
      [2, 2],
    ],
  },
  telemetryMaxRequestBytes: {
    title: 'the size of a request',
    measure: async (options) => {
      await lab.session(options, async (opened) => {
        for (let i = 0; i < 10; i += 1) await query(opened);
      });
      return Math.max(...lab.workspace.received.requests({ route: 'telemetry-ext' }).map(({ bytes }) => bytes)) <= 5000;
    },
    seen: [
      [5000, true],
      [1_000_000, false],
    ],
  },
  telemetryMaxPendingMetrics: {
    title: 'records that may wait',
    measure: (options) => heldOf(lab, options, 6),
    seen: [
      [2, 2],
      [2000, 7],
    ],
  },
  telemetryMaxPendingBytes: {
    title: 'the size of what may wait',
    measure: async (options) => (await heldOf(lab, options, 6)) < 7,
    seen: [
      [1024, true],
      [4_000_000, false],
    ],
  },
  telemetryMaxRecordAgeMs: {
    title: 'when a record that could not be sent is given up',
    measure: (options) =>
      lab.session(options, async (_, client) => {
        const time = lab.travel();
        time.advance(10_000);
        await client.flushTelemetry();
        return client.getTelemetryStats()?.dropped.expired;
      }),
    seen: [
      [1000, 1],
      [HOUR_MS, 0],
    ],
  },
  telemetryMaxErrorsPerStatement: {
    title: 'retryable errors kept with one statement',
    measure: async (options) => {
      await lab.session(options, async (opened, client) => {
        client.getConfig().retryMaxAttempts = 1;
        const operation = await opened.executeStatement('SELECT * FROM range(10)', { maxRows: null });
        lab.workspace.faults.add({ rpc: 'FetchResults', status: 503, times: 4 });
        for (let i = 0; i < 4; i += 1) await rejectionOf(operation.fetchChunk());
        await operation.close();
      });
      return errorRows(lab.workspace).length;
    },
    seen: [
      [2, 2],
      [10, 4],
    ],
  },
  telemetryMaxStatementMetrics: {
    title: 'statements observed at once',
    measure: (options) =>
      lab.session(options, async (opened, client) => {
        for (let i = 0; i < 3; i += 1) await opened.executeStatement('SELECT 1 AS one', { maxRows: null });
        const { inFlightStatements, abandonedStatements } = client.getTelemetryStats() ?? {};
        return [inFlightStatements, abandonedStatements];
      }),
    seen: [
      [1, [1, 2]],
      [5000, [3, 0]],
    ],
  },
  telemetryStatementTtlMs: {
    title: 'when a statement without end is given up',
    measure: (options) =>
      lab.session(options, async (opened, client) => {
        await opened.executeStatement('SELECT 1 AS one', { maxRows: null });
        const time = lab.travel();
        time.advance(10_000);
        await client.flushTelemetry();
        return client.getTelemetryStats()?.abandonedStatements;
      }),
    seen: [
      [1000, 1],
      [HOUR_MS, 0],
    ],
  },
});
