/** Tokens in a bucket for each address: a second's worth at most. Addresses that are quiet are forgotten. */
export class RateLimit {
  private readonly buckets = new Map<string, { left: number; seenMs: number }>();

  constructor(private readonly perSecond: number) {}

  /** Whether one more request of `address` fits. `nowMs` never goes back. */
  allows(address: string, nowMs: number): boolean {
    const bucket = this.buckets.get(address) ?? { left: this.perSecond, seenMs: nowMs };
    bucket.left = Math.min(this.perSecond, bucket.left + ((nowMs - bucket.seenMs) / 1_000) * this.perSecond);
    bucket.seenMs = nowMs;
    // Deleted and set again: the map stays in the order of last use.
    this.buckets.delete(address);
    this.buckets.set(address, bucket);
    for (const [name, { seenMs }] of this.buckets) {
      if (nowMs - seenMs < 10_000 && this.buckets.size <= 10_000) break;
      this.buckets.delete(name);
    }
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}
