import { readFileSync } from 'node:fs';
import https from 'node:https';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Round } from '../harness/added';
import { answer, taskOf } from '../harness/childProcess';
import { collectYoung, cpuMs, shuffled, turns, type SubjectName } from '../harness/measure';
import { spreadOf } from '../harness/spread';
import { connect, flush, runQuery } from '../workload/clients';
import { newHost, type Settings } from '../workload/redirect';

/** What each subject does in a round. */
export interface Work {
  readonly sql: string;
  readonly useCloudFetch: boolean;
  readonly queries: number;
  /** Queries of one subject before another has its turn: what disturbs the machine or the heap disturbs all alike. */
  readonly block: number;
}

export interface Task {
  readonly settings: Settings;
  /** All of them are clients of this one process. */
  readonly names: readonly SubjectName[];
  readonly work: Work;
  /** What the subject `floor` posts at the end of a round. */
  readonly bodyFile: string;
  /** Rounds while the engine still compiles the driver, and this library too. */
  readonly youngRounds: number;
  readonly rounds: number;
  readonly loopRounds: number;
  /** Rounds in which the allocated bytes are counted instead of the CPU. */
  readonly bytesRounds: number;
}

export interface Turns {
  /** Microseconds of CPU for one query. */
  readonly cpuUs: readonly Round[];
  readonly youngCpuUs: readonly Round[];
  readonly p50Ms: readonly Round[];
  readonly p99Ms: readonly Round[];
  /** Longest delays of the event loop, 99 of 100 are shorter. */
  readonly loopMs: readonly Round[];
  /** Bytes allocated for one query. */
  readonly bytes: readonly Round[];
}

interface Subject {
  query(): Promise<unknown>;
  /** Sends what the queries have left to send. */
  flush(): Promise<unknown>;
}

async function subjectOf(name: SubjectName, { settings, bodyFile, work }: Task): Promise<Subject> {
  // A flush at the end of a round, and none for the time that passes while the others have their turns.
  const client = await connect(name, settings, { telemetryFlushIntervalMs: 3_600_000 });
  const session = await client.openSession();
  const query = (): Promise<number> => runQuery(session, work.sql, work.useCloudFetch);
  if (name === 'floor') return { query, flush: barePost(settings, readFileSync(bodyFile)) };
  return { query, flush: () => flush(client) };
}

/** Posts `body` over a connection that is kept. */
function barePost(settings: Settings, body: Buffer): () => Promise<void> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    authorization: `Bearer ${settings.token}`,
  };
  const { host } = newHost(settings);
  return () =>
    new Promise((resolve, reject) => {
      const options = { host, port: 443, path: '/api/2.0/sql/telemetry-ext', method: 'POST', headers, agent };
      const request = https.request(options, (response) => {
        response.resume().on('end', resolve);
      });
      request.on('error', reject).end(body);
    });
}

/** The subjects of this process and what they do. */
interface Field {
  readonly subjects: ReadonlyMap<SubjectName, Subject>;
  readonly work: Work;
}

/** One number for each subject, taken in an order of its own for each round. */
async function inTurns(
  { subjects }: Field,
  numberOf: (subject: Subject, name: SubjectName) => Promise<number>,
): Promise<Round> {
  const numbers = new Map<SubjectName, number>();
  for (const [name, subject] of shuffled([...subjects])) numbers.set(name, await numberOf(subject, name));
  return Object.fromEntries(numbers);
}

interface Times {
  readonly cpuUs: Round;
  readonly p50Ms: Round;
  readonly p99Ms: Round;
}

/** All queries of each subject, a block at a time. */
async function timedRound(field: Field): Promise<Times> {
  const { subjects, work } = field;
  const names = [...subjects.keys()];
  const usedMs = new Map<SubjectName, number>();
  const latenciesMs = new Map(names.map((name) => [name, [] as number[]]));
  for (let done = work.block; done <= work.queries; done += work.block) {
    await inTurns(field, async (subject, name) => {
      const before = cpuMs();
      for (let i = 0; i < work.block; i += 1) {
        const startedAtMs = performance.now();
        await subject.query();
        latenciesMs.get(name)?.push(performance.now() - startedAtMs);
      }
      if (done === work.queries) await subject.flush();
      const used = cpuMs() - before;
      usedMs.set(name, (usedMs.get(name) ?? 0) + used);
      return used;
    });
  }
  const round = (numberOf: (name: SubjectName, sortedMs: readonly number[]) => number): Round =>
    Object.fromEntries(
      names.map((name) => [
        name,
        numberOf(
          name,
          (latenciesMs.get(name) ?? []).sort((a, b) => a - b),
        ),
      ]),
    );
  return {
    cpuUs: round((name) => ((usedMs.get(name) ?? NaN) * 1000) / work.queries),
    p50Ms: round((_name, sortedMs) => spreadOf(sortedMs).median),
    p99Ms: round((_name, sortedMs) => sortedMs[Math.ceil(sortedMs.length * 0.99) - 1] ?? NaN),
  };
}

async function allQueries(subject: Subject, { queries }: Work): Promise<void> {
  for (let i = 0; i < queries; i += 1) await subject.query();
  await subject.flush();
}

/** Milliseconds by which the event loop is late; watching it costs CPU by itself. */
function loopRound(field: Field): Promise<Round> {
  return inTurns(field, async (subject) => {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    await allQueries(subject, field.work);
    loop.disable();
    return loop.percentile(99) / 1e6;
  });
}

/** Counts collections of garbage, which are reported a little later than they happen. */
class Collections {
  private count = 0;

  constructor() {
    new PerformanceObserver((list) => (this.count += list.getEntries().length)).observe({ entryTypes: ['gc'] });
  }

  async seen(): Promise<number> {
    await turns(3);
    return this.count;
  }
}

/** On the heap, and of buffers beside it. */
function allocatedBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/**
 * How much the heap grows with one query, sending included, while nothing is collected: the young generation is large
 * enough, and emptied before. Undefined where something was collected all the same.
 */
async function bytesRound(field: Field, collections: Collections): Promise<Round | undefined> {
  let isDisturbed = false;
  const bytes = await inTurns(field, async (subject) => {
    collectYoung();
    const seen = await collections.seen();
    const before = allocatedBytes();
    await allQueries(subject, field.work);
    const grown = allocatedBytes() - before;
    isDisturbed ||= (await collections.seen()) !== seen;
    return grown / field.work.queries;
  });
  return isDisturbed ? undefined : bytes;
}

async function timesOf<T>(count: number, once: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let i = 0; i < count; i += 1) all.push(await once());
  return all;
}

async function run(task: Task): Promise<Turns> {
  const subjects = new Map<SubjectName, Subject>();
  for (const name of task.names) subjects.set(name, await subjectOf(name, task));
  const field: Field = { subjects, work: task.work };
  const young = await timesOf(task.youngRounds, () => timedRound(field));
  const times = await timesOf(task.rounds, () => timedRound(field));
  const loopMs = await timesOf(task.loopRounds, () => loopRound(field));
  const collections = new Collections();
  const bytes = await timesOf(task.bytesRounds, () => bytesRound(field, collections));
  return {
    cpuUs: times.map(({ cpuUs }) => cpuUs),
    // Without the very first, in which connections are made.
    youngCpuUs: young.slice(1).map(({ cpuUs }) => cpuUs),
    p50Ms: times.map(({ p50Ms }) => p50Ms),
    p99Ms: times.map(({ p99Ms }) => p99Ms),
    loopMs,
    bytes: bytes.filter((round) => round !== undefined),
  };
}

void run(taskOf<Task>()).then(answer);
