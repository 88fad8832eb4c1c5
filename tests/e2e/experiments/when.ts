import type { TelemetryOptions } from 'databricks-sql-telemetry';
import { query } from '../support/application';
import { rejectionOf, until } from '../support/waiting';
import { HOUR_MS, type Experiments, type Laboratory } from './Laboratory';

/** Whether `client.close()` takes a second. */
async function takesASecondToClose(lab: Laboratory, options: TelemetryOptions): Promise<boolean> {
  const client = await lab.connect(options);
  await client.openSession();
  const startedMs = performance.now();
  await client.close();
  return performance.now() - startedMs > 980;
}

/** Milliseconds between the first request and its retry, without jitter, in steps of 400. */
async function pauseBeforeRetry(lab: Laboratory, options: TelemetryOptions): Promise<number> {
  lab.withoutJitter();
  lab.workspace.faults.add({ route: 'telemetry-ext', status: 503, times: 1 });
  await lab.session({ telemetryCloseTimeoutMs: 2000, ...options }, async () => undefined);
  const [first, second] = lab.workspace.received.requests({ route: 'telemetry-ext' });
  return Math.floor(((second?.at ?? NaN) - (first?.at ?? NaN) + 10) / 400) * 400;
}

/** Options of time: requests, pauses, deadlines. */
export const when = (lab: Laboratory): Experiments => ({
  telemetryFlushIntervalMs: {
    title: 'when a record is sent by itself',
    measure: (options) =>
      lab.session(options, async (opened, client) => {
        await query(opened);
        const sent = until('sent', () => lab.pending(client) === 0, 1500);
        return (await rejectionOf(sent)) === undefined;
      }),
    seen: [
      [100, true],
      [HOUR_MS, false],
    ],
  },
  telemetryMaxRetries: {
    title: 'attempts after the first',
    measure: async (options) => {
      lab.workspace.faults.add({ route: 'telemetry-ext', status: 503 });
      await lab.session(options, async () => undefined);
      return lab.posts();
    },
    seen: [
      [0, 1],
      [2, 3],
    ],
  },
  telemetryBackoffBaseMs: {
    title: 'the pause before a retry',
    measure: (options) => pauseBeforeRetry(lab, { telemetryMaxRetries: 1, telemetryBackoffMaxMs: 60_000, ...options }),
    seen: [
      [1, 0],
      [400, 400],
    ],
  },
  telemetryBackoffMaxMs: {
    title: 'the longest pause before a retry',
    measure: (options) => pauseBeforeRetry(lab, { telemetryMaxRetries: 1, telemetryBackoffBaseMs: 400, ...options }),
    seen: [
      [1, 0],
      [5000, 400],
    ],
  },
  telemetryRequestTimeoutMs: {
    title: 'when a request that hangs is given up',
    measure: async (options) => {
      lab.workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
      const client = await lab.connect({ telemetryMaxRetries: 10, telemetryCloseTimeoutMs: 1000, ...options });
      await client.openSession();
      await client.close();
      return (client.getTelemetryStats()?.requests ?? 0) > 1;
    },
    seen: [
      [100, true],
      [10_000, false],
    ],
  },
  telemetryExportTimeoutMs: {
    title: 'when a request with its retries is given up',
    measure: async (options) => {
      lab.workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
      const client = await lab.connect({
        telemetryMaxRetries: 10,
        telemetryRequestTimeoutMs: 100,
        telemetryCloseTimeoutMs: 500,
        ...options,
      });
      await client.openSession();
      await client.flushTelemetry({ deadlineMs: 10_000 });
      const attempts = client.getTelemetryStats()?.requests ?? 0;
      await client.close();
      return attempts > 3;
    },
    seen: [
      [150, false],
      [30_000, true],
    ],
  },
  telemetryCloseTimeoutMs: {
    title: 'how long close() waits',
    measure: (options) => {
      lab.workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
      return takesASecondToClose(lab, options);
    },
    seen: [
      [0, false],
      [1000, true],
    ],
  },
  telemetryCircuitBreakerThreshold: {
    title: 'failures that open the breaker',
    measure: async (options) => {
      lab.workspace.faults.add({ route: 'telemetry-ext', status: 503 });
      await lab.session({ telemetryMaxRetries: 10, ...options }, async () => undefined);
      return lab.posts();
    },
    seen: [
      [2, 2],
      [4, 4],
    ],
  },
  telemetryCircuitBreakerTimeout: {
    title: 'when an open breaker lets a request through again',
    measure: (options) => {
      lab.workspace.faults.add({ route: 'telemetry-ext', status: 503, times: 1 });
      return lab.session(
        { telemetryCircuitBreakerThreshold: 1, telemetryFlushIntervalMs: 100, ...options },
        async (_, client) => {
          const sent = until('sent', () => lab.pending(client) === 0, 1500);
          await until('refused', () => lab.posts() === 1);
          return (await rejectionOf(sent)) === undefined;
        },
      );
    },
    seen: [
      [10, true],
      [60_000, false],
    ],
  },
  telemetryFlushOnExit: {
    title: 'whether there is a flush when the process is about to end',
    measure: (options) =>
      lab.session(options, async (_, client) => {
        process.emit('beforeExit', 0);
        return (await rejectionOf(until('sent', () => lab.pending(client) === 0, 1500))) === undefined;
      }),
    seen: [
      [true, true],
      [false, false],
    ],
  },
  telemetryFeatureFlagTimeoutMs: {
    title: 'when the question for the flag is given up',
    measure: (options) => {
      lab.workspace.faults.add({ route: 'feature-flags', action: 'hang' });
      return takesASecondToClose(lab, { telemetryCloseTimeoutMs: 1000, ...options });
    },
    seen: [
      [100, false],
      [3000, true],
    ],
  },
});
