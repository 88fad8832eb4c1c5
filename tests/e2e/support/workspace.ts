import { startLocalWorkspace, type LocalWorkspace, type LocalWorkspaceOptions } from 'databricks-local-workspace';
import { onFreshPort } from './freshPort';

export function startFreshWorkspace(options: LocalWorkspaceOptions = {}): Promise<LocalWorkspace> {
  return onFreshPort(() => startLocalWorkspace(options));
}
