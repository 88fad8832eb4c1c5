/** Repeatable random numbers: the same seed gives the same sequence on every machine. */
export class Random {
  constructor(private state: number) {}

  /** Evenly distributed in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.whole(0, values.length - 1)] ?? values[0];
  }

  /** Log-normal around `median`, at least 1, in whole numbers: how durations and sizes are spread. */
  around(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return Math.max(1, Math.round(median * Math.exp(sigma * normal)));
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.whole(0, 15).toString(16);
    return text;
  }

  /** In the form that the warehouse gives its ids: their head is time. */
  id(timeMs: number): string {
    const time = timeMs.toString(16).padStart(12, '0').slice(-8);
    return `01f0${time.slice(0, 4)}-${time.slice(4)}-1${this.hex(3)}-8${this.hex(3)}-${this.hex(12)}`;
  }
}
