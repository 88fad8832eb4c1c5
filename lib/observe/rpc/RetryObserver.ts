import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { RetryableOperation } from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { Clock } from '../../util/clock';
import type { Attempts } from '../statement/PendingDownloads';
import { causeOfAnswer, causeOfThrown } from './retryCause';

/** Told how a request ended. Neither may throw. */
export interface RequestListener<R> {
  /** `lastMs`: how long its last attempt took. */
  succeeded(details: R, attempts: Attempts, lastMs: number): void;
  failed(thrown: unknown, attempts: Attempts): void;
}

/** The driver's retry policy, with its attempts counted and their causes noted. Decisions and delays stay the policy's own. */
export class RetryObserver<R> implements IRetryPolicy<R> {
  constructor(
    private readonly inner: IRetryPolicy<R>,
    private readonly listener: RequestListener<R>,
    private readonly clock: Clock,
  ) {}

  shouldRetry(details: R): ReturnType<IRetryPolicy<R>['shouldRetry']> {
    return this.inner.shouldRetry(details);
  }

  invokeWithRetry(operation: RetryableOperation<R>): Promise<R> {
    const { listener, clock } = this;
    let count = 0;
    let lastStartedAtMs = 0;
    let last: Promise<R> | undefined;
    let causes: string[] | undefined;
    const attempt = (): Promise<R> => {
      count += 1;
      if (last !== undefined) {
        const noted = (causes ??= []);
        // It has settled, or nobody would try again: the cause is there before this attempt comes to anything.
        last.then(
          (details) => noted.push(causeOfAnswer(details)),
          (thrown: unknown) => noted.push(causeOfThrown(thrown)),
        );
      }
      lastStartedAtMs = clock.now();
      last = operation();
      return last;
    };
    return this.inner.invokeWithRetry(attempt).then(
      (details) => {
        listener.succeeded(details, { count, causes }, clock.now() - lastStartedAtMs);
        return details;
      },
      (thrown: unknown) => {
        listener.failed(thrown, { count, causes });
        throw thrown;
      },
    );
  }
}
