/** A list whose oldest items give way when there are too many, or when they weigh too much. */
export class BoundedList<T> {
  private items: T[] = [];
  private weights: number[] = [];
  private total = 0;

  constructor(
    private readonly maxItems: number,
    private readonly maxBytes: number,
    private readonly weigh: (item: T) => number,
  ) {}

  /** Estimated memory of the items. */
  get bytes(): number {
    return this.total;
  }

  add(item: T): void {
    const weight = this.weigh(item);
    this.items.push(item);
    this.weights.push(weight);
    this.total += weight;
    if (this.items.length > this.maxItems || this.total > this.maxBytes) this.shrink();
  }

  /** To nine tenths of the bounds, so that a full list is not moved at every addition. The newest item always stays. */
  private shrink(): void {
    let dropped = 0;
    while (
      dropped < this.items.length - 1 &&
      (this.items.length - dropped > this.maxItems * 0.9 || this.total > this.maxBytes * 0.9)
    ) {
      this.total -= this.weights[dropped] ?? 0;
      dropped += 1;
    }
    this.items.splice(0, dropped);
    this.weights.splice(0, dropped);
  }

  all(): readonly T[] {
    return this.items;
  }

  clear(): void {
    this.items = [];
    this.weights = [];
    this.total = 0;
  }
}
