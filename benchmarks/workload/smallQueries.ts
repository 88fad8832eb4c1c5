import { shuffled, type SubjectName } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { spreadOf } from '../harness/spread';
import { startAll, type Contender } from './Contender';
import type { Memory, Slice, SliceResult } from './contenderProcess';
import { withWorkspace, type WorkspaceProcess } from './workspace';

const NAMES = ['plain', 'again', 'ours', 'disabled', 'official'] as const satisfies readonly SubjectName[];
type Name = (typeof NAMES)[number];
type Numbers = Record<Name, number[]>;

/** A default batch: the telemetry of a round is one request of its natural size. */
const QUERIES = 100;
/** Of one subject, before another has its turn: what disturbs the machine disturbs all. */
const SLICE = 20;

interface Measured {
  /** Until the engine has compiled what is hot; not what the very first batch takes. */
  readonly youngCpuUs: Numbers;
  readonly cpuUs: Numbers;
  readonly p50Ms: Numbers;
  readonly p99Ms: Numbers;
  readonly loopMs: Numbers;
  readonly heapMiB: Numbers;
  readonly rssMiB: Numbers;
  readonly growthBytes: Numbers;
}

const numbers = (): Numbers => ({ plain: [], again: [], ours: [], disabled: [], official: [] });

/**
 * Processes in which everything is measured anew, for what the layout of one process favours; rounds in each. A process
 * is young for its first 2,500 queries: about so long does the engine go on compiling the driver, and this library too.
 */
interface Plan {
  readonly sets: number;
  readonly youngRounds: number;
  readonly rounds: number;
  readonly loopRounds: number;
}

const LONG: Plan = { sets: 2, youngRounds: 25, rounds: 25, loopRounds: 8 };
const SHORT: Plan = { sets: 1, youngRounds: 6, rounds: 8, loopRounds: 2 };

type Contenders = Record<Name, Contender>;

/** A whole batch of each subject, `size` queries at a time. */
async function round(contenders: Contenders, size: number, watchesLoop: boolean): Promise<Record<Name, SliceResult[]>> {
  const results = Object.fromEntries(NAMES.map((name) => [name, [] as SliceResult[]])) as Record<Name, SliceResult[]>;
  for (let done = size; done <= QUERIES; done += size) {
    const flushes = done === QUERIES;
    const slice: Slice = { sql: 'SELECT 1 AS one', queries: size, useCloudFetch: false, flushes, watchesLoop };
    for (const name of shuffled(NAMES)) results[name].push(await contenders[name].run(slice));
  }
  return results;
}

/** For one query of a round. */
function cpuUsOf(slices: readonly SliceResult[]): number {
  return (slices.reduce((sum, { cpuMs }) => sum + cpuMs, 0) * 1000) / QUERIES;
}

async function memories(contenders: Contenders): Promise<Record<Name, Memory>> {
  const all: [Name, Memory][] = [];
  for (const name of NAMES) all.push([name, await contenders[name].memory()]);
  return Object.fromEntries(all) as Record<Name, Memory>;
}

async function measureSet(workspace: WorkspaceProcess, plan: Plan, into: Measured): Promise<void> {
  const contenders = await startAll(NAMES, workspace.settings);
  for (let i = 0; i < plan.youngRounds; i += 1) {
    const results = await round(contenders, SLICE, false);
    for (const name of NAMES) if (i > 0) into.youngCpuUs[name].push(cpuUsOf(results[name]));
  }
  for (let i = 0; i < plan.rounds; i += 1) {
    const results = await round(contenders, SLICE, false);
    for (const name of NAMES) {
      const latencies = results[name].flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
      into.cpuUs[name].push(cpuUsOf(results[name]));
      into.p50Ms[name].push(spreadOf(latencies).median);
      into.p99Ms[name].push(latencies[Math.floor(latencies.length * 0.99) - 1] ?? NaN);
    }
  }
  // Not before: after a forced collection the engine compiles everything anew, and a query takes half as much again.
  const before = await memories(contenders);
  for (const name of NAMES) {
    into.heapMiB[name].push(before[name].heapBytes / 2 ** 20);
    into.rssMiB[name].push(before[name].rssBytes / 2 ** 20);
  }
  for (let i = 0; i < plan.loopRounds; i += 1) {
    const results = await round(contenders, QUERIES, true);
    for (const name of NAMES) into.loopMs[name].push(results[name][0]?.loopDelayMs ?? NaN);
  }
  const after = await memories(contenders);
  for (const name of NAMES) {
    const grownBytes = after[name].heapBytes - before[name].heapBytes;
    into.growthBytes[name].push(grownBytes / plan.loopRounds / QUERIES);
  }
  for (const name of NAMES) contenders[name].stop();
  await workspace.ask({ forget: true });
}

function onAndOff({ disabled: _disabled, again: _again, ...rest }: Numbers): Partial<Numbers> {
  return rest;
}

/**
 * Small queries against a local workspace: each subject in a process of its own, taking turns, telemetry requests
 * included. The plain driver takes part twice: what the two differ by is what cannot be told apart.
 */
export async function smallQueries(_effort: unknown, isShort: boolean): Promise<Result[]> {
  const into: Measured = {
    youngCpuUs: numbers(),
    cpuUs: numbers(),
    p50Ms: numbers(),
    p99Ms: numbers(),
    loopMs: numbers(),
    heapMiB: numbers(),
    rssMiB: numbers(),
    growthBytes: numbers(),
  };
  const plan = isShort ? SHORT : LONG;
  await withWorkspace(async (workspace) => {
    for (let set = 0; set < plan.sets; set += 1) await measureSet(workspace, plan, into);
  });
  const { cpuUs } = into;
  const toPlain = { comparedWith: 'plain' } as const;
  const twice = { plain: cpuUs.plain, again: cpuUs.again };
  const off = { plain: cpuUs.plain, disabled: cpuUs.disabled };
  const row = (id: string, label: string, unit: Result['unit'], values: Numbers): Result =>
    resultOf(`workload.${id}`, label, unit, onAndOff(values), toPlain);
  return [
    resultOf('workload.noise', 'small query, CPU: the plain driver twice', 'µs', twice, {
      ...toPlain,
      subject: 'again',
    }),
    row('cpu', 'small query, CPU of the whole process', 'µs', cpuUs),
    row('young', 'the same, while the engine still compiles', 'µs', into.youngCpuUs),
    resultOf('workload.disabled', 'the same, telemetry switched off', 'µs', off, { ...toPlain, subject: 'disabled' }),
    row('p50', 'small query, median latency', 'ms', into.p50Ms),
    row('p99', 'small query, 99 of 100 are faster', 'ms', into.p99Ms),
    row('loop', 'small queries, delay of the event loop (p99)', 'ms', into.loopMs),
    row('heap', 'heap after the queries', 'MiB', into.heapMiB),
    row('rss', 'resident memory after the queries', 'MiB', into.rssMiB),
    row('growth', 'heap that a query leaves behind', 'bytes', into.growthBytes),
  ];
}
