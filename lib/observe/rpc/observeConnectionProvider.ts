import type { IAuthentication, IConnectionProvider } from '../../contracts/IClientContext';
import type { ConnectionObserver } from '../connection/ConnectionObserver';
import { RetryObserver } from './RetryObserver';

type Headers = Parameters<IConnectionProvider['setHeaders']>[0];

/**
 * Has the requests of `provider` that the driver may repeat observed: CloudFetch downloads, and RPCs but for
 * `executeStatement` and `fetchResults`. For each of them the driver asks the provider for a retry policy; the object itself
 * gets another method for that, since the driver's Thrift connection asks it too.
 */
export function observeRetries(provider: IConnectionProvider, observer: ConnectionObserver): void {
  const getRetryPolicy = provider.getRetryPolicy.bind(provider);
  override(provider, 'getRetryPolicy', () => getRetryPolicy().then((policy) => new RetryObserver(policy, observer)));
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
