import { startLocalWorkspace } from '../../lib';

/** A workspace in a process of its own, which answers 'peak' with its peak memory in bytes. */
async function main(): Promise<void> {
  const workspace = await startLocalWorkspace();
  process.send?.(workspace.connectionOptions);
  process.on('message', () => process.send?.(process.resourceUsage().maxRSS * 1024));
  process.on('SIGTERM', () => void workspace.close().then(() => process.exit(0)));
}

void main();
