import { DBSQLClient } from '@databricks/sql';
import { expect } from 'chai';
import { DBSQLClient as ObservedClient } from 'databricks-sql-telemetry';
import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { testCollector, until, type TestCollector } from '../testCollector';
import { ownIdentity, testGateway, type TestGateway } from './testGateway';

const quiet = { log: (): void => undefined };
const STATEMENTS: readonly (readonly [sql: string, options?: object])[] = [
  ["SELECT 1 AS one, CAST(NULL AS STRING) AS nothing, DECIMAL(1.50) AS d, DATE '2024-02-29' AS day, array(1, 2) AS a"],
  ['SELECT id, CAST(id AS STRING) AS text FROM range(5000)'],
  ["SELECT id, repeat('x', 100) AS text FROM range(60000)", { useCloudFetch: true }],
  ["SELECT id, repeat('y', 100) AS text FROM range(60000)", { useCloudFetch: false }],
  ['SELECT no_such_column'],
  ["SELECT CAST('x' AS INT)"],
];

describe('drivers through the gateway', function () {
  this.timeout(180_000);
  let workspace: LocalWorkspace;
  let collector: TestCollector;
  let test: TestGateway;
  let ca: string;

  before(async () => {
    const identity = await ownIdentity();
    ca = identity.ca;
    [workspace, collector] = await Promise.all([
      startLocalWorkspace({ tokens: [{ name: 'ours', tokens: ['token'], clientId: 'id', clientSecret: 'machine' }] }),
      testCollector(),
    ]);
    test = await testGateway({
      upstream: `https://localhost:${workspace.port}`,
      upstreamCa: workspace.ca,
      collector: collector.collector.address,
      tls: identity,
    });
  });
  after(async () => {
    await test.gateway.close();
    await workspace.close();
    await collector.end();
  });

  type Options = Parameters<DBSQLClient['connect']>[0];
  const direct = (): Options => ({ ...workspace.connectionOptions, telemetryEnabled: false }) as Options;
  // Files come from the workspace itself, the rest from the gateway: both certificates are met.
  const through = (): Options => ({ ...direct(), port: test.port, customCaCert: `${ca}\n${workspace.ca}` }) as Options;

  const kernelThrough = () => ({
    ...workspace.kernelConnectionOptions,
    host: `localhost:${test.port}`,
    customCaCert: `${ca}\n${workspace.ca}`,
    telemetryEnabled: false,
  });

  /** Rows, or what the error says, of each statement. */
  async function results(options: Options): Promise<unknown[]> {
    const client = new DBSQLClient({ logger: quiet });
    await client.connect(options);
    const session = await client.openSession();
    const all: unknown[] = [];
    for (const [sql, more] of STATEMENTS) {
      const run = async (): Promise<unknown> => {
        const operation = await session.executeStatement(sql, more);
        const rows = await operation.fetchAll();
        await operation.close();
        return rows;
      };
      all.push(await run().catch(String));
    }
    const catalogs = await session.getCatalogs();
    all.push(await catalogs.fetchAll());
    await catalogs.close();
    await session.close();
    await client.close();
    return all;
  }

  it('Thrift: the same rows and errors as without it; files come from the workspace itself', async () => {
    const expected = await results(direct());
    workspace.received.clear();
    expect(await results(through())).to.deep.equal(expected);
    const requests = workspace.received.requests();
    expect(requests.filter(({ route }) => route === 'cloudfetch').length).to.be.greaterThan(0);
    expect(requests.filter(({ route }) => route === 'cloudfetch').every(({ status }) => status === 200)).to.equal(true);
    const passed = test.gateway.stats().requests;
    expect(requests.filter(({ route }) => route === 'thrift').length).to.equal(passed);
  });

  it('the Statement Execution API, which the driver’s kernel speaks: the same', async () => {
    const expected = await results({ ...workspace.kernelConnectionOptions, telemetryEnabled: false } as Options);
    workspace.received.clear();
    const passedBefore = test.gateway.stats().requests;
    expect(await results(kernelThrough() as Options)).to.deep.equal(expected);
    expect(workspace.received.statements().every(({ protocol }) => protocol === 'sea')).to.equal(true);
    expect(test.gateway.stats().requests).to.be.greaterThan(passedBefore);
  });

  it('OAuth: the driver finds the token endpoint, and its token works', async () => {
    const { token: _token, ...settings } = kernelThrough();
    const oauth = { ...settings, authType: 'databricks-oauth', oauthClientId: 'id', oauthClientSecret: 'machine' };
    workspace.received.clear();
    expect((await results(oauth as Options))[0]).to.have.lengthOf(1);
    const routes = workspace.received.requests().map(({ route }) => route);
    expect(routes).to.include.members(['oidc', 'oauth-token', 'sea']);
  });

  it('a cancelled statement ends at the workspace too', async () => {
    const client = new DBSQLClient({ logger: quiet });
    await client.connect(through());
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT sleep(30)', { runAsync: true });
    await operation.cancel();
    await until(
      async () => workspace.received.statements().at(-1)?.outcome,
      (outcome) => outcome === 'cancelled',
    );
    await session.close();
    await client.close();
  });

  it('this library: its statements are in the collector, and the workspace got no telemetry', async () => {
    workspace.received.clear();
    const client = new ObservedClient({ logger: quiet, telemetryEnabled: true });
    await client.connect({ ...through(), telemetryEnabled: true, userAgentEntry: 'checkout' } as Options);
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT 1');
    await operation.fetchAll();
    await operation.close();
    await session.close();
    await client.close();
    const [ran] = workspace.received.statements();
    const { statements } = await until(
      () => collector.client.statements(),
      (page) => page.statements.length > 0,
    );
    expect(statements).to.have.lengthOf(1);
    expect(statements[0]).to.include({
      statementId: ran?.statementId,
      service: 'checkout',
      warehouse: workspace.warehouseId,
    });
    expect(workspace.received.telemetryLogs()).to.deep.equal([]);
    const { unknownFields, rejected } = await collector.client.health();
    expect([unknownFields, rejected]).to.deep.equal([[], 0]);
  });
});
