import { startLocalWorkspace, type FaultSpec, type LocalWorkspaceOptions } from 'databricks-local-workspace';
import type { Settings } from './redirect';

/** What the benchmark asks of the workspace, which runs in a process of its own so that its CPU does not count. */
export type Request =
  | { readonly fault: FaultSpec }
  | { readonly clear: true }
  /** Forgets what was received; the answer is how many telemetry and feature-flag requests there were. */
  | { readonly forget: true }
  /** For the logs of the telemetry request that was received last. */
  | { readonly lastLogs: true };

export interface Answer {
  readonly count: number;
  readonly logs: readonly string[];
}

const TELEMETRY = ['telemetry-ext', 'telemetry-unauth', 'feature-flags'] as const;

async function main(): Promise<void> {
  const workspace = await startLocalWorkspace(JSON.parse(process.argv[2] ?? '') as LocalWorkspaceOptions);
  const answer = (request: Request): Answer => {
    let count = 0;
    let logs: string[] = [];
    if ('fault' in request) workspace.faults.add(request.fault);
    else if ('clear' in request) workspace.faults.clear();
    else if ('lastLogs' in request) {
      const all = workspace.received.telemetryLogs();
      const last = all.at(-1)?.request;
      logs = all.filter((log) => log.request === last).map(({ raw }) => raw);
    } else {
      count = TELEMETRY.reduce((sum, route) => sum + workspace.received.requests({ route }).length, 0);
      workspace.received.clear();
    }
    return { count, logs };
  };
  process.on('message', (request: Request) => process.send?.(answer(request)));
  process.on('disconnect', () => process.exit());
  // Without the workspace's own CA, as on Databricks: Node.js would parse a list of certificates for each connection, and
  // join it for each request, in all subjects alike. `redirect.ts` leaves the certificate unchecked.
  const { host, port, path, token } = workspace.connectionOptions;
  process.send?.({ host, port, path, token } satisfies Settings);
}

void main();
