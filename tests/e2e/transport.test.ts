import { expect } from 'chai';
import {
  startConnectProxy,
  type LocalWorkspace,
  type ReceivedRequest,
  type RouteName,
} from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions, type TelemetryStats } from 'databricks-sql-telemetry';
import { arrivedIds, expectAccounted } from './support/accounts';
import { connectTo, KeepingLogger } from './support/application';
import { isModernDriver } from './support/driver';
import { HttpCollector } from './support/HttpCollector';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const QUICK: Partial<ConnectionOptions> = {
  telemetryFlushIntervalMs: 100,
  telemetryBackoffBaseMs: 1,
  telemetryMaxRetries: 1,
  telemetryCloseTimeoutMs: 1000,
};

/** Options of newer drivers, which older ones do not look at. */
function modern(options: object): Partial<ConnectionOptions> {
  return options;
}

/** Runs a query in a session and closes; returns what was thrown, if anything, and the accounts. */
async function runQuery(client: DBSQLClient): Promise<{ thrown: unknown; stats: TelemetryStats }> {
  client.getConfig().retryMaxAttempts = 1;
  const thrown = await rejectionOf(
    (async () => {
      const session = await client.openSession();
      const operation = await session.executeStatement('SELECT 1 AS one');
      await operation.fetchAll();
      await session.close();
    })(),
  );
  await client.close();
  const stats = client.getTelemetryStats();
  expectAccounted(stats);
  return { thrown, stats };
}

function headersOf(workspace: LocalWorkspace, route: RouteName, name: string): unknown[] {
  const values = workspace.received.requests({ route }).map(({ headers }: ReceivedRequest) => headers[name]);
  return [...new Set(values)];
}

describe('a telemetry request', () => {
  let workspace: LocalWorkspace;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ orgId: '6021602160216021' });
  });
  afterEach(() => workspace.close());

  const connect = (options: Partial<ConnectionOptions> = {}): Promise<DBSQLClient> =>
    connectTo(workspace, { ...QUICK, ...options });

  it('has the User-Agent of the queries, and so has the question for the flag', async () => {
    await runQuery(await connect({ userAgentEntry: 'Transport Test/1.0' }));
    const [agent, ...others] = headersOf(workspace, 'thrift', 'user-agent');
    expect(others).to.deep.equal([]);
    expect(agent).to.contain('Transport Test/1.0');
    expect(headersOf(workspace, 'telemetry-ext', 'user-agent')).to.deep.equal([agent]);
    expect(headersOf(workspace, 'feature-flags', 'user-agent')).to.deep.equal([agent]);
  });

  it('has the credentials of the queries', async () => {
    await runQuery(await connect());
    const queries = headersOf(workspace, 'thrift', 'authorization');
    expect(queries).to.deep.equal([`Bearer ${workspace.token}`]);
    expect(headersOf(workspace, 'telemetry-ext', 'authorization')).to.deep.equal(queries);
    expect(headersOf(workspace, 'feature-flags', 'authorization')).to.deep.equal(queries);
  });

  it('names the organisation of the HTTP path', async () => {
    await runQuery(await connect());
    expect(headersOf(workspace, 'telemetry-ext', 'x-databricks-org-id')).to.deep.equal(['6021602160216021']);
    expect(headersOf(workspace, 'feature-flags', 'x-databricks-org-id')).to.deep.equal(['6021602160216021']);
  });

  it('names no organisation where the HTTP path has none', async () => {
    const { thrown } = await runQuery(await connect({ path: workspace.path.split('?')[0] ?? '' }));
    expect(thrown).to.equal(undefined);
    expect(headersOf(workspace, 'telemetry-ext', 'x-databricks-org-id')).to.deep.equal([undefined]);
  });

  it('has the headers that the application gave the connection, its organisation before the one of the path', async () => {
    await runQuery(await connect(modern({ customHeaders: { 'X-Team': 'transport', 'X-Databricks-Org-Id': '77' } })));
    expect(headersOf(workspace, 'telemetry-ext', 'x-team')).to.deep.equal(['transport']);
    expect(headersOf(workspace, 'telemetry-ext', 'x-databricks-org-id')).to.deep.equal(['77']);
    expect(headersOf(workspace, 'feature-flags', 'x-team')).to.deep.equal(['transport']);
  });

  it('without authentication has neither credentials nor organisation nor the application’s headers', async () => {
    await runQuery(
      await connect({
        telemetryAuthenticatedExport: false,
        userAgentEntry: 'Transport Test/1.0',
        ...modern({ customHeaders: { 'X-Team': 'transport' } }),
      }),
    );
    expect(workspace.received.requests({ route: 'telemetry-ext' })).to.deep.equal([]);
    const requests = workspace.received.telemetryRequests();
    const own = ['host', 'connection', 'content-length', 'content-type', 'user-agent'];
    for (const { request } of requests) {
      expect(Object.keys(request.headers)).to.have.members(own);
      expect(request.headers['user-agent']).to.match(/^\w+\/[\w.-]+$/);
    }
    const logs = requests.flatMap((request) => request.logs);
    expect(logs.length).to.equal(3);
    for (const { log } of logs) {
      expect(log).to.not.have.property('workspace_id');
      expect(JSON.stringify(log)).to.not.match(/session_id|statement_id|Transport|6021602160216021/);
    }
  });

  describe('is trusted as the queries are', () => {
    let stranger: LocalWorkspace;
    before(async () => {
      stranger = await startFreshWorkspace();
    });
    after(() => stranger.close());

    const settings: Record<string, () => object> = {
      'with the CA of the host': () => ({}),
      'with another CA': () => ({ customCaCert: stranger.ca }),
      'without a CA': () => ({ customCaCert: undefined }),
      'with another CA and no check': () => ({ customCaCert: stranger.ca, checkServerCertificate: false }),
    };
    for (const [name, options] of Object.entries(settings)) {
      it(name, async () => {
        const { thrown, stats } = await runQuery(await connect(modern(options())));
        const isTrusted = !isModernDriver || name.endsWith('host') || name.endsWith('no check');
        expect(thrown === undefined, 'the query succeeds').to.equal(isTrusted);
        expect(stats.delivered, 'records arrive').to.equal(isTrusted ? 3 : 0);
        expect(arrivedIds(workspace).length).to.equal(stats.delivered);
      });
    }
  });

  it('shows the client certificate of the connection, whatever others of the host have shown before', async () => {
    const strict = await startFreshWorkspace({ mutualTls: true });
    const { cert: clientCert, key: clientKey } = await strict.issueClientCertificate();
    for (const [options, isWelcome] of [
      [{}, false],
      [{ clientCert, clientKey }, isModernDriver],
    ] as const) {
      const { thrown, stats } = await runQuery(await connectTo(strict, { ...QUICK, ...modern(options) }));
      expect(thrown === undefined, 'the query succeeds').to.equal(isWelcome);
      expect(stats.delivered, 'records arrive').to.equal(isWelcome ? 3 : 0);
    }
    await strict.close();
  });
});

describe('through a proxy', () => {
  let workspace: LocalWorkspace;
  // The driver gives its proxy agent neither the CA nor the check that the connection asks for.
  const strictness = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

  before(() => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  });
  after(() => {
    if (strictness === undefined) Reflect.deleteProperty(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED');
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = strictness;
  });
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(() => workspace.close());

  it('telemetry goes with the credentials of the proxy, as the queries do', async () => {
    const auth = { username: 'user', password: 'secret' };
    const proxy = await startConnectProxy({ auth });
    const client = await connectTo(workspace, {
      ...QUICK,
      proxy: { protocol: 'http', host: proxy.host, port: proxy.port, auth },
    });
    const { thrown, stats } = await runQuery(client);
    expect([thrown, stats.delivered]).to.deep.equal([undefined, 3]);
    expect(proxy.tunnels.every(({ authorized }) => authorized)).to.equal(true);
    const telemetry = workspace.received.telemetryRequests().map(({ body }) => JSON.stringify(body));
    expect(telemetry.join()).to.not.contain('secret');
    await proxy.close();
  });

  it('that is down, everything fails as without telemetry, and nothing is sent around it', async () => {
    const proxy = await startConnectProxy();
    const { host, port } = proxy;
    await proxy.close();
    const messages = await Promise.all(
      [true, false].map(async (telemetryEnabled) => {
        const client = new DBSQLClient({ logger: new KeepingLogger() });
        const options = { ...workspace.connectionOptions, proxy: { protocol: 'http' as const, host, port } };
        await client.connect({ ...options, ...QUICK, telemetryEnabled } as ConnectionOptions);
        client.getConfig().retryMaxAttempts = 1;
        const thrown = await rejectionOf(client.openSession());
        await client.close();
        if (telemetryEnabled) expectAccounted(client.getTelemetryStats());
        return String(thrown);
      }),
    );
    expect(messages[0]).to.equal(messages[1]);
    expect(workspace.received.requests()).to.deep.equal([]);
  });

  it('that goes away, what is left is counted', async () => {
    const proxy = await startConnectProxy();
    const client = await connectTo(workspace, {
      ...QUICK,
      telemetryFlushIntervalMs: 60_000,
      proxy: { protocol: 'http', host: proxy.host, port: proxy.port },
    });
    const session = await client.openSession();
    await (await session.executeStatement('SELECT 1 AS one')).fetchAll();
    await client.flushTelemetry();
    await proxy.close();
    client.getConfig().retryMaxAttempts = 1;
    // The session cannot be closed any more, which the driver tells its application.
    expect(await rejectionOf(client.close())).to.be.instanceOf(Error);
    const stats = client.getTelemetryStats();
    expectAccounted(stats);
    expect(stats.delivered).to.be.greaterThan(0);
    expect(stats.dropped.close_timeout).to.equal(stats.collected - stats.delivered);
  });
});

describe('a collector of one’s own', () => {
  let workspace: LocalWorkspace;
  let collector: HttpCollector;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ orgId: '6021602160216021', featureFlagEnabled: false });
    collector = await HttpCollector.start();
  });
  afterEach(async () => {
    await collector.close();
    await workspace.close();
  });

  it('gets the telemetry in place of the workspace, whose flag is not asked', async () => {
    const { stats } = await runQuery(await connectTo(workspace, { ...QUICK, telemetryEndpoint: collector.url }));
    expect([stats.delivered, collector.logs.length]).to.deep.equal([3, 3]);
    expect(new Set(collector.requests.map(({ url }) => url))).to.deep.equal(new Set(['/logs?from=test']));
    const routes = workspace.received.requests().map(({ route }) => route);
    expect(new Set(routes)).to.deep.equal(new Set(['thrift']));
  });

  it('gets no credentials, organisation or headers of the connection', async () => {
    const options = { telemetryEndpoint: collector.url, ...modern({ customHeaders: { 'X-Team': 'transport' } }) };
    await runQuery(await connectTo(workspace, { ...QUICK, ...options }));
    const own = ['host', 'connection', 'content-length', 'content-type', 'user-agent'];
    for (const { headers } of collector.requests)
      expect([...own, 'content-encoding']).to.include.members(Object.keys(headers));
    expect(JSON.stringify(collector.requests)).to.not.contain(workspace.token);
  });

  it('gets bodies compressed, which are counted as they went over the wire', async () => {
    const { stats } = await runQuery(await connectTo(workspace, { ...QUICK, telemetryEndpoint: collector.url }));
    const bytes = collector.requests.reduce((sum, request) => sum + request.bytes, 0);
    expect(collector.requests.some(({ headers }) => headers['content-encoding'] === 'gzip')).to.equal(true);
    expect(collector.requests.reduce((sum, { body }) => sum + body.length, 0)).to.be.greaterThan(1.5 * bytes);
    expect(stats.bytesSent).to.equal(bytes);
  });

  for (const status of [400, 415]) {
    it(`that answers a compressed body with ${status} gets the same plain, and then no compressed one again`, async () => {
      collector.gzipStatus = status;
      const options = { ...QUICK, telemetryEndpoint: collector.url, telemetryCircuitBreakerThreshold: 1 };
      const first = await runQuery(await connectTo(workspace, options));
      const second = await runQuery(await connectTo(workspace, options));
      expect([first.stats.delivered, second.stats.delivered, collector.logs.length]).to.deep.equal([3, 3, 6]);
      expect(collector.refused.length).to.equal(1);
    });
  }
});

describe('telemetryCompression "gzip"', () => {
  for (const telemetryGzip of [true, false]) {
    it(`delivers to a workspace that ${telemetryGzip ? 'takes' : 'refuses'} compressed bodies`, async () => {
      const workspace = await startFreshWorkspace({ telemetryGzip });
      const { stats } = await runQuery(await connectTo(workspace, { ...QUICK, telemetryCompression: 'gzip' }));
      expect(stats).to.include({ collected: 3, delivered: 3 });
      expect(arrivedIds(workspace).length).to.equal(3);
      const answers = workspace.received
        .requests({ route: 'telemetry-ext' })
        .filter(({ headers }) => headers['content-encoding'] === 'gzip')
        .map(({ status }) => status);
      expect(new Set(answers)).to.deep.equal(new Set([telemetryGzip ? 200 : 415]));
      if (!telemetryGzip) expect(answers.length).to.equal(1);
      await workspace.close();
    });
  }
});
