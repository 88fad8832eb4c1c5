import type { HttpTransactionDetails } from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import type { IAuthentication, IConnectionProvider } from '../../contracts/IClientContext';
import { toErrorFacts } from '../../model/errorFacts';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import type { Attempts } from '../statement/PendingDownloads';
import { RetryObserver, type RequestListener } from './RetryObserver';
import type { RpcsInFlight } from './RpcsInFlight';

type Headers = Parameters<IConnectionProvider['setHeaders']>[0];

/**
 * Has the requests of `provider` that the driver may repeat reported: CloudFetch downloads, and RPCs but for
 * `executeStatement` and `fetchResults`. For each of them the driver asks the provider for a retry policy; the object itself
 * gets another method for that, since the driver's Thrift connection asks it too.
 */
export function observeRetries(provider: IConnectionProvider, observer: ConnectionObserver, rpcs: RpcsInFlight): void {
  const listener: RequestListener<HttpTransactionDetails> = {
    succeeded: (details, attempts, lastMs) => observer.observe(answered, details, attempts, lastMs),
    failed: (thrown, attempts) => observer.observe(failed, thrown, attempts),
  };

  function repeated(message: Buffer | undefined, attempts: Attempts): void {
    const statement = rpcs.repeated(message, attempts);
    if (statement !== undefined) observer.audience.receivers?.retried(statement, attempts.count - 1, attempts.causes);
  }

  function answered({ request, response }: HttpTransactionDetails, attempts: Attempts, lastMs: number): void {
    if (request.method !== 'GET') {
      if (attempts.count > 1) repeated(bodyOf(request), attempts);
      return;
    }
    const file = observer.files.downloads.claim(request.url);
    if (file === undefined) return;
    if (!response.ok)
      return observer.files.failed(file, attempts, toErrorFacts(new Error(), { httpStatus: response.status }));
    const length = response.headers.get('content-length');
    const bytes = length === null ? file.link.bytesNum.toNumber(true) : Number(length);
    observer.files.downloaded(file, lastMs, bytes, attempts);
  }

  /** Which request it was is known here only where the driver's error carries the last one. */
  function failed(thrown: unknown, attempts: Attempts): void {
    const request = requestOf(thrown);
    if (request !== undefined && request.method !== 'GET') return repeated(bodyOf(request), attempts);
    const file = request === undefined ? undefined : observer.files.downloads.claim(request.url);
    if (file !== undefined) observer.files.failed(file, attempts, toErrorFacts(thrown));
    observer.files.downloads.failedWith(thrown, attempts, file !== undefined);
    if (request === undefined && attempts.count > 1) repeated(undefined, attempts);
  }

  const getRetryPolicy = provider.getRetryPolicy.bind(provider);
  override(provider, 'getRetryPolicy', () =>
    getRetryPolicy().then((policy) => new RetryObserver(policy, listener, observer.clock)),
  );
}

/** What the requests of a connection are sent with, for those who may not ask for credentials themselves. */
export interface SeenHeaders {
  /** What the newest request was sent with; nothing before the first. */
  readonly authentication: IAuthentication;
  /** Resolves when the driver has its credentials for the first request. */
  readonly firstRequest: Promise<void>;
}

/** Sees the headers with which the driver equips `provider` for its requests. */
export function observeHeaders(provider: IConnectionProvider): SeenHeaders {
  let newest: Headers | undefined;
  let announce: () => void = () => undefined;
  const firstRequest = new Promise<void>((resolve) => (announce = resolve));
  const setHeaders = provider.setHeaders.bind(provider);
  override(provider, 'setHeaders', (headers: Headers) => {
    newest = headers;
    announce();
    setHeaders(headers);
  });
  return { authentication: { authenticate: async () => newest ?? {} }, firstRequest };
}

function override<Name extends keyof IConnectionProvider>(
  provider: IConnectionProvider,
  name: Name,
  value: IConnectionProvider[Name],
): void {
  Object.defineProperty(provider, name, { value, writable: true, configurable: true });
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
