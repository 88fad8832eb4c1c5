import { HttpError } from './reply';

/** So many at a time; whoever comes beyond is refused with 429 and may come again. */
export class Places {
  private taken = 0;

  constructor(
    private readonly places: number,
    private readonly code: string,
    private readonly retryAfterSeconds: number,
  ) {}

  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.taken >= this.places) {
      const headers = { 'retry-after': String(this.retryAfterSeconds) };
      throw new HttpError(429, this.code, `${this.places} at a time are too many already.`, headers);
    }
    this.taken += 1;
    try {
      return await work();
    } finally {
      this.taken -= 1;
    }
  }
}
