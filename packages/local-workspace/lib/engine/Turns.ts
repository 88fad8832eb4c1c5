/**
 * Waiting for a turn: so many at once for each tenant, and so many in all. First come, first served within a tenant; of
 * tenants, the one whose last turn is longest ago.
 */
export class Turns {
  private readonly held = new Map<string, number>();
  private readonly lastTurn = new Map<string, number>();
  private turn = 0;
  private total = 0;
  private waiting: { tenant: string; start: () => void }[] = [];

  constructor(
    private readonly perTenant: number,
    private readonly inAll: number = Number.POSITIVE_INFINITY,
  ) {}

  /** Runs `work` when it is the tenant's turn. Rejects with the reason of `signal` when that comes first. */
  async run<T>(tenant: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (!this.isFree(tenant)) await this.wait(tenant, signal);
    this.take(tenant, 1);
    try {
      return await work();
    } finally {
      this.take(tenant, -1);
      this.next();
    }
  }

  private isFree(tenant: string): boolean {
    return this.total < this.inAll && (this.held.get(tenant) ?? 0) < this.perTenant;
  }

  private take(tenant: string, by: 1 | -1): void {
    this.total += by;
    if (by === 1) this.lastTurn.set(tenant, ++this.turn);
    const held = (this.held.get(tenant) ?? 0) + by;
    if (held === 0) this.held.delete(tenant);
    else this.held.set(tenant, held);
  }

  private wait(tenant: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.waiting = this.waiting.filter((other) => other !== entry);
        reject(signal.reason as Error);
      };
      const entry = {
        tenant,
        start: (): void => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      else this.waiting.push(entry);
    });
  }

  /** The tenant that holds the fewest turns comes first, then the one that waits since the earliest turn. */
  private next(): void {
    const ready = this.waiting.filter(({ tenant }) => this.isFree(tenant));
    const [first] = ready.sort(
      (a, b) =>
        (this.held.get(a.tenant) ?? 0) - (this.held.get(b.tenant) ?? 0) ||
        (this.lastTurn.get(a.tenant) ?? 0) - (this.lastTurn.get(b.tenant) ?? 0),
    );
    if (!first) return;
    this.waiting = this.waiting.filter((other) => other !== first);
    first.start();
  }
}
