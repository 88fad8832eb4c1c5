import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { RetryableOperation } from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import { causeOfAnswer, causeOfThrown } from './retryCause';

/** Told of one more attempt, and why the one before it did not do. Must not throw. */
export type OnRetry = (cause: string) => void;

/** The driver's retry policy with each retry told of when it begins. Costs nothing while there is none. */
export class RetryWatch<R> implements IRetryPolicy<R> {
  constructor(
    private readonly inner: IRetryPolicy<R>,
    private readonly onRetry: OnRetry,
  ) {}

  shouldRetry(details: R): ReturnType<IRetryPolicy<R>['shouldRetry']> {
    return this.inner.shouldRetry(details);
  }

  invokeWithRetry(operation: RetryableOperation<R>): Promise<R> {
    const { onRetry } = this;
    let last: Promise<R> | undefined;
    return this.inner.invokeWithRetry(() => {
      // It has settled, or nobody would try again: the cause is told before this attempt comes to anything.
      last?.then(
        (details) => onRetry(causeOfAnswer(details)),
        (thrown: unknown) => onRetry(causeOfThrown(thrown)),
      );
      last = operation();
      return last;
    });
  }
}
