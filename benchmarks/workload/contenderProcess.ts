import { collectYoung, cpuMs, type SubjectName } from '../harness/measure';
import { connect, flush, isLibrary, loadDriver, loadLibrary, runQuery, type Client, type Session } from './clients';
import type { Settings } from './redirect';

export interface Start {
  readonly name: SubjectName;
  readonly settings: Settings;
}

/** Milliseconds of a process that has done nothing yet. */
export interface ColdStart {
  readonly loadDriverMs: number;
  /** Loading the library when the driver is there already; 0 without the library. */
  readonly loadLibraryMs: number;
  /** From `connect()` to the end of the first statement. */
  readonly firstStatementMs: number;
}

export interface Slice {
  readonly sql: string;
  readonly queries: number;
  readonly useCloudFetch: boolean;
  /** Wait until the telemetry of all that came before is sent. */
  readonly flushes: boolean;
}

export interface SliceResult {
  readonly cpuMs: number;
  readonly latenciesMs: readonly number[];
}

export interface Memory {
  readonly heapBytes: number;
  readonly rssBytes: number;
}

export type Request = { readonly slice: Slice } | { readonly memory: true };

async function measured(client: Client, session: Session, slice: Slice): Promise<SliceResult> {
  const latenciesMs: number[] = [];
  collectYoung();
  const before = cpuMs();
  for (let i = 0; i < slice.queries; i += 1) {
    const startedAtMs = performance.now();
    await runQuery(session, slice.sql, slice.useCloudFetch);
    latenciesMs.push(performance.now() - startedAtMs);
  }
  if (slice.flushes) await flush(client);
  return { cpuMs: cpuMs() - before, latenciesMs };
}

function memory(): Memory {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, rssBytes: rss };
}

/** Milliseconds that loading takes, once for the driver and once for the library on top of it. */
function load(name: SubjectName): Omit<ColdStart, 'firstStatementMs'> {
  const startedAtMs = performance.now();
  loadDriver();
  const driverAtMs = performance.now();
  if (isLibrary(name)) loadLibrary();
  return { loadDriverMs: driverAtMs - startedAtMs, loadLibraryMs: performance.now() - driverAtMs };
}

async function main(): Promise<void> {
  const { name, settings } = JSON.parse(process.argv[2] ?? '') as Start;
  const loaded = load(name);
  const startedAtMs = performance.now();
  // A flush for each full batch, and none for the time that passes while the others have their turns.
  const client = await connect(name, settings, { telemetryFlushIntervalMs: 3_600_000 });
  const session = await client.openSession();
  await runQuery(session, 'SELECT 1 AS one');
  const cold: ColdStart = { ...loaded, firstStatementMs: performance.now() - startedAtMs };
  process.on('message', (request: Request) => {
    if ('memory' in request) process.send?.(memory());
    else void measured(client, session, request.slice).then((result) => process.send?.(result));
  });
  process.on('disconnect', () => process.exit());
  process.send?.(cold);
}

void main();
