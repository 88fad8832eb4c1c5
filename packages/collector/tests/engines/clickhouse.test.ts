import { expect } from 'chai';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { chdbPath, startClickHouse, type ClickHouseServer } from './chdb';
import { conformsWith } from './conformance';
import { Relay } from './relay';
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
