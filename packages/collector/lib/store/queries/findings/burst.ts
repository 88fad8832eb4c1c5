/** How much of something happened in each bucket. */
export type Counts = readonly number[];

export interface Burst {
  /** Buckets, the last one included. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Fewer are no burst. */
const LEAST = 20;
/** A burst is so many times as dense as the rest of the window. */
const DENSER = 5;
/** Buckets beside the peak belong to it while they hold this part of it. */
const SHOULDER = 0.2;
/** What lasts longer than this part of the window is how things are. */
const LONGEST = 0.5;

/** The stretch around the highest bucket, when it stands out of the window; null otherwise. */
export function burstOf(counts: Counts): Burst | null {
  const peak = Math.max(0, ...counts);
  const top = counts.indexOf(peak);
  if (peak === 0) return null;
  let [first, last] = [top, top];
  while ((counts[first - 1] ?? 0) >= peak * SHOULDER) first -= 1;
  while ((counts[last + 1] ?? 0) >= peak * SHOULDER) last += 1;
  const count = counts.slice(first, last + 1).reduce((sum, value) => sum + value, 0);
  const length = last - first + 1;
  if (count < LEAST || length > counts.length * LONGEST) return null;
  const rest = counts.reduce((sum, value) => sum + value, 0) - count;
  const usual = rest / Math.max(1, counts.length - length);
  return count / length >= DENSER * usual ? { first, last, count } : null;
}
