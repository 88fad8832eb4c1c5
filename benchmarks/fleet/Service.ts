/** What a simulated request came to. */
export type Answer = { readonly kind: 'status'; readonly status: number } | { readonly kind: 'unreachable' };

const LATENCY_MS = 40;
const UNREACHABLE_AFTER_MS = 1000;

/** A telemetry service with a rate limit; it can be unreachable, refuse everything, and change the flag. */
export class Service {
  /** Telemetry requests in each second. */
  readonly perSecond: number[] = [];
  /** Requests that were refused for the rate limit, in each second. */
  readonly refusedPerSecond: number[] = [];
  isReachable = true;
  isFlagOn = true;
  /** Answers 429 to all, as one that is protecting itself. */
  isShedding = false;
  /** Requests for the flag, in each second. */
  readonly flagPerSecond: number[] = [];

  constructor(private readonly limitPerSecond: number) {}

  async telemetry(): Promise<Answer> {
    const second = currentSecond();
    const count = increment(this.perSecond, second);
    if (!this.isReachable) {
      await delay(UNREACHABLE_AFTER_MS);
      return { kind: 'unreachable' };
    }
    const isRefused = this.isShedding || count > this.limitPerSecond;
    if (isRefused) increment(this.refusedPerSecond, second);
    await delay(LATENCY_MS);
    return { kind: 'status', status: isRefused ? 429 : 200 };
  }

  async flag(): Promise<Answer & { readonly isOn?: boolean }> {
    increment(this.flagPerSecond, currentSecond());
    await delay(this.isReachable ? LATENCY_MS : UNREACHABLE_AFTER_MS);
    return this.isReachable ? { kind: 'status', status: 200, isOn: this.isFlagOn } : { kind: 'unreachable' };
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function currentSecond(): number {
  return Math.floor(performance.now() / 1000);
}

/** Counts one more at `index`, and returns how many that makes. */
function increment(counts: number[], index: number): number {
  const count = (counts[index] ?? 0) + 1;
  counts[index] = count;
  return count;
}
