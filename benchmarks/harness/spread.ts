/** The middle of a number of measurements, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** A ratio, with an interval that holds its true median in 95 of 100 runs. */
export interface Ratio extends Spread {
  readonly atLeast: number;
  readonly atMost: number;
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    count: sorted.length,
  };
}

/** Standard deviations that 95 % of a normal distribution lie within. */
const Z = 1.96;

/**
 * Round by round `above[i] / below[i]`: what disturbed a round disturbed both. The interval is that of order statistics:
 * it assumes nothing of how the ratios are distributed.
 */
export function ratioOf(above: readonly number[], below: readonly number[]): Ratio {
  const ratios = above.map((value, round) => value / (below[round] ?? NaN)).sort((a, b) => a - b);
  const half = (Z * Math.sqrt(ratios.length)) / 2;
  const first = Math.max(0, Math.floor(ratios.length / 2 - half));
  const last = Math.min(ratios.length - 1, Math.ceil(ratios.length / 2 + half - 1));
  return { ...spreadOf(ratios), atLeast: ratios[first] ?? NaN, atMost: ratios[last] ?? NaN };
}
