import { inspect } from 'node:util';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { expectAccounted } from '../support/accounts';
import { connectTo } from '../support/application';
import { Surprises } from '../support/surprises';
import { startFreshWorkspace } from '../support/workspace';

const LAZY = { telemetryFlushIntervalMs: 3_600_000 };

describe('flushTelemetry()', () => {
  const surprises = new Surprises();
  let workspace: LocalWorkspace;
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(async () => {
    surprises.stop();
    await workspace.close();
  });

  for (const deadlineMs of [undefined, 5000, 2 ** 31, Infinity]) {
    it(`sends everything within ${deadlineMs} ms`, async () => {
      const client = await connectTo(workspace, LAZY);
      await client.openSession();
      await client.flushTelemetry(deadlineMs === undefined ? {} : { deadlineMs });
      expect(client.getTelemetryStats()?.delivered).to.equal(1);
      await client.close();
    });
  }

  for (const deadlineMs of [0, -1, -Infinity]) {
    it(`returns at once with a deadline of ${deadlineMs} ms, and loses nothing`, async () => {
      workspace.faults.add({ route: 'telemetry-ext', delayMs: 200 });
      const client = await connectTo(workspace, LAZY);
      await client.openSession();
      await client.flushTelemetry({ deadlineMs });
      expect(client.getTelemetryStats()?.pending).to.equal(1);
      await client.close();
      const stats = client.getTelemetryStats();
      expectAccounted(stats);
      expect(stats.delivered).to.equal(stats.collected);
    });
  }

  it('sends everything within its default time, whatever is given in the place of a deadline', async () => {
    const refuse = (): never => {
      throw new Error('hands off');
    };
    const odd: readonly unknown[] = [
      ...[null, 7, 'text', Symbol('odd'), [], () => undefined, new Proxy({}, { get: refuse, has: refuse })],
      ...[NaN, null, '', '1', 5n, {}, Symbol('odd'), true].map((deadlineMs) => ({ deadlineMs })),
      Object.defineProperty({}, 'deadlineMs', { get: refuse }),
    ];
    surprises.start();
    const client = await connectTo(workspace, LAZY);
    for (const [index, options] of odd.entries()) {
      await client.openSession();
      await client.flushTelemetry(options as never);
      expect(client.getTelemetryStats()?.delivered, inspect(options)).to.equal(index + 1);
    }
    await client.close();
    expect(surprises.seen).to.deep.equal([]);
  });

  it('returns at its deadline when the endpoint hangs, and leaves the records for later', async () => {
    workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
    const client = await connectTo(workspace, { ...LAZY, telemetryCloseTimeoutMs: 100 });
    await client.openSession();
    const startedMs = performance.now();
    await client.flushTelemetry({ deadlineMs: 200 });
    expect(performance.now() - startedMs).to.be.within(190, 5000);
    expect(client.getTelemetryStats()?.pending).to.equal(1);
    await client.close();
  }).retries(2); // It measures time.
});
