/** All buckets of a window, with what is known of each: where nothing is known a chart has a gap. */
export function filled<T extends { readonly timeMs: number }>(
  points: readonly T[],
  fromMs: number,
  toMs: number,
  bucketMs: number,
): readonly { readonly timeMs: number; readonly of: T | undefined }[] {
  const byTime = new Map(points.map((point) => [point.timeMs, point]));
  const first = Math.floor(fromMs / bucketMs) * bucketMs;
  const length = Math.max(0, Math.ceil((toMs - first) / bucketMs));
  return Array.from({ length }, (_, index) => {
    const timeMs = first + index * bucketMs;
    return { timeMs, of: byTime.get(timeMs) };
  });
}
