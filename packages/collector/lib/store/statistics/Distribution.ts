import { beta } from './random';

/** A sample of whole numbers, as counts of its values in ascending order. */
export class Distribution {
  private readonly upTo: number[] = [];
  readonly count: number;
  /** As many values, each counted once, tell as much: the count, or less of it when the counts are weights. */
  readonly effective: number;

  constructor(
    private readonly values: readonly number[],
    counts: readonly number[],
    /** Sum of the squared weights of the values, where the counts are sums of weights. */
    squares?: number,
  ) {
    let sum = 0;
    for (const count of counts) this.upTo.push((sum += count));
    this.count = sum;
    this.effective = squares === undefined || squares === 0 ? sum : sum ** 2 / squares;
  }

  /** Nearest-rank quantile; null for an empty sample. */
  quantile(p: number): number | null {
    return this.atRank(Math.max(1, Math.ceil(p * this.count)));
  }

  /**
   * A draw from the distribution of the p-quantile under resampling: the k-th smallest of n uniform numbers is
   * Beta(k, n - k + 1), so the resample itself need not be drawn.
   */
  resampledQuantile(p: number, random: () => number): number | null {
    const size = Math.round(this.effective);
    const rank = Math.max(1, Math.ceil(p * size));
    if (size === 0) return null;
    return this.atRank(Math.max(1, Math.ceil(beta(rank, size - rank + 1, random) * this.count)));
  }

  private atRank(rank: number): number | null {
    let [low, high] = [0, this.upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.upTo[middle] ?? 0) >= rank) high = middle;
      else low = middle + 1;
    }
    return this.values[low] ?? null;
  }
}
