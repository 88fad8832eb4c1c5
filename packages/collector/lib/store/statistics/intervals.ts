import type { Distribution } from './Distribution';
import { seededRandom } from './random';

/** A difference `a - b` with its 95 % interval. */
export interface Difference {
  readonly a: number | null;
  readonly b: number | null;
  readonly difference: number | null;
  /** Null where the statements are too few for an interval, or the same ones on both sides. */
  readonly low: number | null;
  readonly high: number | null;
  /** The interval does not hold 0: chance alone does not explain the difference. */
  readonly significant: boolean;
}

const DRAWS = 2_000;
const Z = 1.959964;

/** Values that must lie beyond a quantile: among fewer, chance alone makes differences that resampling calls significant. */
const BEYOND = 10;

/** Difference of two p-quantiles; the interval comes from resampling ranks. Null where either has too few values for it. */
export function quantileDifference(a: Distribution, b: Distribution, p: number): Difference {
  const [qa, qb] = [a.quantile(p), b.quantile(p)];
  if (qa === null || qb === null) return none(qa, qb);
  const enough = Math.round(BEYOND / (1 - p));
  if (a.effective < enough || b.effective < enough) return { ...none(qa, qb), difference: qa - qb };
  const random = seededRandom(a.count * 31 + b.count);
  const draws: number[] = [];
  for (let i = 0; i < DRAWS; i += 1) {
    draws.push((a.resampledQuantile(p, random) ?? 0) - (b.resampledQuantile(p, random) ?? 0));
  }
  draws.sort((x, y) => x - y);
  const low = draws[Math.floor(DRAWS * 0.025)] ?? 0;
  const high = draws[Math.ceil(DRAWS * 0.975) - 1] ?? 0;
  return { a: qa, b: qb, difference: qa - qb, low, high, significant: low > 0 || high < 0 };
}

/** Difference of two shares `x / n` by Newcombe's interval (from Wilson's). */
export function shareDifference(xa: number, na: number, xb: number, nb: number): Difference {
  if (na === 0 || nb === 0) return none(na === 0 ? null : xa / na, nb === 0 ? null : xb / nb);
  const [pa, pb] = [xa / na, xb / nb];
  const [la, ua] = wilson(pa, na);
  const [lb, ub] = wilson(pb, nb);
  const low = pa - pb - Math.hypot(pa - la, ub - pb);
  const high = pa - pb + Math.hypot(ua - pa, pb - lb);
  return { a: pa, b: pb, difference: pa - pb, low, high, significant: low > 0 || high < 0 };
}

function wilson(p: number, n: number): [number, number] {
  const centre = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return [centre - half, centre + half];
}

/** What is left of `difference` where both sides are not independent of each other. */
export const withoutInterval = (difference: Difference): Difference => ({
  ...difference,
  low: null,
  high: null,
  significant: false,
});

function none(a: number | null, b: number | null): Difference {
  return { a, b, difference: null, low: null, high: null, significant: false };
}
