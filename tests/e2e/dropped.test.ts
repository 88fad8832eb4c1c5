import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { CallbackExporter, type ConnectionOptions } from 'databricks-sql-telemetry';
import { collectGarbage, countAlive } from '../unit/.stubs/garbage';
import { connectTo, query } from './support/application';
import { statementRows } from './support/telemetry';
import { until } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const CLIENTS = 10;

describe('clients that an application drops without close()', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  after(() => workspace.close());

  async function dropOne(options: Partial<ConnectionOptions>): Promise<WeakRef<object>> {
    const client = await connectTo(workspace, options);
    const session = await client.openSession();
    await query(session);
    await session.close();
    return new WeakRef(client);
  }

  async function dropSome(options: Partial<ConnectionOptions>): Promise<WeakRef<object>[]> {
    const dropped: WeakRef<object>[] = [];
    while (dropped.length < CLIENTS) dropped.push(await dropOne(options));
    return dropped;
  }

  async function allCollected(dropped: readonly WeakRef<object>[]): Promise<void> {
    const endMs = performance.now() + 15_000;
    while (countAlive(dropped) > 0 && performance.now() < endMs) {
      await sleep(50);
      await collectGarbage();
    }
    expect(countAlive(dropped)).to.equal(0);
  }

  const FAST = { telemetryFlushIntervalMs: 100 };
  const shared = new CallbackExporter(() => undefined);
  const OPTIONS: Record<string, () => Partial<ConnectionOptions>> = {
    'that send telemetry': () => FAST,
    'with an exporter that they share': () => ({ ...FAST, telemetryEnabled: false, telemetryExporters: [shared] }),
    'that send telemetry to a collector': () => ({
      ...FAST,
      telemetryEndpoint: `https://${workspace.host}:${workspace.port}`,
      telemetryEndpointToken: workspace.token,
    }),
  };
  for (const [which, optionsNow] of Object.entries(OPTIONS)) {
    it(`${which} leave memory when their records have left it`, async () => {
      const options = optionsNow();
      // The one that starts what its host's clients share stays with it.
      const first = await connectTo(workspace, options);
      const dropped = await dropSome(options);
      await allCollected(dropped);
      await first.close();
    });
  }

  it('are reported as all others are, and leave nothing for the end of the process', async () => {
    const first = await connectTo(workspace, FAST);
    const dropped = await dropSome(FAST);
    expect(process.listenerCount('beforeExit')).to.equal(1);
    await until('all are reported', () => statementRows(workspace).length === CLIENTS);
    await first.close();
    await allCollected(dropped);
    await until('nothing is left', () => process.listenerCount('beforeExit') === 0);
  });
});
