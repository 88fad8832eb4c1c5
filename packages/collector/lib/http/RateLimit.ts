/** Tokens in a bucket for each client: a second's worth at most. Clients that are quiet are forgotten. */
export class RateLimit {
  private readonly buckets = new Map<string, { left: number; seenMs: number }>();

  constructor(private readonly perSecond: number) {}

  /** Whether one more request of `address` fits. `nowMs` never goes back. */
  allows(address: string, nowMs: number): boolean {
    const client = clientOf(address);
    const bucket = this.buckets.get(client) ?? { left: this.perSecond, seenMs: nowMs };
    bucket.left = Math.min(this.perSecond, bucket.left + ((nowMs - bucket.seenMs) / 1_000) * this.perSecond);
    bucket.seenMs = nowMs;
    // Deleted and set again: the map stays in the order of last use.
    this.buckets.delete(client);
    this.buckets.set(client, bucket);
    for (const [name, { seenMs }] of this.buckets) {
      if (nowMs - seenMs < 10_000 && this.buckets.size <= 10_000) break;
      this.buckets.delete(name);
    }
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}

/** An address of IPv4, also within IPv6; of IPv6 the network of 64 bits, all of whose addresses one client may have. */
function clientOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(tail === undefined ? 0 : 8 - (first?.length ?? 0) - (last?.length ?? 0)).fill('0');
  return [...(first ?? []), ...zeros, ...(last ?? [])].slice(0, 4).join(':');
}
