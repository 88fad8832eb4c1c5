import type { Result } from './report';

/** What a case may cost. Ratios are the other's number divided by ours. */
export interface Budget {
  readonly minRatio?: number;
  readonly maxRatio?: number;
  /** Largest number of ours, in the unit of the case. */
  readonly maxOurs?: number;
  /** Why a limit differs from its goal, where it does. */
  readonly reason?: string;
}

export type Budgets = Readonly<Record<string, Budget>>;

/** One sentence for each budget that a run has broken. */
export function brokenBudgets(results: readonly Result[], budgets: Budgets): string[] {
  return results.flatMap((result) => {
    const { minRatio, maxRatio, maxOurs } = budgets[result.id] ?? {};
    const ratio = result.ratio?.median ?? NaN;
    const ours = result.values.ours?.median ?? NaN;
    const broken: string[] = [];
    // Written so that NaN, a number that was not measured, breaks a budget.
    if (minRatio !== undefined && !(ratio >= minRatio)) {
      broken.push(`${result.id}: ratio ${ratio.toFixed(2)}, at least ${minRatio} allowed`);
    }
    if (maxRatio !== undefined && !(ratio <= maxRatio)) {
      broken.push(`${result.id}: ratio ${ratio.toFixed(2)}, at most ${maxRatio} allowed`);
    }
    if (maxOurs !== undefined && !(ours <= maxOurs)) {
      broken.push(`${result.id}: ${ours.toPrecision(3)} ${result.unit}, at most ${maxOurs} allowed`);
    }
    return broken;
  });
}
