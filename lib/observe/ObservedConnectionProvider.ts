import type { Agent } from 'node:http';
import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { RetryableOperation } from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { HttpTransactionDetails } from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import type { IAuthentication, IConnectionProvider } from '../contracts/IClientContext';
import type { ConnectionObserver } from './ConnectionObserver';

type Headers = Parameters<IConnectionProvider['setHeaders']>[0];

/**
 * The driver's connection provider with CloudFetch downloads reported to the observer: the driver asks it for one
 * retry policy per file. Everything else is the driver's own.
 */
export class ObservedConnectionProvider implements IConnectionProvider {
  private headers: Headers | undefined;

  /** The credentials of the newest request, for drivers that do not show their authentication provider. */
  readonly authentication: IAuthentication = { authenticate: async () => this.headers ?? {} };

  constructor(
    readonly inner: IConnectionProvider,
    private readonly observer: ConnectionObserver,
  ) {}

  getThriftConnection(): ReturnType<IConnectionProvider['getThriftConnection']> {
    return this.inner.getThriftConnection();
  }

  getAgent(): Promise<Agent | undefined> {
    return this.inner.getAgent();
  }

  setHeaders(headers: Headers): void {
    this.headers = headers;
    this.inner.setHeaders(headers);
  }

  async getRetryPolicy(): Promise<IRetryPolicy<HttpTransactionDetails>> {
    return new ObservedRetryPolicy(await this.inner.getRetryPolicy(), this.observer);
  }
}

/** Times one download: its attempts and, by the URL it was sent to, whose it is. */
class ObservedRetryPolicy implements IRetryPolicy<HttpTransactionDetails> {
  constructor(
    private readonly inner: IRetryPolicy<HttpTransactionDetails>,
    private readonly observer: ConnectionObserver,
  ) {}

  shouldRetry(details: HttpTransactionDetails): ReturnType<IRetryPolicy<HttpTransactionDetails>['shouldRetry']> {
    return this.inner.shouldRetry(details);
  }

  async invokeWithRetry(operation: RetryableOperation<HttpTransactionDetails>): Promise<HttpTransactionDetails> {
    let attempts = 0;
    let attemptStartedAtMs = 0;
    try {
      const details = await this.inner.invokeWithRetry(() => {
        attempts += 1;
        attemptStartedAtMs = performance.now();
        return operation();
      });
      this.observer.observe(() => this.ended(details, attempts, performance.now() - attemptStartedAtMs));
      return details;
    } catch (thrown) {
      this.observer.observe(() => this.failed(thrown, attempts));
      throw thrown;
    }
  }

  private ended({ request, response }: HttpTransactionDetails, attempts: number, latencyMs: number): void {
    const owner = this.observer.claimChunk(request.url);
    if (owner === undefined) return;
    if (!response.ok) return this.observer.chunkFailed(owner, attempts);
    const bytes = Number(response.headers.get('content-length') ?? owner.sizeBytes);
    this.observer.chunkDownloaded(owner, latencyMs, bytes, attempts);
  }

  /** Whose download failed is known only where the driver's retry error carries the last request. */
  private failed(thrown: unknown, attempts: number): void {
    const { payload } = thrown as { payload?: Partial<HttpTransactionDetails> };
    if (payload?.request === undefined) return;
    const owner = this.observer.claimChunk(payload.request.url);
    if (owner !== undefined) this.observer.chunkFailed(owner, attempts);
  }
}
