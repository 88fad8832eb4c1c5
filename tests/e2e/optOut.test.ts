import { inspect } from 'node:util';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { TelemetryEventType, type ConnectionOptions, type DBSQLClient } from 'databricks-sql-telemetry';
import { connectTo, KeepingLogger, type Operation, type Session } from './support/application';
import { Canaries } from './support/Canaries';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const QUIET = { telemetryObserve: false };
const SLOW = 'SELECT count(*) AS n FROM range(10000000) a JOIN range(10000000) b ON a.id * b.id % 9973 = 1';

/** Every event of a client, whatever it is about. */
function eventsOf(client: DBSQLClient): unknown[] {
  const events: unknown[] = [];
  for (const type of Object.values(TelemetryEventType)) {
    client.telemetryEvents.on(type, (event: unknown) => events.push(event));
  }
  return events;
}

async function readAll(submitted: Promise<Operation>): Promise<void> {
  const operation = await submitted;
  await operation.fetchAll();
  await operation.close();
}

describe('what is hidden leaves no trace', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace({ cloudFetch: { maxRowsPerFile: 5000, thresholdBytes: 1 << 16 } });
  });
  beforeEach(() => workspace.received.clear());
  afterEach(() => workspace.faults.clear());
  after(() => workspace.close());

  const CALLS: ReadonlyArray<[string, (session: Session) => Promise<unknown>]> = [
    ['a query', (session) => readAll(session.executeStatement('SELECT 1 AS one', QUIET))],
    ['CloudFetch', (session) => readAll(session.executeStatement('SELECT id FROM range(30000) AS t(id)', QUIET))],
    ['a failed query', (session) => rejectionOf(readAll(session.executeStatement('SELECT * FROM nowhere', QUIET)))],
    [
      'a rejected submission',
      (session) => {
        workspace.faults.add({ rpc: 'ExecuteStatement', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
        return rejectionOf(session.executeStatement('SELECT 1', QUIET));
      },
    ],
    [
      'a download that fails',
      (session) => {
        workspace.faults.add({ route: 'cloudfetch', status: 403, skip: 1, times: 1 });
        return rejectionOf(readAll(session.executeStatement('SELECT id FROM range(30000) AS t(id)', QUIET)));
      },
    ],
    [
      'a cancelled query',
      async (session) => {
        const operation = await session.executeStatement(SLOW, QUIET);
        await operation.cancel();
      },
    ],
    ['a metadata call', (session) => readAll(session.getTables({ tableName: '%', ...QUIET }))],
    ['another metadata call', (session) => readAll(session.getCatalogs(QUIET))],
  ];
  for (const [what, call] of CALLS) {
    it(`${what}: no record, no event, no count`, async () => {
      const client = await connectTo(workspace);
      const session = await client.openSession();
      const [events, before] = [eventsOf(client), client.getTelemetryStats()];
      await call(session);
      const after = client.getTelemetryStats();
      expect([after?.collected, after?.inFlightStatements]).to.deep.equal([before?.collected, 0]);
      expect(events).to.deep.equal([]);
      await client.close();
      expect(workspace.received.telemetryLogs().length, 'the session alone').to.equal(2);
    });
  }

  it('a hidden session: nothing, even when it cannot be opened', async () => {
    const client = await connectTo(workspace);
    const events = eventsOf(client);
    const session = await client.openSession(QUIET);
    await readAll(session.executeStatement('SELECT 1 AS one'));
    await rejectionOf(readAll(session.executeStatement('SELECT * FROM nowhere')));
    await session.close();
    workspace.faults.add({ rpc: 'OpenSession', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
    expect(await rejectionOf(client.openSession(QUIET))).to.not.equal(undefined);
    await client.close();
    expect([events, workspace.received.telemetryRequests()]).to.deep.equal([[], []]);
    expect(client.getTelemetryStats()?.collected).to.equal(0);
  });
});

describe('events in the process', () => {
  it('show no secret of the connection to who prints them', async () => {
    const canaries = new Canaries();
    const token = `dapi${canaries.plant('token')}`;
    const workspace = await startFreshWorkspace({ tokens: [token] });
    const client = await connectTo(
      workspace,
      { customHeaders: { 'x-gateway': canaries.plant('header') } } as Partial<ConnectionOptions>,
      new KeepingLogger(),
    );
    const events = eventsOf(client);
    const session = await client.openSession();
    await rejectionOf(readAll(session.executeStatement(`SELECT * FROM ${canaries.plant('error')}`)));
    await client.close();
    await workspace.close();
    expect(events.length).to.be.greaterThan(3);
    for (const event of events) {
      expect(canaries.foundIn(JSON.stringify(event))).to.deep.equal([]);
      expect(canaries.foundIn(inspect(event, { depth: 10 }))).to.deep.equal([]);
      expect(inspect(event, { depth: 10 })).to.not.contain('BEGIN CERTIFICATE');
    }
  });
});
