import type { Result } from './report';

/** What a case may cost. Ratios are those of the result: the other's number divided by the subject's. */
export interface Budget {
  readonly minRatio?: number;
  /** Largest number of the case's subject, in the unit of the case. */
  readonly maxOurs?: number;
  /** What the official driver took where `maxOurs` was set. When it takes longer, the machine is slow, and so may ours. */
  readonly official?: number;
  /** Case that compares a subject with itself: its distance from 1 is what this run cannot tell apart. */
  readonly noise?: string;
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
    /** Times and sizes may be so much larger. */
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
 * One sentence for each budget that a run has broken. A ratio breaks its budget when its whole confidence interval lies
 * beyond it, a number when three of four measurements do (other work on the machine only adds), a fact when it does not
 * hold.
 */
export function brokenBudgets(results: readonly Result[], budgets: Budgets, isShort: boolean): string[] {
  const { shareOfRatio, factorOfOurs } = budgets.short;
  return results.flatMap((result) => {
    if (result.holds === false) return [`${result.id}: does not hold`];
    const { minRatio, maxOurs, official, noise } = budgets.cases[result.id] ?? {};
    const broken: string[] = [];
    // Written so that NaN, a number that was not measured, breaks a budget.
    if (minRatio !== undefined) {
      const eased = isShort && minRatio > 1 ? 1 + (minRatio - 1) * shareOfRatio : minRatio;
      const limit = eased - noiseOf(results, noise);
      const { median = NaN, atMost = NaN } = result.ratio ?? {};
      if (!(atMost >= limit))
        broken.push(`${result.id}: ratio ${median.toFixed(3)}, at least ${limit.toFixed(3)} allowed`);
    }
    if (maxOurs !== undefined) {
      const limit = maxOurs * (isShort ? factorOfOurs : 1) * slownessOf(result, official);
      const { median = NaN, low = NaN } = result.values[result.subject] ?? {};
      if (!(low <= limit))
        broken.push(
          `${result.id}: ${median.toPrecision(3)} ${result.unit}, at most ${Math.round(limit * 100) / 100} allowed`,
        );
    }
    return broken;
  });
}

/** How much slower than usual the machine is: never below 1. */
function slownessOf(result: Result, usual: number | undefined): number {
  const official = result.values.official?.median;
  return usual === undefined || official === undefined ? 1 : Math.max(1, official / usual);
}

function noiseOf(results: readonly Result[], id: string | undefined): number {
  const ratio = results.find((result) => result.id === id)?.ratio;
  return ratio === undefined ? 0 : Math.max(Math.abs(ratio.atLeast - 1), Math.abs(ratio.atMost - 1));
}
