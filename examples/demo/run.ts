import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient } from 'databricks-sql-telemetry';
import { checkPromises } from './promises';
import { ReceivedTelemetry } from './received';
import type { Summary } from './summary';
import { Application } from './workload';

const FLAG_DELAY_MS = 500;
const CONNECTS = 9;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Time of `connect()` with and without telemetry, in turns, while the flag endpoint is slow. */
async function measureConnect(workspace: LocalWorkspace): Promise<Summary['connect']> {
  const fault = workspace.faults.add({ route: 'feature-flags', delayMs: FLAG_DELAY_MS });
  const times = { with: [] as number[], without: [] as number[] };
  for (let turn = 0; turn < CONNECTS; turn += 1) {
    for (const mode of ['with', 'without'] as const) {
      const client = new DBSQLClient({ logger: { log: () => undefined } });
      const startedAtMs = performance.now();
      await client.connect({ ...workspace.connectionOptions, telemetryEnabled: mode === 'with' });
      times[mode].push(performance.now() - startedAtMs);
      await client.close();
    }
  }
  fault.remove();
  return { withMs: median(times.with), withoutMs: median(times.without), flagDelayMs: FLAG_DELAY_MS };
}

function driverVersion(): string {
  return (require('@databricks/sql/package.json') as { version: string }).version;
}

/** Starts a workspace, works on it, and compares what both sides know. `progress` gets a line for each step. */
export async function runDemo(progress: (line: string) => void): Promise<Summary> {
  progress('starting a local workspace with a data set of a million rows');
  const workspace = await startLocalWorkspace({ seed: 'demo' });
  const rejections: string[] = [];
  process.on('unhandledRejection', (reason) => rejections.push(`unhandled rejection: ${String(reason)}`));
  try {
    const application = new Application(workspace.connectionOptions, progress);
    const lastClient = await application.run();
    const stats = lastClient.getTelemetryStats();
    progress('comparing');
    const received = new ReceivedTelemetry(workspace);
    const requestsTo = (route: string): number =>
      workspace.received.requests().filter((request) => request.route.startsWith(route)).length;
    const requests = {
      featureFlag: requestsTo('feature-flags'),
      telemetry: requestsTo('telemetry'),
      thrift: requestsTo('thrift'),
      files: requestsTo('cloudfetch'),
    };
    const unexpected = [...application.unexpected, ...rejections];
    const known = new Set(application.seen.map(({ statementId }) => statementId));
    const run = {
      driver: driverVersion(),
      threw: unexpected.length,
      dropped: stats?.droppedMetrics ?? NaN,
      statements: application.seen.map((seen) => ({
        seen,
        received: received.statements.find(({ statementId }) => statementId === seen.statementId),
        local: application.counted.get(seen.statementId),
      })),
      sessions: { opened: received.sessionsOpened, closed: received.sessionsClosed },
      accounting: {
        collected: stats?.collected ?? NaN,
        delivered: stats?.delivered ?? NaN,
        rejected: stats?.rejected ?? NaN,
        dropped: stats?.droppedMetrics ?? NaN,
        droppedByReason: stats?.dropped ?? {},
        pending: stats?.pending ?? NaN,
      },
      requests,
      connect: await measureConnect(workspace),
    };
    const promises = checkPromises(run, {
      strangers: received.statements.map(({ statementId }) => statementId).filter((id) => !known.has(id)),
      loudLines: application.loudLines,
      unexpected,
    });
    return { ...run, promises, ok: promises.every(({ holds }) => holds) };
  } finally {
    await workspace.close();
  }
}
