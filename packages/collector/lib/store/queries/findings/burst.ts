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
  const count = sumOf(counts, first, last);
  const length = last - first + 1;
  if (count < LEAST || length > counts.length * LONGEST) return null;
  const rest = sumOf(counts, 0, counts.length - 1) - count;
  const usual = rest / Math.max(1, counts.length - length);
  if (count / length < DENSER * usual) return null;
  // A burst begins and ends within a bucket, of which it may fill little.
  if ((counts[first - 1] ?? 0) > DENSER * usual) first -= 1;
  if ((counts[last + 1] ?? 0) > DENSER * usual) last += 1;
  return { first, last, count: sumOf(counts, first, last) };
}

/** Of the buckets from `first` to `last`, that included. */
function sumOf(counts: Counts, first: number, last: number): number {
  let sum = 0;
  for (let i = first; i <= last; i += 1) sum += counts[i] ?? 0;
  return sum;
}
