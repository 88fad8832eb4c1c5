import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions, DBSQLClient } from 'databricks-sql-telemetry';
import { arrivedIds, expectAccounted } from '../support/accounts';
import { connectTo, query } from '../support/application';
import { driverLogs, errorRows, statementRows } from '../support/telemetry';
import { rejectionOf, until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const QUICK: Partial<ConnectionOptions> = {
  telemetryFlushIntervalMs: 100,
  telemetryBackoffBaseMs: 1,
  telemetryMaxRetries: 1,
  telemetryCircuitBreakerThreshold: 3,
  telemetryCircuitBreakerTimeout: 50,
};

const breakerOf = (client: DBSQLClient): string | undefined => client.getTelemetryStats()?.breakerState;

describe('records wait while they cannot be sent', () => {
  let workspace: LocalWorkspace;

  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(() => workspace.close());

  async function expectAllArriveOnce(client: DBSQLClient): Promise<void> {
    await until('everything is delivered', () => client.getTelemetryStats()?.pending === 0);
    const stats = client.getTelemetryStats();
    expectAccounted(stats);
    expect(stats.delivered).to.equal(stats.collected);
    const ids = arrivedIds(workspace);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids.length).to.equal(stats.collected);
  }

  it('behind an open breaker they wait, and are sent once after the recovery, the error first', async () => {
    workspace.faults.add({ route: 'telemetry-ext', status: 503 });
    const client = await connectTo(workspace, QUICK);
    const session = await client.openSession();
    await until('the breaker opens', () => breakerOf(client) === 'OPEN');
    for (let i = 0; i < 5; i += 1) await query(session);
    expect(await rejectionOf(query(session, 'SELECT * FROM no_such_table'))).to.be.instanceOf(Error);
    expect(client.getTelemetryStats()?.delivered).to.equal(0);
    workspace.faults.clear();
    await expectAllArriveOnce(client);
    expect(statementRows(workspace).length).to.equal(6);
    expect(errorRows(workspace).length).to.equal(1);
    expect(driverLogs(workspace)[0]?.error_info).to.not.equal(undefined);
    await client.close();
  });

  it('an open breaker keeps requests away', async () => {
    workspace.faults.add({ route: 'telemetry-ext', status: 503 });
    const client = await connectTo(workspace, { ...QUICK, telemetryCircuitBreakerTimeout: 60_000 });
    const session = await client.openSession();
    await until('the breaker opens', () => breakerOf(client) === 'OPEN');
    const { length } = workspace.received.requests({ route: 'telemetry-ext' });
    for (let i = 0; i < 20; i += 1) await query(session);
    await client.close();
    expect(length).to.equal(3);
    expect(workspace.received.requests({ route: 'telemetry-ext' }).length).to.equal(length);
    const stats = client.getTelemetryStats();
    expectAccounted(stats);
    expect(stats.dropped.close_timeout).to.equal(stats.collected);
  });

  it('an open breaker outlives the last client of its host', async () => {
    workspace.faults.add({ route: 'telemetry-ext', status: 503 });
    const options = { ...QUICK, telemetryCircuitBreakerTimeout: 60_000 };
    const first = await connectTo(workspace, options);
    await first.openSession();
    await until('the breaker opens', () => breakerOf(first) === 'OPEN');
    await first.close();
    workspace.received.clear();
    const second = await connectTo(workspace, options);
    await second.openSession();
    await second.close();
    expect(breakerOf(second)).to.equal('OPEN');
    expect(workspace.received.requests({ route: 'telemetry-ext' })).to.deep.equal([]);
  });

  it('while the host is away they wait, and are sent once when it is back', async () => {
    const client = await connectTo(workspace, QUICK);
    const session = await client.openSession();
    await query(session);
    await until('all before is delivered', () => client.getTelemetryStats()?.pending === 0);
    await workspace.faults.refuseConnections();
    client.getConfig().retryMaxAttempts = 1;
    expect(await rejectionOf(query(session))).to.be.instanceOf(Error);
    expect(client.getTelemetryStats()?.pending).to.be.greaterThan(0);
    await workspace.faults.acceptConnections();
    await expectAllArriveOnce(client);
    expect(errorRows(workspace).length).to.equal(1);
    await client.close();
  });

  it('a server that asks for a pause is left alone for that long', async () => {
    workspace.faults.add({ route: 'telemetry-ext', status: 429, headers: { 'Retry-After': '1' }, times: 1 });
    const client = await connectTo(workspace, QUICK);
    const session = await client.openSession();
    await query(session);
    await until('a request is refused', () => workspace.received.requests({ route: 'telemetry-ext' }).length === 1);
    await expectAllArriveOnce(client);
    const [refused, next] = workspace.received.requests({ route: 'telemetry-ext' });
    expect((next?.at ?? 0) - (refused?.at ?? 0)).to.be.at.least(990);
    await client.close();
  });

  it('more than fits gives way in the order connections, statements, errors, and is counted', async () => {
    workspace.faults.add({ route: 'telemetry-ext', status: 503 });
    const client = await connectTo(workspace, { ...QUICK, telemetryMaxPendingMetrics: 3 });
    const session = await client.openSession();
    for (let i = 0; i < 5; i += 1) await query(session);
    await rejectionOf(query(session, 'SELECT * FROM no_such_table'));
    // What is in an export cannot give way before it is back.
    await until('no more is pending than fits', () => client.getTelemetryStats()?.pending === 3);
    const held = client.getTelemetryStats();
    expectAccounted(held);
    expect(held.dropped.queue_full).to.equal(held.collected - 3);
    workspace.faults.clear();
    await until('the rest is delivered', () => client.getTelemetryStats()?.pending === 0);
    expect(errorRows(workspace).length).to.equal(1);
    expect(statementRows(workspace).length).to.equal(2);
    await client.close();
  });
});
