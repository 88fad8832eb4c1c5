import { getHeapStatistics } from 'node:v8';

/** One way of doing the work that is compared. */
export interface Subject {
  /** Not measured: gets ready for `count` units of work. */
  prepare?(count: number): void;
  /** Measured: does `count` units of work and returns without yielding. */
  run(count: number): void;
  /** Not measured: lets what `run` has started come to its end. */
  settle?(): Promise<void>;
}

/**
 * `plain`: the driver without telemetry; `again`: the same once more, which shows what a run cannot tell apart;
 * `floor`: the driver without telemetry, and a request of a batch's size for each hundred statements; `official`: the
 * driver with its own telemetry; `disabled`: this library, switched off.
 */
export type SubjectName =
  | 'ours'
  | 'subscribed'
  | 'traced'
  | 'disabled'
  | 'official'
  | 'plain'
  | 'again'
  | 'floor'
  | 'opentelemetry'
  | 'uncompressed';

export type Subjects = Partial<Record<SubjectName, Subject>>;

/** Measurements by subject, one number for each round; round `i` of all subjects ran side by side. */
export type Rounds = Partial<Record<SubjectName, readonly number[]>>;

export interface Effort {
  readonly rounds: number;
  /** Measured stretches of one round. */
  readonly stretches: number;
  /** Units of work in one stretch. */
  readonly count: number;
}

type Meter = (subject: Subject, count: number) => number;

/** Nanoseconds that `run` takes. */
const stopwatch: Meter = (subject, count) => {
  const startedAt = process.hrtime.bigint();
  subject.run(count);
  return Number(process.hrtime.bigint() - startedAt);
};

/** Bytes that `run` allocates; a collection in between makes it meaningless, which is why the median counts. */
const allocations: Meter = (subject, count) => {
  const before = getHeapStatistics().used_heap_size;
  subject.run(count);
  return getHeapStatistics().used_heap_size - before - READING_BYTES;
};

/** What reading the heap's size allocates by itself. */
const READING_BYTES = ((): number => {
  const read: number[] = [];
  for (let i = 0; i < 1000; i += 1) read.push(getHeapStatistics().used_heap_size);
  const steps = read.slice(1).map((value, i) => value - (read[i] ?? 0));
  return steps.sort((a, b) => a - b)[500] ?? 0;
})();

async function oneStretch(subject: Subject, count: number, meter: Meter): Promise<number> {
  subject.prepare?.(count);
  const value = meter(subject, count);
  await subject.settle?.();
  return value;
}

/** Measures all subjects in turn, in an order of its own for each round, after `warmUps` rounds that do not count. */
async function interleaved(subjects: Subjects, effort: Effort, meter: Meter, warmUps: number): Promise<Rounds> {
  const names = Object.keys(subjects) as SubjectName[];
  const rounds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<SubjectName, number[]>;
  for (let round = -warmUps; round < effort.rounds; round += 1) {
    for (const name of shuffled(names)) {
      const subject = subjects[name] as Subject;
      const stretches: number[] = [];
      for (let i = 0; i < effort.stretches; i += 1) stretches.push(await oneStretch(subject, effort.count, meter));
      stretches.sort((a, b) => a - b);
      if (round >= 0) rounds[name].push((stretches[stretches.length >> 1] ?? NaN) / effort.count);
    }
  }
  return rounds;
}

/** Nanoseconds for one unit of work: the median stretch of each round. */
export function timePerUnit(subjects: Subjects, effort: Effort): Promise<Rounds> {
  return interleaved(subjects, effort, stopwatch, Math.ceil(effort.rounds / 3));
}

/** Bytes allocated on the heap for one unit of work. */
export function bytesPerUnit(subjects: Subjects, effort: Effort): Promise<Rounds> {
  return interleaved(subjects, { ...effort, rounds: Math.ceil(effort.rounds / 3) }, allocations, 1);
}

/** A turn of the event loop, or several. */
export async function turns(count = 1): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Milliseconds of CPU that this process has used. What other processes do to the machine is not in it. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Longest time in milliseconds for which `work` keeps the event loop from everything else: between two of its turns the
 * time that passed, or the CPU of all threads where that is less. Time that another process took does not count, nor
 * does what helper threads do while the loop goes on.
 */
export async function longestBlock(work: () => Promise<void>): Promise<number> {
  let longestMs = 0;
  let isOver = false;
  let [lastMs, lastCpuMs] = [0, 0];
  const look = (): void => {
    longestMs = Math.max(longestMs, Math.min(performance.now() - lastMs, cpuMs() - lastCpuMs));
    if (!isOver) setImmediate(look);
    [lastMs, lastCpuMs] = [performance.now(), cpuMs()];
  };
  await turns(2);
  [lastMs, lastCpuMs] = [performance.now(), cpuMs()];
  setImmediate(look);
  await work();
  await turns(2);
  isOver = true;
  return longestMs;
}

/** `values` in an order of their own for each round: what always came first would always find the same caches. */
export function shuffled<T>(values: readonly T[]): T[] {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    const other = Math.floor(Math.random() * (i + 1));
    [shuffled[i], shuffled[other]] = [shuffled[other] as T, shuffled[i] as T];
  }
  return shuffled;
}

/** Empties the young generation, so that nobody pays for what somebody else left there. */
export function collectYoung(): void {
  const collect = globalThis.gc as ((options: { type: 'minor' }) => void) | undefined;
  collect?.({ type: 'minor' });
  collect?.({ type: 'minor' });
}
