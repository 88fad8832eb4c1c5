import { HttpError } from './reply';

/** Bytes that one request holds; given back at once when it ends. */
export interface ByteLease {
  /** Throws an HttpError (429) when all requests together would hold too much. */
  take(bytes: number): void;
  release(): void;
}

/** Bounds what bodies hold in memory, whatever the number of connections. */
export class ByteBudget {
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  lease(): ByteLease {
    let own = 0;
    return {
      take: (bytes) => {
        if (this.held + bytes > this.maxBytes) {
          throw new HttpError(429, 'overloaded', 'Too much arrives at once.', {
            'retry-after': '2',
            connection: 'close',
          });
        }
        this.held += bytes;
        own += bytes;
      },
      release: () => {
        this.held -= own;
        own = 0;
      },
    };
  }
}
