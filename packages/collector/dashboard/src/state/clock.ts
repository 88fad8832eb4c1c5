/** What the collector's clock is ahead of the browser's. Windows that end now end by the collector's. */
let aheadMs = 0;

/** Clocks that differ by less are taken for one. */
const SAME_MS = 2_000;

export const nowMs = (): number => Date.now() + aheadMs;

/** `collectorMs` was the collector's time at some moment since `sinceMs`. Returns whether time is told otherwise now. */
export function setClock(collectorMs: number, sinceMs: number): boolean {
  const answeredMs = Date.now();
  const ahead = collectorMs - (sinceMs + answeredMs) / 2;
  if (Math.abs(ahead - aheadMs) < SAME_MS + answeredMs - sinceMs) return false;
  aheadMs = Math.round(ahead);
  return true;
}
