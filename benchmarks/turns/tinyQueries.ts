import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { answerOf } from '../harness/childProcess';
import type { SubjectName } from '../harness/measure';
import { REPORTS } from '../harness/places';
import { addedResult, type Result } from '../harness/report';
import { connect, flush, runQuery } from '../workload/clients';
import { withWorkspace, type WorkspaceProcess } from '../workload/workspace';
import type { Task, Turns, Work } from './turnsProcess';

/** `floor`: a bare request with the same bytes; `again`: what cannot be told apart. */
const NAMES = ['plain', 'again', 'floor', 'official', 'ours', 'disabled'] as const satisfies readonly SubjectName[];

/** A default batch: the telemetry of a round is one request of its natural size. */
const WORK: Work = { sql: 'SELECT 1 AS one', useCloudFetch: false, queries: 100, block: 20 };

/** Processes one after the other; rounds of a hundred queries of each subject. */
interface Plan {
  readonly processes: number;
  readonly youngRounds: number;
  readonly rounds: number;
  readonly loopRounds: number;
  readonly bytesRounds: number;
}

const LONG: Plan = { processes: 3, youngRounds: 15, rounds: 30, loopRounds: 4, bytesRounds: 8 };
const SHORT: Plan = { processes: 2, youngRounds: 5, rounds: 8, loopRounds: 1, bytesRounds: 4 };

/** As few as tell this library from the official telemetry, in processes that have compiled what is hot. */
const BARS: Plan = { processes: 2, youngRounds: 12, rounds: 15, loopRounds: 0, bytesRounds: 6 };

/** Room for what a hundred queries allocate, so that nothing is collected while bytes are counted, in MiB. */
const YOUNG_GENERATION = 128;

/** However late an answer is on a busy machine, the driver does not ask whether there is one. */
const NEVER_POLLED = { asyncAfterMs: 60_000 };

/** The logs of a hundred queries as this library sends them, as the body of a request. */
async function writeBody(workspace: WorkspaceProcess, file: string): Promise<void> {
  const client = await connect('ours', workspace.settings, { telemetryFlushIntervalMs: 3_600_000 });
  const session = await client.openSession();
  await flush(client);
  for (let i = 0; i < WORK.queries; i += 1) await runQuery(session, WORK.sql);
  await flush(client);
  const protoLogs = await workspace.lastLogs();
  await client.close();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ uploadTime: Date.now(), items: [], protoLogs }));
}

/** `plan` once: CPU and latencies in processes as applications have them, bytes in one with a large young generation. */
async function takeTurns(plan: Plan): Promise<{ readonly times: Turns[]; readonly bytes: Turns }> {
  const { processes, bytesRounds, ...rounds } = plan;
  const bodyFile = path.join(REPORTS, 'floor-body.json');
  return withWorkspace(async (workspace) => {
    await writeBody(workspace, bodyFile);
    const base = { settings: workspace.settings, names: NAMES, work: WORK, bodyFile };
    const start = (task: Task, flags: readonly string[] = []): Promise<Turns> =>
      answerOf(path.join(__dirname, 'turnsProcess.js'), task, { execArgv: ['--expose-gc', ...flags] });
    const times: Turns[] = [];
    for (let i = 0; i < processes; i += 1) {
      times.push(await start({ ...base, ...rounds, bytesRounds: 0 }));
      await workspace.ask({ forget: true });
    }
    const flags = ['min', 'max'].map((end) => `--${end}-semi-space-size=${YOUNG_GENERATION}`);
    const bytes = await start({ ...base, youngRounds: 4, rounds: 0, loopRounds: 0, bytesRounds }, flags);
    return { times, bytes };
  }, NEVER_POLLED);
}

/**
 * What a tiny query costs: plain driver, its own telemetry and this library as clients of one process that take turns in
 * short blocks, telemetry requests included.
 */
export function tinyQueries(_effort: unknown, isShort: boolean): Promise<Result[]> {
  return resultsOf(isShort ? SHORT : LONG);
}

/** The same with the effort of the table of bars. */
export function tinyQueriesForBars(): Promise<Result[]> {
  return resultsOf(BARS);
}

async function resultsOf(plan: Plan): Promise<Result[]> {
  const { times, bytes } = await takeTurns(plan);
  const cpu = times.map(({ cpuUs }) => cpuUs);
  const young = times.map(({ youngCpuUs }) => youngCpuUs);
  return [
    addedResult('turns.cpu', 'tiny query, CPU', 'µs', cpu, 'ours'),
    addedResult('turns.bytes', 'the same, bytes allocated', 'bytes', [bytes.bytes], 'ours'),
    addedResult('turns.young', 'the same, CPU while the engine still compiles', 'µs', young, 'ours'),
    addedResult('turns.off', 'the same, CPU, telemetry switched off', 'µs', cpu, 'disabled'),
    addedResult(
      'turns.off-bytes',
      'the same, bytes allocated, telemetry switched off',
      'bytes',
      [bytes.bytes],
      'disabled',
    ),
    addedResult(
      'turns.p50',
      'tiny query, median latency',
      'ms',
      times.map(({ p50Ms }) => p50Ms),
      'ours',
    ),
    addedResult(
      'turns.p99',
      'tiny query, 99 of 100 are faster',
      'ms',
      times.map(({ p99Ms }) => p99Ms),
      'ours',
    ),
    addedResult(
      'turns.loop',
      'tiny queries, delay of the event loop (p99)',
      'ms',
      times.map(({ loopMs }) => loopMs),
      'ours',
    ),
  ];
}
