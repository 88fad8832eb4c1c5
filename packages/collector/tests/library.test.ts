import { expect } from 'chai';
import { DBSQLClient } from 'databricks-sql-telemetry';
import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { testCollector, until, type TestCollector } from './testCollector';

describe('the library as a sender', function () {
  this.timeout(180_000);
  let workspace: LocalWorkspace;
  let test: TestCollector;
  before(async () => {
    [workspace, test] = await Promise.all([startLocalWorkspace(), testCollector()]);
  });
  after(async () => {
    await workspace.close();
    await test.end();
  });

  it('every statement that the workspace ran is answered once, with its session, warehouse and failure', async () => {
    const client = new DBSQLClient({
      telemetryEnabled: true,
      telemetryEndpoint: `${test.collector.address}/telemetry-ext`,
    });
    await client.connect({ ...workspace.connectionOptions, userAgentEntry: 'checkout' });
    const session = await client.openSession();
    const texts = ['SELECT 1', 'SELECT * FROM range(1000)', 'SELECT no_such_column', 'SELECT 2 AS b'];
    for (const text of texts) {
      const rows = await session
        .executeStatement(text)
        .then(async (operation) => {
          const fetched = await operation.fetchAll();
          await operation.close();
          return fetched.length;
        })
        .catch(() => undefined);
      expect(rows).to.equal(
        { 'SELECT * FROM range(1000)': 1000, 'SELECT no_such_column': undefined }[text] ??
          (text.includes('no_such') ? undefined : 1),
      );
    }
    await session.close();
    await client.close();

    const ran = workspace.received.statements();
    expect(ran).to.have.lengthOf(texts.length);
    const { statements } = await until(
      () => test.client.statements(),
      (page) => page.statements.length >= texts.length,
    );
    expect(statements.map(({ statementId }) => statementId)).to.have.members(ran.map(({ statementId }) => statementId));
    expect(new Set(statements.map(({ sessionId }) => sessionId)).size).to.equal(1);
    for (const statement of statements) {
      expect(statement).to.include({ service: 'checkout', driver: 'nodejs-sql-driver', host: workspace.host });
      expect(workspace.path).to.include(statement.warehouse);
      expect(statement.latencyMs).to.be.a('number');
    }
    const { current } = await test.client.overview();
    expect(current).to.include({ statements: texts.length, failed: 1 });
    const { groups } = await test.client.errors();
    expect(groups).to.have.lengthOf(1);
    expect(groups[0]?.sqlState).to.match(/^42/);
    const health = await test.client.health();
    expect(health.unknownFields).to.deep.equal([]);
    expect(health.invalidFields).to.deep.equal([]);
    expect(health.rejected).to.equal(0);
  });
});
