import { DBSQLClient } from '@databricks/sql';
import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { conformsWith } from './conformance';
import { opensVersion1 } from './upgrade';

describe('statements in a Databricks warehouse', () => {
  let workspace: LocalWorkspace | undefined;

  const engine = async (): Promise<CollectorOptions> => {
    workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    return { store: 'databricks', databricks };
  };
  conformsWith(engine, true);
  // After the collectors, which close their sessions.
  after(() => workspace?.close());
});

describe('a Databricks warehouse that holds version 1', function () {
  this.timeout(180_000);
  it('opens with everything in it, learns what came later, and a newer version is refused', async () => {
    const workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    await opensVersion1({ store: 'databricks', databricks }, async () => {
      const client = new DBSQLClient({ logger: { log: () => undefined } });
      await client.connect({ host, port, path, token, customCaCert });
      const session = await client.openSession({ initialCatalog: 'main', initialSchema: 'default' });
      for (const sql of [
        'CREATE TABLE copied AS SELECT * EXCEPT (failedFileStatus) FROM statements_log',
        'CREATE OR REPLACE TABLE statements_log AS SELECT * FROM copied',
        'DROP TABLE copied',
        'DROP VIEW steering',
        'DROP TABLE steering_log',
      ]) {
        const operation = await session.executeStatement(sql);
        await operation.finished();
        await operation.close();
      }
      await session.close();
      await client.close();
    });
    await workspace.close();
  }).timeout(300_000);
});
