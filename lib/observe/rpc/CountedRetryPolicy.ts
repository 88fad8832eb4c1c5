import { performance } from 'node:perf_hooks';
import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { RetryableOperation } from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import { causeOfAnswer, causeOfThrown } from './retryCause';

/** What one use of a retry policy came to. */
export interface Attempts {
  readonly count: number;
  /** Monotonic milliseconds at which the last attempt began. */
  readonly lastStartedAtMs: number;
  /** What made the policy try again, once for each attempt beyond the first; undefined without any. */
  readonly causes: readonly string[] | undefined;
}

/** Told how a use of the policy ended. Neither may throw. */
export interface AttemptListener<R> {
  succeeded(details: R, attempts: Attempts): void;
  failed(thrown: unknown, attempts: Attempts): void;
}

/** The driver's retry policy, with its attempts counted and their causes noted. Decisions and delays stay the policy's own. */
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
    let last: Promise<R> | undefined;
    let causes: string[] | undefined;
    try {
      const details = await this.inner.invokeWithRetry(() => {
        count += 1;
        if (last !== undefined) {
          const noted = (causes ??= []);
          // It has settled, or nobody would try again: the cause is there before this attempt comes to anything.
          last.then(
            (details) => noted.push(causeOfAnswer(details)),
            (thrown: unknown) => noted.push(causeOfThrown(thrown)),
          );
        }
        lastStartedAtMs = performance.now();
        last = operation();
        return last;
      });
      this.listener.succeeded(details, { count, lastStartedAtMs, causes });
      return details;
    } catch (thrown) {
      this.listener.failed(thrown, { count, lastStartedAtMs, causes });
      throw thrown;
    }
  }
}
