/** A bucket of a service: its median, and how many statements stand behind it. */
export interface MedianPoint {
  readonly bucket: number;
  readonly statements: number;
  readonly p50: number;
}

/** Buckets that must stand on each side. */
const LEAST_BUCKETS = 3;

/** The bucket from which on the medians are highest against those before, by length and size; null without one. */
export function shiftOf(points: readonly MedianPoint[]): number | null {
  const logs = points.map(({ p50 }) => Math.log(Math.max(1, p50)));
  let best: { readonly at: number; readonly score: number } | null = null;
  for (let i = LEAST_BUCKETS; i <= points.length - LEAST_BUCKETS; i += 1) {
    const [before, after] = [logs.slice(0, i), logs.slice(i)];
    const step = mean(after) - mean(before);
    // The weight of a step of two means: it is surest in the middle.
    const score = step * Math.sqrt((before.length * after.length) / logs.length);
    if (step > 0 && (best === null || score > best.score)) best = { at: points[i]?.bucket ?? 0, score };
  }
  return best?.at ?? null;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
