import type { Limit } from '../harness/budgets';
import type { Figure } from './figures';

/** One sentence for each figure above its limit. */
export function brokenLimits(figures: readonly Figure[], limits: Readonly<Record<string, Limit>>): string[] {
  return Object.entries(limits).flatMap(([id, { max }]) => {
    const value = figures.find((figure) => figure.id === id)?.value ?? NaN;
    // Written so that NaN, a figure that is not there, breaks its limit.
    return value <= max ? [] : [`${id}: ${value}, at most ${max} allowed`];
  });
}
