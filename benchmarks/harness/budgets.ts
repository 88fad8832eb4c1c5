import type { Result } from './report';

/** What a case may cost. Ratios are those of the result: the other's number divided by the subject's. */
export interface Budget {
  readonly minRatio?: number;
  /** Largest number of the case's subject, in the unit of the case. */
  readonly maxOurs?: number;
  /** Case that compares a subject with itself: its distance from 1 is what this run cannot tell apart. */
  readonly noise?: string;
  /** What was aimed at, and why the limit is another, where it is. */
  readonly goal?: string;
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
  readonly cases: Readonly<Record<string, Budget>>;
}

/**
 * One sentence for each budget that a run has broken. A ratio breaks its budget when its whole confidence interval lies
 * beyond it, a fact when it does not hold.
 */
export function brokenBudgets(results: readonly Result[], budgets: Budgets, isShort: boolean): string[] {
  const { shareOfRatio, factorOfOurs } = budgets.short;
  return results.flatMap((result) => {
    if (result.holds === false) return [`${result.id}: does not hold`];
    const { minRatio, maxOurs, noise } = budgets.cases[result.id] ?? {};
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
      const limit = isShort ? maxOurs * factorOfOurs : maxOurs;
      const ours = result.values[result.subject]?.median ?? NaN;
      if (!(ours <= limit))
        broken.push(`${result.id}: ${ours.toPrecision(3)} ${result.unit}, at most ${limit} allowed`);
    }
    return broken;
  });
}

function noiseOf(results: readonly Result[], id: string | undefined): number {
  const ratio = results.find((result) => result.id === id)?.ratio;
  return ratio === undefined ? 0 : Math.max(Math.abs(ratio.atLeast - 1), Math.abs(ratio.atMost - 1));
}
