import { startLocalWorkspace, type FaultSpec } from 'databricks-local-workspace';

/** What the benchmark asks of the workspace, which runs in a process of its own so that its CPU does not count. */
export type Request = { readonly fault: FaultSpec } | { readonly clear: true };

async function main(): Promise<void> {
  const workspace = await startLocalWorkspace({ seed: 'demo' });
  process.on('message', (request: Request) => {
    if ('fault' in request) workspace.faults.add(request.fault);
    else workspace.faults.clear();
    process.send?.({ done: true });
  });
  process.on('disconnect', () => process.exit());
  process.send?.(workspace.connectionOptions);
}

void main();
