import { DBSQLClient } from '@databricks/sql';
import { startLocalWorkspace } from 'databricks-local-workspace';
import { expect } from 'chai';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { SilentClickHouse } from '../.stubs/silentClickHouse';
import { statementLog } from '../logs';
import { deliver, loaded, testCollector, until, type TestCollector } from '../testCollector';

const overview = ({ collector }: TestCollector, signal?: AbortSignal): Promise<Response> =>
  fetch(`${collector.address}/api/v1/overview`, signal === undefined ? {} : { signal });

async function refusal(response: Response): Promise<[status: number, code: string]> {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

describe('a question that a ClickHouse server does not answer', function () {
  this.timeout(180_000);
  let server: SilentClickHouse;
  let options: CollectorOptions;
  beforeEach(async () => {
    server = new SilentClickHouse();
    options = { store: 'clickhouse', clickhouse: { url: await server.open() } };
  });
  afterEach(() => server.close());

  /** All that was asked is ended at the server, and its connection closed. */
  const allEnded = (): Promise<unknown> =>
    until(
      () => Promise.resolve([server.waiting, server.left, server.killed].map((ids) => [...ids].sort())),
      ([waiting, left, killed]) => String(waiting) === String(left) && String(waiting) === String(killed),
    );

  it('is refused after its time, and ended there', async () => {
    const test = await testCollector({ ...options, questionTimeoutMs: 1_000 });
    expect(await refusal(await overview(test))).to.deep.equal([503, 'too_long']);
    expect(server.waiting.size).to.be.greaterThan(0);
    await allEnded();
    await test.end();
  });

  it('is ended there when its reader leaves', async () => {
    const test = await testCollector(options);
    const leaving = new AbortController();
    const asked = overview(test, leaving.signal).catch((error: unknown) => error);
    await until(() => Promise.resolve(server.waiting.size), (size) => size > 0); // prettier-ignore
    leaving.abort();
    await asked;
    await allEnded();
    await test.end();
  });
});

describe('a question that a Databricks warehouse does not answer', function () {
  this.timeout(120_000);

  it('is refused after its time; what runs is cancelled there, also when its reader leaves', async () => {
    const workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    let test = await testCollector({ store: 'databricks', databricks, questionTimeoutMs: 3_000 });
    await deliver(test.collector.address, [statementLog()]);
    await loaded(test.client, 1);

    const fault = workspace.faults.add({ rpc: 'ExecuteStatement', action: 'hang' });
    expect(await refusal(await overview(test))).to.deep.equal([503, 'too_long']);
    fault.remove();

    const client = new DBSQLClient({ logger: { log: () => undefined } });
    await client.connect({ host, port, path, token, customCaCert });
    const session = await client.openSession({ initialCatalog: 'main', initialSchema: 'default' });
    for (const sql of [
      'CREATE VIEW one_statement AS SELECT * FROM statements_log',
      'CREATE OR REPLACE VIEW all_statements AS SELECT s.*, 1D AS weight, s.`latencyMs` AS `totalLatencyMs` FROM one_statement s ' +
        'WHERE (SELECT sum(a.id * b.id) FROM range(10000000) a CROSS JOIN range(10000000) b) >= 0',
    ]) {
      const operation = await session.executeStatement(sql);
      await operation.finished();
      await operation.close();
    }
    const questions = (): string[] =>
      workspace.received
        .statements()
        .filter(({ sql, outcome }) => sql?.includes('all_statements') === true && outcome !== 'succeeded')
        .map(({ outcome }) => outcome);
    const allCancelled = (outcomes: readonly string[]): boolean =>
      outcomes.length > 0 && outcomes.every((outcome) => outcome === 'cancelled');
    expect(await refusal(await overview(test))).to.deep.equal([503, 'too_long']);
    await until(() => Promise.resolve(questions()), allCancelled);
    await test.end();

    test = await testCollector({ store: 'databricks', databricks });
    const before = questions().length;
    const leaving = new AbortController();
    const asked = overview(test, leaving.signal).catch((error: unknown) => error);
    await until(() => Promise.resolve(questions().length), (count) => count > before); // prettier-ignore
    leaving.abort();
    await asked;
    await until(() => Promise.resolve(questions()), allCancelled);
    await test.end();
    await session.close();
    await client.close();
    await workspace.close();
  });
});
