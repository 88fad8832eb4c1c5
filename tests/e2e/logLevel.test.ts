import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ClientOptions, type ConnectionOptions } from 'databricks-sql-telemetry';
import { connectTo, inSession, KeepingLogger, type Session } from './support/application';
import { errorRows, sessionRows, statementRows } from './support/telemetry';
import { startFreshWorkspace } from './support/workspace';

/** A statement that succeeds, one that fails, and one whose submission can be tried again. */
async function work(session: Session, workspace: LocalWorkspace): Promise<void> {
  await (await session.executeStatement('SELECT 1 AS one')).fetchAll();
  const failing = await session.executeStatement('SELECT * FROM no_such_table');
  await failing.fetchAll().catch(() => undefined);
  workspace.faults.add({ rpc: 'ExecuteStatement', action: 'reset', times: 1 });
  await session.executeStatement('SELECT 2 AS two').catch(() => undefined);
  workspace.faults.clear();
}

describe('telemetryLogLevel', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  after(() => workspace.close());

  /** What arrives: sessions, statements, errors that last, errors that may pass. */
  function arrived(): object {
    const errors = errorRows(workspace).map(({ error_info: info }) => info?.stack_trace?.includes('retryable=true'));
    return {
      sessions: sessionRows(workspace, 'CREATE_SESSION').length + sessionRows(workspace, 'DELETE_SESSION').length,
      statements: statementRows(workspace).length,
      lasting: errors.filter((mayPass) => mayPass === false).length,
      passing: errors.filter((mayPass) => mayPass === true).length,
    };
  }

  const EVERYTHING = { sessions: 2, statements: 3, lasting: 1, passing: 1 };
  const TROUBLE = { sessions: 0, statements: 2, lasting: 1, passing: 1 };
  const ERRORS = { sessions: 0, statements: 0, lasting: 1, passing: 0 };
  const NOTHING = { sessions: 0, statements: 0, lasting: 0, passing: 0 };
  for (const [level, expected] of [
    [undefined, EVERYTHING],
    ['TRACE', EVERYTHING],
    [4, EVERYTHING],
    ['WARN', TROUBLE],
    ['error', ERRORS],
    ['FATAL', NOTHING],
  ] as const) {
    it(`${level ?? 'the default'} lets out ${JSON.stringify(expected)}`, async () => {
      const options = level === undefined ? {} : { telemetryLogLevel: level };
      const client = await inSession(workspace, (session) => work(session, workspace), options);
      expect(arrived()).to.deep.equal(expected);
      const stats = client.getTelemetryStats();
      expect(stats?.collected, 'only what may leave is collected').to.equal(stats?.delivered);
    });
  }

  it('FATAL is a session that could not be opened', async () => {
    const client = await connectTo(workspace, {
      telemetryLogLevel: 'FATAL',
      path: '/sql/1.0/warehouses/unknown',
    } as Partial<ConnectionOptions>);
    await client.openSession().catch(() => undefined);
    await client.close();
    expect(arrived()).to.deep.equal({ ...NOTHING, lasting: 1 });
  });

  for (const [where, options, connection] of [
    ['connect()', {}, { telemetryLogLevel: 'OFF' }],
    ['the constructor, whatever connect() says', { telemetryLogLevel: 0 }, { telemetryLogLevel: 'INFO' }],
  ] as ReadonlyArray<[string, ClientOptions, Partial<ConnectionOptions>]>) {
    it(`OFF in ${where} is off: nothing is asked, nothing exists`, async () => {
      const client = new DBSQLClient({ logger: new KeepingLogger(), ...options });
      await client.connect({
        ...workspace.connectionOptions,
        telemetryEnabled: true,
        ...connection,
      } as ConnectionOptions);
      await work(await client.openSession(), workspace);
      expect(client.getTelemetryStats()).to.equal(undefined);
      await client.close();
      expect(new Set(workspace.received.requests().map(({ route }) => route))).to.deep.equal(new Set(['thrift']));
    });
  }

  for (const [first, second] of [
    ['ERROR', 'INFO'],
    ['INFO', 'ERROR'],
  ] as const) {
    it(`is each connection's own: ${first} and ${second} on one host`, async () => {
      const [one, other] = [
        await connectTo(workspace, { telemetryLogLevel: first }),
        await connectTo(workspace, { telemetryLogLevel: second }),
      ];
      for (const client of [one, other]) {
        await work(await client.openSession(), workspace);
        await client.close();
      }
      const sum = { sessions: 2, statements: 3, lasting: 2, passing: 1 };
      expect(arrived()).to.deep.equal(sum);
    });
  }
});
