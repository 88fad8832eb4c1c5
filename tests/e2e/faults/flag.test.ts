import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions, DBSQLClient } from 'databricks-sql-telemetry';
import { expectAccounted } from '../support/accounts';
import { connectTo, type Session } from '../support/application';
import { statementRows } from '../support/telemetry';
import { TimeMachine } from '../support/time';
import { until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const TTL_SECONDS = 60;
/** Beyond the TTL, also with the twentieth by which a process may be late. */
const TTL_MS = TTL_SECONDS * 1100;
const QUICK: Partial<ConnectionOptions> = { telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 1000 };

/** Runs a statement to its end and returns its id. */
async function query(session: Session): Promise<string> {
  const operation = await session.executeStatement('SELECT 1 AS one');
  await operation.fetchAll();
  await operation.close();
  return operation.id;
}

describe('the feature flag is a live switch', () => {
  let workspace: LocalWorkspace;
  let time: TimeMachine;

  beforeEach(async () => {
    time = new TimeMachine();
    workspace = await startFreshWorkspace({ featureFlagTtlSeconds: TTL_SECONDS });
  });
  afterEach(async () => {
    time.restore();
    await workspace.close();
  });

  const flagRequests = (): number => workspace.received.requests({ route: 'feature-flags' }).length;
  const flagIs = (client: DBSQLClient, state: string): Promise<void> =>
    until(`flag ${state}`, () => client.getTelemetryStats()?.flagState === state);

  it('an open client starts to send when the flag goes on, with the first statement after its time', async () => {
    workspace.setFeatureFlag(false);
    const client = await connectTo(workspace, QUICK);
    const session = await client.openSession();
    await flagIs(client, 'off');
    const before = await query(session);
    workspace.setFeatureFlag(true);
    time.advance(TTL_MS);
    await query(session);
    await flagIs(client, 'on');
    const after = await query(session);
    await client.close();
    expect(statementRows(workspace, before)).to.deep.equal([]);
    expect(statementRows(workspace, after).length).to.equal(1);
    expectAccounted(client.getTelemetryStats());
  });

  it('an open client falls silent when the flag goes off, and what waited is dropped as such', async () => {
    const client = await connectTo(workspace, { ...QUICK, telemetryFlushIntervalMs: 3_600_000 });
    const session = await client.openSession();
    await flagIs(client, 'on');
    await query(session);
    workspace.setFeatureFlag(false);
    time.advance(TTL_MS);
    await query(session);
    await flagIs(client, 'off');
    await query(session);
    await client.close();
    const stats = client.getTelemetryStats();
    expectAccounted(stats);
    // The statement that has the flag asked for again may end before the answer is there.
    expect(stats.collected).to.be.within(2, 3);
    expect(stats.dropped.flag_off).to.equal(stats.collected);
    expect(workspace.received.telemetryRequests()).to.deep.equal([]);
  });

  it('a flag that cannot be read again keeps its last answer for one more TTL, then sends nothing', async () => {
    const client = await connectTo(workspace, QUICK);
    const session = await client.openSession();
    await flagIs(client, 'on');
    await client.flushTelemetry();
    workspace.faults.add({ route: 'feature-flags', status: 503 });
    time.advance(TTL_MS);
    const during = await query(session);
    await until('the flag is asked for again', () => flagRequests() === 2);
    await client.flushTelemetry();
    expect(statementRows(workspace, during).length).to.equal(1);
    time.advance(4 * TTL_MS);
    await query(session);
    await flagIs(client, 'unknown');
    const after = await query(session);
    await client.close();
    expect(statementRows(workspace, after)).to.deep.equal([]);
    const stats = client.getTelemetryStats();
    expectAccounted(stats);
    expect(stats.dropped).to.include({ flag_off: 0 });
    expect(stats.dropped.flag_unknown).to.be.greaterThan(0);
  });

  for (const value of [true, false]) {
    it(`the answer "${value}" is asked for once, by several clients and after the last one is gone`, async () => {
      workspace.setFeatureFlag(value);
      for (const host of ['localhost', 'LOCALHOST', 'localhost']) {
        const clients = await Promise.all([connectTo(workspace, { ...QUICK, host }), connectTo(workspace, QUICK)]);
        await Promise.all(clients.map((client) => flagIs(client, value ? 'on' : 'off')));
        await Promise.all(clients.map((client) => client.close()));
      }
      expect(flagRequests()).to.equal(1);
    });
  }

  it('a client that is gone asks no more', async () => {
    const client = await connectTo(workspace, QUICK);
    await flagIs(client, 'on');
    await client.close();
    time.advance(5 * TTL_MS);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(flagRequests()).to.equal(1);
  });
});
