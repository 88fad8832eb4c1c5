import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalWorkspace } from 'databricks-local-workspace';
import { startCollector, type Collector } from 'databricks-telemetry-collector';
import { Application } from '../workload';
import { uploadHistory } from './history';
import { LiveFleet } from './LiveFleet';

const HISTORY_EVERY_MS = 10_000;

/** A workspace, a collector, and services that work until Ctrl-C. Leaves nothing behind. */
export async function runDashboard(progress: (line: string) => void): Promise<void> {
  const interrupted = once(process, 'SIGINT');
  process.once('SIGTERM', () => process.emit('SIGINT'));
  progress('starting a local workspace with a data set of a million rows');
  const workspace = await startLocalWorkspace({ seed: 'demo' });
  const data = await mkdtemp(join(tmpdir(), 'telemetry-demo-'));
  const collector = await collectorAt(data);
  const fleet = new LiveFleet(workspace, collector.address, progress);
  const history = setInterval(() => {
    uploadHistory(workspace, collector.address).catch((error: unknown) =>
      progress(`no query history: ${String(error)}`),
    );
  }, HISTORY_EVERY_MS);
  try {
    process.stdout.write(`\n  The page: ${collector.address}/  (Ctrl-C ends it and leaves nothing behind)\n\n`);
    const connection = { ...workspace.connectionOptions, userAgentEntry: 'first-steps' };
    const application = new Application(connection, progress, collector.address);
    const everything = application.run().then(() => fleet.live());
    await Promise.race([interrupted, everything]);
    progress('ending');
  } finally {
    clearInterval(history);
    await fleet.stop();
    await collector.close();
    await workspace.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** At the port that its documentation names, or at any other when that one is taken. */
async function collectorAt(data: string): Promise<Collector> {
  try {
    return await startCollector({ data });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return startCollector({ data, port: 0 });
  }
}
