import { startLocalWorkspace } from 'databricks-local-workspace';
import { keepsAllWhenKilled, KILLS } from './kills';

describe(`two collectors on one warehouse, one of which is killed (${KILLS} times)`, function () {
  this.timeout(180_000 + KILLS * 20_000);
  // What is lost once is lost.
  this.retries(0);

  it('lose nothing that either acknowledged, store nothing twice, and answer alike', async () => {
    const workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    await keepsAllWhenKilled({ store: 'databricks', databricks });
    await workspace.close();
  });
});
