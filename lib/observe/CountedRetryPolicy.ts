import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { RetryableOperation } from '@databricks/sql/dist/connection/contracts/IRetryPolicy';

/** What one use of a retry policy came to. */
export interface Attempts {
  readonly count: number;
  /** Monotonic milliseconds at which the last attempt began. */
  readonly lastStartedAtMs: number;
}

/** Told how a use of the policy ended. Neither may throw. */
export interface AttemptListener<R> {
  succeeded(details: R, attempts: Attempts): void;
  failed(thrown: unknown, attempts: Attempts): void;
}

/** The driver's retry policy, with its attempts counted. Decisions and delays stay the policy's own. */
export class CountedRetryPolicy<R> implements IRetryPolicy<R> {
  constructor(
    private readonly inner: IRetryPolicy<R>,
    private readonly listener: AttemptListener<R>,
  ) {}

  shouldRetry(details: R): ReturnType<IRetryPolicy<R>['shouldRetry']> {
    return this.inner.shouldRetry(details);
  }

  async invokeWithRetry(operation: RetryableOperation<R>): Promise<R> {
    let count = 0;
    let lastStartedAtMs = 0;
    try {
      const details = await this.inner.invokeWithRetry(() => {
        count += 1;
        lastStartedAtMs = performance.now();
        return operation();
      });
      this.listener.succeeded(details, { count, lastStartedAtMs });
      return details;
    } catch (thrown) {
      this.listener.failed(thrown, { count, lastStartedAtMs });
      throw thrown;
    }
  }
}
