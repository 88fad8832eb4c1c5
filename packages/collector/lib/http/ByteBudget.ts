import { HttpError } from './reply';
import { Turns } from './Turns';

/** As many as the threads that do it. What a body will hold is known only when it is decompressed. */
const DECOMPRESSED_AT_ONCE = 4;

/** Bytes that one request holds; given back at once when it ends. */
export interface ByteLease {
  /** Throws an HttpError (429) when all requests together would hold too much. */
  take(bytes: number): void;
  /** Takes what `decompress` makes, when it is its turn: only a few bodies are decompressed at a time. */
  expand(decompress: () => Promise<Buffer>): Promise<Buffer>;
  release(): void;
}

/** Bounds what bodies hold in memory, whatever the number of connections. */
export class ByteBudget {
  private readonly turns = new Turns(DECOMPRESSED_AT_ONCE);
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  lease(): ByteLease {
    let own = 0;
    const take = (bytes: number): void => {
      if (this.held + bytes > this.maxBytes) {
        throw new HttpError(429, 'overloaded', 'Too much arrives at once.', {
          'retry-after': '2',
          connection: 'close',
        });
      }
      this.held += bytes;
      own += bytes;
    };
    return {
      take,
      expand: (decompress) =>
        this.turns.run(async () => {
          const body = await decompress();
          take(body.length);
          return body;
        }),
      release: () => {
        this.held -= own;
        own = 0;
      },
    };
  }

  /** Runs `work` with a lease that ends with it. */
  async leased<T>(work: (lease: ByteLease) => Promise<T>): Promise<T> {
    const lease = this.lease();
    try {
      return await work(lease);
    } finally {
      lease.release();
    }
  }
}
