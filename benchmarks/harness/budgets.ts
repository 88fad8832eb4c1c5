import { percentOf } from './added';
import type { Result } from './report';

/** What a case may cost. Ratios are those of the result: the other's number divided by the subject's. */
export interface Budget {
  readonly minRatio?: number;
  /** Largest number of the case's subject, in the unit of the case. */
  readonly maxOurs?: number;
  /** What the official driver took where `maxOurs` was set. When it takes longer, the machine is slow, and so may ours. */
  readonly official?: number;
  /** Where subjects took turns in one process: the most that the case's subject may add, in % of the plain driver. */
  readonly maxAdded?: number;
  /** The same divided by what the official telemetry adds. */
  readonly maxToOfficial?: number;
  /** What was aimed at, and why the limit is another, where it is. */
  readonly goal?: string;
  readonly reason?: string;
}

/** The most that something countable may come to; `goal`: what it is to come to. */
export interface Limit {
  readonly max: number;
  readonly goal?: number;
  readonly reason?: string;
}

export interface Budgets {
  /** What the short form takes for good enough. */
  readonly short: {
    /** Of what a ratio is to be above 1, this share. */
    readonly shareOfRatio: number;
    /** Times, sizes and what is added may be so much larger. */
    readonly factorOfOurs: number;
  };
  /** For the fleet simulation, as multiples of the mean requests per second; and records that had to arrive. */
  readonly fleet: {
    /** Requests in a second after a disturbance. */
    readonly maxPeakToMean: number;
    /** Requests in a second for a flag that was asked for before. */
    readonly maxFlagPeakToMean: number;
    readonly maxLost: number;
  };
  /** The library's sources, see `structure/figures.ts`. */
  readonly structure: Readonly<Record<string, Limit>>;
  readonly cases: Readonly<Record<string, Budget>>;
}

/**
 * One sentence for each budget that a run has broken. A ratio, or what is added, breaks its budget when its whole
 * confidence interval lies beyond it, a number when three of four measurements do (other work on the machine only adds),
 * a fact when it does not hold.
 */
export function brokenBudgets(results: readonly Result[], budgets: Budgets, isShort: boolean): string[] {
  return results.flatMap((result) => {
    if (result.holds === false) return [`${result.id}: does not hold`];
    const budget = budgets.cases[result.id] ?? {};
    const ease = isShort ? budgets.short : { shareOfRatio: 1, factorOfOurs: 1 };
    return [
      ...brokenRatio(result, budget, ease),
      ...brokenNumber(result, budget, ease),
      ...brokenAdded(result, budget, ease),
    ];
  });
}

// Comparisons are written so that NaN, a number that was not measured, breaks a budget.

function brokenRatio({ id, ratio }: Result, { minRatio }: Budget, { shareOfRatio }: Budgets['short']): string[] {
  if (minRatio === undefined) return [];
  const limit = minRatio > 1 ? 1 + (minRatio - 1) * shareOfRatio : minRatio;
  const { median = NaN, atMost = NaN } = ratio ?? {};
  return atMost >= limit ? [] : [`${id}: ratio ${median.toFixed(3)}, at least ${limit.toFixed(3)} allowed`];
}

function brokenNumber(result: Result, { maxOurs, official }: Budget, { factorOfOurs }: Budgets['short']): string[] {
  if (maxOurs === undefined) return [];
  const { id, unit, values, subject } = result;
  const limit = maxOurs * factorOfOurs * slownessOf(result, official);
  const { median = NaN, low = NaN } = values[subject] ?? {};
  if (low <= limit) return [];
  return [`${id}: ${median.toPrecision(3)} ${unit}, at most ${Math.round(limit * 100) / 100} allowed`];
}

function brokenAdded(
  result: Result,
  { maxAdded, maxToOfficial }: Budget,
  { factorOfOurs }: Budgets['short'],
): string[] {
  const { id, added, subject } = result;
  const broken: string[] = [];
  if (maxAdded !== undefined) {
    const limit = maxAdded * factorOfOurs;
    const interval = added?.subjects[subject];
    const { value = NaN, low = NaN } = interval === undefined ? {} : percentOf(interval, added?.plain ?? NaN);
    if (!(low <= limit)) broken.push(`${id}: ${value.toFixed(1)} % added, at most ${limit} allowed`);
  }
  // Where the official telemetry adds nothing that can be told from zero, there is no ratio, and nothing to compare.
  const ratio = added?.toOfficial;
  const limit = (maxToOfficial ?? Infinity) * factorOfOurs;
  if (ratio !== undefined && !(ratio.low <= limit)) {
    broken.push(`${id}: ${ratio.value.toFixed(2)} times what official adds, at most ${limit} allowed`);
  }
  return broken;
}

/** How much slower than usual the machine is: never below 1. */
function slownessOf(result: Result, usual: number | undefined): number {
  const official = result.values.official?.median;
  return usual === undefined || official === undefined ? 1 : Math.max(1, official / usual);
}
