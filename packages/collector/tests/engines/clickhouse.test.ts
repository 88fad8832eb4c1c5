import { expect } from 'chai';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { chdbPath, startClickHouse, type ClickHouseServer } from './chdb';
import { conformsWith } from './conformance';
import { keepsAllWhenKilled, KILLS } from './kills';
import { Relay } from './relay';
import { opensVersion1 } from './upgrade';
import { statementLog } from '../logs';
import { deliver, loaded, testCollector, until } from '../testCollector';

const chdb = chdbPath();

/** Runs where chdb is: `CHDB=<folder that it is installed in>`. `npm run test:clickhouse` says so when it is not. */
if (chdb !== undefined) {
  describe('statements in ClickHouse', () => {
    let server: ClickHouseServer | undefined;

    const engine = async (): Promise<CollectorOptions> => {
      server = await startClickHouse(chdb);
      const { url, password } = server;
      return { store: 'clickhouse', clickhouse: { url, password } };
    };
    conformsWith(engine, true);
    after(() => server?.end());
  });

  describe('a ClickHouse server', () => {
    let server: ClickHouseServer;
    let options: CollectorOptions;
    beforeEach(async () => {
      server = await startClickHouse(chdb);
      options = { store: 'clickhouse', clickhouse: { url: server.url, password: server.password } };
    });
    afterEach(() => server.end());

    it('that holds version 1 opens with everything in it, learns what came later, and a newer one is refused', async () => {
      const run = async (body: string): Promise<void> => {
        const headers = { 'x-clickhouse-user': 'default', 'x-clickhouse-key': server.password };
        const response = await fetch(server.url, { method: 'POST', headers, body });
        expect(response.status, await response.text()).to.equal(200);
      };
      await opensVersion1(options, async () => {
        await run('ALTER TABLE statements_log DROP COLUMN "failedFileStatus"');
        await run('DROP VIEW steering');
        await run('DROP TABLE steering_log');
      });
    }).timeout(120_000);

    it(`that two collectors share, one of which is killed (${KILLS} times), loses nothing and has nothing twice`, async function () {
      this.timeout(120_000 + KILLS * 20_000);
      await keepsAllWhenKilled(options);
    });
  });

  describe('a ClickHouse server that is away for a while', () => {
    it('loses nothing that was acknowledged, and questions get 503', async () => {
      const server = await startClickHouse(chdb);
      const relay = new Relay(Number(new URL(server.url).port));
      await relay.open();
      const lines: object[] = [];
      const clickhouse = { url: `http://127.0.0.1:${relay.port}`, password: server.password };
      const test = await testCollector({ store: 'clickhouse', clickhouse, log: (line) => lines.push(line) });
      const { address } = test.collector;
      const statusOf = async (path: string): Promise<number> => (await fetch(address + path)).status;
      await deliver(address, [statementLog()]);
      await loaded(test.client, 1);
      relay.cut();
      await deliver(address, [statementLog()]);
      expect(await statusOf('/api/v1/statements?service=secret')).to.equal(503);
      await until(
        () => statusOf('/readyz'),
        (status) => status === 503,
      );
      await deliver(address, [statementLog()]);
      await relay.open();
      await until(
        () => statusOf('/readyz'),
        (status) => status === 200,
        30_000,
      );
      await loaded(test.client, 3);
      expect((await test.client.statements()).statements).to.have.lengthOf(3);
      expect(JSON.stringify(lines)).to.not.match(/secret|SELECT/);
      await test.end();
      relay.cut();
      await server.end();
    }).timeout(120_000);
  });
}
