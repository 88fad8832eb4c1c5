import type { SubjectName } from './measure';
import { spreadOf } from './spread';

/** A number with an interval that holds the true one in 95 of 100 runs. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What each subject took in one round, in which all had their turns. */
export type Round = Readonly<Partial<Record<SubjectName, number>>>;

/** The rounds of several processes: each compiles and lays out its code in a way of its own. */
export type Processes = readonly (readonly Round[])[];

/** What subjects take beyond the plain driver. */
export interface Added {
  /** Median of the plain driver: what the percentages are of. */
  readonly plain: number;
  readonly subjects: Readonly<Partial<Record<SubjectName, Interval>>>;
  /** What ours adds divided by what the official telemetry adds; undefined where that is not above zero. */
  readonly toOfficial: Interval | undefined;
}

/** Share of the rounds that is left out at each end: what a collection of garbage or the machine did to one of them. */
const TRIMMED = 0.1;
/** From so many on, one at least is left out at each end. */
const ENOUGH = 5;
const RESAMPLINGS = 1000;

export function addedOf(processes: Processes, random: () => number = seeded(1)): Added {
  const names = Object.keys(processes[0]?.[0] ?? {}).filter((name) => name !== 'plain') as SubjectName[];
  const beyond = (sample: Processes, name: SubjectName): number =>
    meanOf(sample.map((rounds) => trimmedMean(rounds.map((round) => (round[name] ?? NaN) - (round.plain ?? NaN)))));
  const resampled = Array.from({ length: RESAMPLINGS }, () => {
    const sample = drawn(processes, random).map((rounds) => drawn(rounds, random));
    return new Map(names.map((name) => [name, beyond(sample, name)]));
  });
  const widening = wideningOf(processes);
  const of = (name: SubjectName): Interval =>
    intervalOf(
      beyond(processes, name),
      resampled.map((values) => values.get(name) ?? NaN),
      widening,
    );
  const isComparable = names.includes('ours') && names.includes('official') && of('official').low > 0;
  return {
    plain: spreadOf(processes.flatMap((rounds) => rounds.map(({ plain = NaN }) => plain))).median,
    subjects: Object.fromEntries(names.map((name) => [name, of(name)])),
    toOfficial: isComparable
      ? intervalOf(
          beyond(processes, 'ours') / beyond(processes, 'official'),
          resampled.map((values) => (values.get('ours') ?? NaN) / (values.get('official') ?? NaN)),
          widening,
        )
      : undefined,
  };
}

/** `interval` as a percentage of what the plain driver takes. */
export function percentOf(interval: Interval, plain: number): Interval {
  const { value, low, high } = interval;
  return { value: (value / plain) * 100, low: (low / plain) * 100, high: (high / plain) * 100 };
}

export function trimmedMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const out = Math.max(Math.floor(sorted.length * TRIMMED), sorted.length < ENOUGH ? 0 : 1);
  return meanOf(sorted.slice(out, sorted.length - out));
}

/** Numbers from 0 to 1 that are the same in each run with the same `seed` (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** As many of `values` as there are, each drawn from all of them. */
function drawn<T>(values: readonly T[], random: () => number): T[] {
  return values.map(() => values[Math.floor(random() * values.length)] as T);
}

/** Samples drawn from few values lie closer together than the values that might have been measured. */
function wideningOf(processes: Processes): number {
  const count = processes.length > 1 ? processes.length : (processes[0]?.length ?? 0);
  return count > 1 ? Math.sqrt(count / (count - 1)) : NaN;
}

/** Where 95 of 100 resampled values lie around `value`. */
function intervalOf(value: number, resampled: readonly number[], widening: number): Interval {
  const sorted = [...resampled].sort((a, b) => a - b);
  const at = (share: number): number => {
    const end = sorted[Math.round((sorted.length - 1) * share)] ?? NaN;
    return value + (end - value) * widening;
  };
  return { value, low: at(0.025), high: at(0.975) };
}
