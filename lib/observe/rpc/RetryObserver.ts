import type { HttpTransactionDetails } from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { RetryableOperation } from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import { toErrorFacts } from '../../model/toErrorFacts';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import type { Attempts } from '../statement/PendingDownloads';
import { causeOfAnswer, causeOfThrown } from './retryCause';

/**
 * The driver's retry policy for one request that it may repeat: what the request comes to is written into the statement that
 * it is for. Decisions and delays stay the policy's own.
 */
export class RetryObserver implements IRetryPolicy<HttpTransactionDetails> {
  constructor(
    private readonly inner: IRetryPolicy<HttpTransactionDetails>,
    private readonly observer: ConnectionObserver,
  ) {}

  shouldRetry(details: HttpTransactionDetails): ReturnType<IRetryPolicy<HttpTransactionDetails>['shouldRetry']> {
    return this.inner.shouldRetry(details);
  }

  invokeWithRetry(operation: RetryableOperation<HttpTransactionDetails>): Promise<HttpTransactionDetails> {
    const { observer } = this;
    let count = 0;
    let lastStartedAtMs = 0;
    let last: Promise<HttpTransactionDetails> | undefined;
    let causes: string[] | undefined;
    const attempt = (): Promise<HttpTransactionDetails> => {
      count += 1;
      if (last !== undefined) {
        const noted = (causes ??= []);
        // It has ended, or nobody would try again: the cause is there before this attempt comes to anything.
        last.then(
          (details) => noted.push(causeOfAnswer(details)),
          (thrown: unknown) => noted.push(causeOfThrown(thrown)),
        );
      }
      lastStartedAtMs = observer.clock.now();
      last = operation();
      return last;
    };
    return this.inner.invokeWithRetry(attempt).then(
      (details) => {
        observer.observe(answered, observer, details, { count, causes }, lastStartedAtMs);
        return details;
      },
      (thrown: unknown) => {
        observer.observe(failed, observer, thrown, { count, causes });
        throw thrown;
      },
    );
  }
}

/** `lastStartedAtMs`: when the last of the attempts began. */
function answered(
  observer: ConnectionObserver,
  { request, response }: HttpTransactionDetails,
  attempts: Attempts,
  lastStartedAtMs: number,
): void {
  if (request.method !== 'GET') {
    if (attempts.count > 1) observer.rpcs.repeated(bodyOf(request), attempts);
    return;
  }
  const { clock, files } = observer;
  const file = files.downloads.claim(request.url);
  if (file === undefined) return;
  if (!response.ok) {
    files.failed(file, attempts, toErrorFacts(new Error(), { httpStatus: response.status }));
    return;
  }
  const length = response.headers.get('content-length');
  const bytes = length === null ? file.link.bytesNum.toNumber(true) : Number(length);
  files.downloaded(file, clock.now() - lastStartedAtMs, bytes, attempts);
}

/** Which request it was is known here only where the driver's error carries the last one. */
function failed({ files, rpcs }: ConnectionObserver, thrown: unknown, attempts: Attempts): void {
  const request = requestOf(thrown);
  if (request?.method !== 'GET' && attempts.count > 1) rpcs.repeated(request && bodyOf(request), attempts);
  if (request !== undefined && request.method !== 'GET') return;
  const file = request && files.downloads.claim(request.url);
  if (file !== undefined) files.failed(file, attempts, toErrorFacts(thrown));
  files.downloads.failedWith(thrown, attempts, file !== undefined);
}

/** The request that a failure was about. */
function requestOf(thrown: unknown): HttpTransactionDetails['request'] | undefined {
  const { payload } = (thrown ?? {}) as { payload?: Partial<HttpTransactionDetails> };
  return payload?.request;
}

function bodyOf({ body }: HttpTransactionDetails['request']): Buffer | undefined {
  const message: unknown = body;
  return Buffer.isBuffer(message) ? message : undefined;
}
