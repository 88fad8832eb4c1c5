const HASHES = 6;
const BITS = 2 ** 27;
const CAPACITY = 8_000_000;

/** A 64-bit key as two unsigned 32-bit halves: `bigint` would be an object for each. */
export interface Key64 {
  readonly low: number;
  readonly high: number;
}

interface Generation {
  readonly bits: Uint32Array;
  count: number;
  newestMs: number;
}

/**
 * Whether a 64-bit key may have been seen: no false negative, about one false positive in five hundred. 16 MB for eight
 * million keys; what is older than its time goes by generations.
 */
export class Bloom {
  private readonly generations: Generation[] = [];

  add(key: Key64, seenMs: number): void {
    let current = this.generations.at(-1);
    if (current === undefined || current.count >= CAPACITY) {
      current = { bits: new Uint32Array(BITS / 32), count: 0, newestMs: seenMs };
      this.generations.push(current);
    }
    current.count += 1;
    current.newestMs = Math.max(current.newestMs, seenMs);
    const { low, high } = key;
    const step = (high | 1) >>> 0;
    for (let i = 0; i < HASHES; i += 1) {
      const bit = (low + i * step) % BITS;
      const word = bit >>> 5;
      current.bits[word] = (current.bits[word] ?? 0) | (1 << (bit & 31));
    }
  }

  mayHave({ low, high }: Key64): boolean {
    const step = (high | 1) >>> 0;
    return this.generations.some(({ bits }) => {
      for (let i = 0; i < HASHES; i += 1) {
        const bit = (low + i * step) % BITS;
        if (((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
      }
      return true;
    });
  }

  /** Forgets generations whose newest key is older than `beforeMs`. */
  expire(beforeMs: number): void {
    while (this.generations.length > 1 && (this.generations[0]?.newestMs ?? beforeMs) < beforeMs) {
      this.generations.shift();
    }
  }
}
