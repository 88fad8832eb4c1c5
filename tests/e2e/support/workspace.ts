import { startLocalWorkspace, type LocalWorkspace, type LocalWorkspaceOptions } from 'databricks-local-workspace';

const usedPorts = new Set<number>();

/**
 * A workspace that no other test of this process has met: what the process remembers of a host (flag, breaker, pauses)
 * is kept by host and port, and the system may give out the port of a closed workspace again.
 */
export async function startFreshWorkspace(options: LocalWorkspaceOptions = {}): Promise<LocalWorkspace> {
  const workspace = await startLocalWorkspace(options);
  if (!usedPorts.has(workspace.port)) {
    usedPorts.add(workspace.port);
    return workspace;
  }
  await workspace.close();
  return startFreshWorkspace(options);
}
