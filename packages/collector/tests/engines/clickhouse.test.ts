import type { CollectorOptions } from 'databricks-telemetry-collector';
import { chdbPath, startClickHouse, type ClickHouseServer } from './chdb';
import { conformsWith } from './conformance';

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
}
