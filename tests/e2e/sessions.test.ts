import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions } from 'databricks-sql-telemetry';
import { connectTo, inSession, KeepingLogger } from './support/application';
import { driverLogs, errorRows, sessionRows, statementRows } from './support/telemetry';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const FAST = { telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 1500 };

describe('connections and sessions', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace({ orgId: '1234567890123456' });
  });
  beforeEach(() => workspace.received.clear());
  afterEach(() => workspace.faults.clear());
  after(() => workspace.close());

  it('a session leaves one row for its opening and one for its close, with the latency of each RPC', async () => {
    await inSession(workspace, async () => undefined);
    const [opened, ...moreOpened] = sessionRows(workspace, 'CREATE_SESSION');
    const [closed, ...moreClosed] = sessionRows(workspace, 'DELETE_SESSION');
    expect([moreOpened.length, moreClosed.length]).to.deep.equal([0, 0]);
    expect(opened?.session_id).to.equal(workspace.received.sessions()[0]?.sessionId);
    expect(closed?.session_id).to.equal(opened?.session_id);
    expect(opened?.operation_latency_ms).to.be.a('number');
    expect(closed?.operation_latency_ms).to.be.a('number');
  });

  it('every session row tells the configuration of its connection', async () => {
    await inSession(workspace, async (_, client) => {
      await client.openSession();
    });
    const rows = sessionRows(workspace, 'CREATE_SESSION');
    expect(rows.length).to.equal(2);
    for (const row of rows) {
      expect(row.auth_type).to.equal('pat');
      expect(row.system_configuration?.['driver_name']).to.equal('nodejs-sql-driver');
      expect(row.system_configuration?.['runtime_version']).to.equal(process.version);
      expect(row.driver_connection_params?.['mode']).to.equal('THRIFT');
      expect(row.driver_connection_params?.['socket_timeout']).to.equal(900);
      expect(row.driver_connection_params?.['auth_mech']).to.equal('PAT');
    }
  });

  it('every record carries the workspace id of the HTTP path', async () => {
    await inSession(workspace, async (session) => {
      await (await session.executeStatement('SELECT 1')).fetchAll();
    });
    const ids = workspace.received.telemetryLogs().map(({ log }) => log['workspace_id']);
    expect(new Set(ids.map(String))).to.deep.equal(new Set(['1234567890123456']));
  });

  it('a rejected token sends nothing without credentials, and its error record is counted as such', async () => {
    const client = await connectTo(workspace, { ...FAST, token: 'dapi-wrong' } as Partial<ConnectionOptions>);
    expect(await rejectionOf(client.openSession())).to.be.instanceOf(Error);
    await client.close();
    expect(workspace.received.telemetryLogs()).to.deep.equal([]);
    expect(workspace.received.requests({ route: 'telemetry-unauth' })).to.deep.equal([]);
    const stats = client.getTelemetryStats();
    expect(stats?.collected).to.equal(1);
    expect((stats?.dropped.no_credentials ?? 0) + (stats?.dropped.flag_unknown ?? 0)).to.equal(1);
  });

  it('a rejected token leaves one error record without ids where anonymous errors are allowed', async () => {
    const token = { token: 'dapi-wrong', telemetryAnonymousErrors: true } as Partial<ConnectionOptions>;
    const client = await connectTo(workspace, { ...FAST, ...token });
    const thrown = await rejectionOf(client.openSession());
    expect(thrown).to.be.instanceOf(Error);
    await client.close();
    const [error, ...more] = errorRows(workspace);
    expect(more).to.deep.equal([]);
    expect(error?.error_info?.error_name).to.be.a('string');
    expect(error).to.not.have.property('session_id');
    const [request] = workspace.received.telemetryRequests();
    expect(request?.authenticated).to.equal(false);
    expect(request?.request.headers).to.not.have.property('authorization');
    expect(request?.request.headers).to.not.have.property('x-databricks-org-id');
  });

  it('an unreachable workspace fails as it does without telemetry, at once', async () => {
    const unreachable = { ...workspace.connectionOptions, port: 1, telemetryEnabled: true, ...FAST };
    const errors = await Promise.all(
      [true, false].map(async (telemetryEnabled) => {
        const client = new DBSQLClient({ logger: new KeepingLogger() });
        await client.connect({ ...unreachable, telemetryEnabled });
        client.getConfig().retryMaxAttempts = 1;
        const thrown = await rejectionOf(client.openSession());
        await client.close();
        return String(thrown);
      }),
    );
    expect(errors[0]).to.equal(errors[1]);
  });

  it('an unknown warehouse leaves an error record of the opening', async () => {
    const client = await connectTo(workspace, { ...FAST, path: '/sql/1.0/warehouses/unknown' });
    expect(await rejectionOf(client.openSession())).to.be.instanceOf(Error);
    await client.close();
    expect(errorRows(workspace).map(({ error_info: info }) => info?.stack_trace?.split(' ')[0])).to.deep.equal([
      'stage=open_session',
    ]);
  });

  it('a session close that fails is reported, and the session ends all the same', async () => {
    const client = await connectTo(workspace, FAST);
    const session = await client.openSession();
    workspace.faults.add({ rpc: 'CloseSession', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
    expect(await rejectionOf(session.close())).to.not.equal(undefined);
    await client.close();
    expect(errorRows(workspace).length).to.equal(1);
    expect(sessionRows(workspace, 'DELETE_SESSION').length).to.equal(1);
  });

  it('with telemetry off there is no telemetry and no flag request', async () => {
    await inSession(
      workspace,
      async (session) => {
        await (await session.executeStatement('SELECT 1')).fetchAll();
      },
      { telemetryEnabled: false },
    );
    const routes = new Set(workspace.received.requests().map(({ route }) => route));
    expect([...routes]).to.deep.equal(['thrift']);
  });

  it('off is the default', async () => {
    const client = new DBSQLClient({ logger: new KeepingLogger() });
    await client.connect(workspace.connectionOptions);
    await client.openSession();
    await client.close();
    expect(client.getTelemetryStats()).to.equal(undefined);
    expect(workspace.received.requests().every(({ route }) => route === 'thrift')).to.equal(true);
  });

  it('a client that opted out in its constructor stays out, whatever connect says', async () => {
    const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryEnabled: false });
    await client.connect({ ...workspace.connectionOptions, telemetryEnabled: true });
    await client.openSession();
    await client.close();
    expect(workspace.received.requests().every(({ route }) => route === 'thrift')).to.equal(true);
  });

  for (const name of ['DATABRICKS_TELEMETRY_DISABLED', 'DO_NOT_TRACK']) {
    it(`${name} in the environment wins over everything`, async () => {
      process.env[name] = '1';
      try {
        await inSession(workspace, async () => undefined);
      } finally {
        Reflect.deleteProperty(process.env, name);
      }
      expect(workspace.received.requests().every(({ route }) => route === 'thrift')).to.equal(true);
    });
  }

  it('a session that opted out leaves nothing, its statements neither', async () => {
    const client = await connectTo(workspace, FAST);
    const quiet = await client.openSession({ telemetryEnabled: false });
    await (await quiet.executeStatement('SELECT 1')).fetchAll();
    await quiet.close();
    await client.close();
    expect(driverLogs(workspace)).to.deep.equal([]);
    expect(client.getTelemetryStats()?.collected).to.equal(0);
  });

  it('a workspace whose flag is off gets no record', async () => {
    const off = await startFreshWorkspace({ featureFlagEnabled: false });
    const client = await inSession(off, async (session) => {
      await (await session.executeStatement('SELECT 1')).fetchAll();
    });
    expect(off.received.telemetryRequests()).to.deep.equal([]);
    const stats = client.getTelemetryStats();
    expect(stats?.collected).to.equal(stats?.dropped.flag_off);
    await off.close();
  });

  it('a client that connects to another workspace takes its telemetry along', async () => {
    const other = await startFreshWorkspace();
    const client = await connectTo(workspace, FAST);
    await (await client.openSession()).close();
    await client.connect({ ...other.connectionOptions, telemetryEnabled: true, ...FAST });
    const session = await client.openSession();
    await (await session.executeStatement('SELECT 1')).fetchAll();
    await client.close();
    await workspace.received.waitForTelemetry((logs) => logs.length >= 2);
    expect(statementRows(other).length).to.equal(1);
    expect(sessionRows(workspace, 'CREATE_SESSION').length).to.equal(1);
    expect(statementRows(workspace).length).to.equal(0);
    await other.close();
  });

  it('the library speaks to the logger at debug level only', async () => {
    const logger = new KeepingLogger();
    workspace.faults.add({ route: 'telemetry-ext', status: 500 });
    const client = await connectTo(workspace, { ...FAST, telemetryMaxRetries: 1, telemetryBackoffBaseMs: 1 }, logger);
    await (await client.openSession()).close();
    await client.close();
    expect(new Set(logger.telemetry.map(({ level }) => level))).to.deep.equal(new Set(['debug']));
  });
});
