import { startLocalWorkspace, type FaultSpec } from 'databricks-local-workspace';
import type { Settings } from './redirect';

/** What the benchmark asks of the workspace, which runs in a process of its own so that its CPU does not count. */
export type Request =
  | { readonly fault: FaultSpec }
  | { readonly clear: true }
  /** Forgets what was received; the answer is how many telemetry and feature-flag requests there were. */
  | { readonly forget: true };

const TELEMETRY = ['telemetry-ext', 'telemetry-unauth', 'feature-flags'] as const;

async function main(): Promise<void> {
  const workspace = await startLocalWorkspace({ seed: process.argv[2] === 'demo' ? 'demo' : 'none' });
  const answer = (request: Request): number => {
    if ('fault' in request) workspace.faults.add(request.fault);
    else if ('clear' in request) workspace.faults.clear();
    else {
      const count = TELEMETRY.reduce((sum, route) => sum + workspace.received.requests({ route }).length, 0);
      workspace.received.clear();
      return count;
    }
    return 0;
  };
  process.on('message', (request: Request) => process.send?.({ count: answer(request) }));
  process.on('disconnect', () => process.exit());
  // Without the workspace's own CA, as on Databricks: Node.js would parse a list of certificates for each connection, and
  // join it for each request, in all subjects alike. `redirect.ts` leaves the certificate unchecked.
  const { host, port, path, token } = workspace.connectionOptions;
  process.send?.({ host, port, path, token } satisfies Settings);
}

void main();
