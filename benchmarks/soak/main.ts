import { parseArgs } from 'node:util';
import { HostRegistry } from '../../lib/telemetry/hosts/HostRegistry';
import { TelemetryClient } from '../../lib/telemetry/TelemetryClient';
import { TelemetryEventEmitter } from '../../lib/telemetry/TelemetryEventEmitter';
import { ConnectionObserver } from '../../lib/observe/ConnectionObserver';
import { turns } from '../harness/measure';
import { table } from '../harness/report';
import { statementId } from '../subjects/official';
import { CONNECTION, contextWith } from '../subjects/ours';
import { ACCEPTED, stubTransport } from '../subjects/stubTransport';
import { connect, runQuery } from '../workload/clients';
import { WorkspaceProcess } from '../workload/workspace';

/** What must stay flat. */
interface Sample {
  readonly statements: number;
  readonly heapBytes: number;
  readonly handles: number;
  readonly listeners: number;
}

const SAMPLES = 12;
/** The first samples fill caches and what is bounded. */
const WARM_UP = 4;
const MAX_GROWTH_BYTES = 512 * 1024;

async function sample(statements: number): Promise<Sample> {
  await turns(5);
  globalThis.gc?.();
  globalThis.gc?.();
  return {
    statements,
    heapBytes: process.memoryUsage().heapUsed,
    handles: process.getActiveResourcesInfo().length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

function print(samples: readonly Sample[]): void {
  const rows = samples.map(({ statements, heapBytes, handles, listeners }) => [
    String(statements),
    (heapBytes / 1024 / 1024).toFixed(2),
    String(handles),
    String(listeners),
  ]);
  process.stdout.write(`${table([['statements', 'heap MiB', 'handles', 'listeners'], ...rows])}\n`);
}

/** What is not flat, in words. */
function growths(name: string, samples: readonly Sample[]): string[] {
  const later = samples.slice(WARM_UP);
  const half = later.length >> 1;
  const least = (part: readonly Sample[], read: (one: Sample) => number): number => Math.min(...part.map(read));
  const growthOf = (read: (one: Sample) => number): number =>
    least(later.slice(half), read) - least(later.slice(0, half), read);
  const found: string[] = [];
  const bytes = growthOf((one) => one.heapBytes);
  if (bytes > MAX_GROWTH_BYTES) found.push(`${name}: the heap grew by ${Math.round(bytes / 1024)} KiB`);
  if (growthOf((one) => one.handles) > 0) found.push(`${name}: handles grew`);
  if (growthOf((one) => one.listeners) > 0) found.push(`${name}: listeners grew`);
  return found;
}

/** Statements of every kind through the pipeline, against a service in this process that sometimes refuses. */
async function againstStub(statements: number): Promise<string[]> {
  let requests = 0;
  const flags =
    '{"flags":[{"name":"databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs","value":"true"}]}';
  const restore = stubTransport(async (_target, { method }) => {
    await turns(1);
    if (method === 'GET') return { ...ACCEPTED, body: flags } as typeof ACCEPTED;
    requests += 1;
    return requests % 50 === 0 ? { kind: 'failed', name: 'Error', code: 'ECONNRESET' } : ACCEPTED;
  });
  const context = contextWith({ telemetryFlushIntervalMs: 100, telemetryBackoffBaseMs: 1 });
  const client = new TelemetryClient(context, 'workspace.test', new HostRegistry());
  client.attach(CONNECTION.origin);
  const emitter = new TelemetryEventEmitter(context);
  emitter.attach(client.getAggregator());
  const observer = new ConnectionObserver(CONNECTION, emitter, context);
  const names = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined } as const;
  const samples: Sample[] = [];
  for (let part = 0; part < SAMPLES; part += 1) {
    for (let i = 0; i < statements / SAMPLES; i += 1) {
      const observation = observer.statementStarted('session', names);
      observation.aggregate.statementId = statementId(i);
      if (i % 10 === 0) {
        for (let index = 0; index < 5; index += 1) {
          observer.chunkDownloaded({ observation, index, sizeBytes: 1000 }, 12.5, 1000, 1);
        }
      }
      if (i % 20 === 0) observer.statementFailed(observation, new Error(`failure ${i}`), 'fetch');
      else observer.statementEnded(observation, 'delivered');
      if (i % 500 === 0) await turns(3);
    }
    samples.push(await sample(((part + 1) * statements) / SAMPLES));
  }
  print(samples);
  const { collected, delivered, rejected, dropped, pending } = client.getStats();
  const accounted = delivered + rejected + Object.values(dropped).reduce((sum, count) => sum + count, 0) + pending;
  await client.close();
  restore();
  const books = collected === accounted ? [] : [`stub: ${collected} collected, ${accounted} accounted for`];
  return [...growths('stub', samples), ...books];
}

/** Queries against a local workspace for `minutes`. */
async function againstWorkspace(minutes: number): Promise<string[]> {
  const workspace = await WorkspaceProcess.start();
  const client = await connect('ours', workspace.settings);
  const samples: Sample[] = [];
  let statements = 0;
  for (let part = 0; part < SAMPLES; part += 1) {
    const endMs = performance.now() + (minutes * 60_000) / SAMPLES;
    const session = await client.openSession();
    while (performance.now() < endMs) {
      await runQuery(session, 'SELECT 1 AS one');
      if (statements % 25 === 0) await runQuery(session, 'SELECT no_such_column').catch(() => undefined);
      statements += 1;
    }
    await session.close();
    samples.push(await sample(statements));
  }
  print(samples);
  await client.close();
  workspace.stop();
  return growths('workspace', samples);
}

/** `--statements`: through the pipeline alone; `--minutes`: against a local workspace, 0 leaves that out. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { statements: { type: 'string', default: '5000000' }, minutes: { type: 'string', default: '20' } },
  });
  const found = await againstStub(Number(values.statements));
  if (Number(values.minutes) > 0) found.push(...(await againstWorkspace(Number(values.minutes))));
  for (const line of found) process.stdout.write(`not flat: ${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}

void main().then(() => process.exit());
