import { performance } from 'node:perf_hooks';
import type { Agent } from 'node:http';
import type { HttpTransactionDetails } from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import type { IAuthentication, IConnectionProvider } from '../../contracts/IClientContext';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { CountedRetryPolicy, type AttemptListener, type Attempts } from './CountedRetryPolicy';
import { observeThriftConnection } from './observedThriftConnection';

type Headers = Parameters<IConnectionProvider['setHeaders']>[0];

/**
 * The driver's connection provider with what passes through it reported to the observer: CloudFetch downloads, for each
 * of which the driver asks for a retry policy, and the retries of RPCs. Everything else is the driver's own.
 */
export class ObservedConnectionProvider implements IConnectionProvider {
  private headers: Headers | undefined;
  private announceHeaders: (() => void) | undefined;
  private thrift: { readonly inner: unknown; readonly observed: unknown } | undefined;
  private readonly downloads: AttemptListener<HttpTransactionDetails>;

  /** What the newest request was sent with; nothing before the first. */
  readonly authentication: IAuthentication = { authenticate: async () => this.headers ?? {} };

  /** Resolves when the driver has its credentials for the first request. */
  readonly firstRequest: Promise<void>;

  constructor(
    readonly inner: IConnectionProvider,
    private readonly observer: ConnectionObserver,
  ) {
    this.firstRequest = new Promise((resolve) => (this.announceHeaders = resolve));
    this.downloads = {
      succeeded: (details, attempts) => observer.observe(() => this.downloadEnded(details, attempts)),
      failed: (thrown, attempts) => observer.observe(() => this.downloadFailed(thrown, attempts)),
    };
  }

  /** The same object for as long as the driver's provider gives the same. */
  async getThriftConnection(): Promise<unknown> {
    const inner: unknown = await this.inner.getThriftConnection();
    if (this.thrift === undefined || this.thrift.inner !== inner) {
      const observed = observeThriftConnection(inner, (method, request, cause) => {
        this.observer.observe(() => this.observer.rpcs.retried(method, request, cause));
      });
      this.thrift = { inner, observed };
    }
    return this.thrift.observed;
  }

  getAgent(): Promise<Agent | undefined> {
    return this.inner.getAgent();
  }

  setHeaders(headers: Headers): void {
    this.headers = headers;
    this.announceHeaders?.();
    this.inner.setHeaders(headers);
  }

  async getRetryPolicy(): Promise<IRetryPolicy<HttpTransactionDetails>> {
    return new CountedRetryPolicy(await this.inner.getRetryPolicy(), this.downloads);
  }

  private downloadEnded(
    { request, response }: HttpTransactionDetails,
    { count, lastStartedAtMs, causes }: Attempts,
  ): void {
    const owner = this.observer.claimChunk(request.url);
    if (owner === undefined) return;
    if (!response.ok) return this.observer.chunkFailed(owner, count, causes);
    const bytes = Number(response.headers.get('content-length') ?? owner.sizeBytes);
    this.observer.chunkDownloaded(owner, performance.now() - lastStartedAtMs, bytes, count, causes);
  }

  /** Whose file it was is known here only where the driver's error carries the last request. */
  private downloadFailed(thrown: unknown, attempts: Attempts): void {
    const { payload } = (thrown ?? {}) as { payload?: Partial<HttpTransactionDetails> };
    const url = payload?.request?.url;
    const owner = url === undefined ? undefined : this.observer.claimChunk(url);
    if (owner !== undefined) this.observer.chunkFailed(owner, attempts.count, attempts.causes);
    this.observer.files.failedWith(thrown, attempts, owner !== undefined);
  }
}
