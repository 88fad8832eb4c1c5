import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { conformsWith } from './conformance';

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
