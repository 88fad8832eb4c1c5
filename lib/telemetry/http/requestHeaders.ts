import type { IClientContext } from '../../contracts/IClientContext';
import { splitHostKey, type HostKey, type RecordOrigin } from '../../model/connection';
import { factsOf, isObject } from '../../util/foreign';

/** Headers that belong to the request itself and that no connection may set. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'host',
  'user-agent',
]);

const PRODUCT = /^[\w.-]+(\/[\w.+-]+)?/;

/**
 * Headers of an authenticated request, names in lower case: the connection's own, then its credentials, which win.
 */
export function authenticatedHeaders(
  origin: Pick<RecordOrigin, 'headers' | 'userAgent'>,
  credentials: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of [...Object.entries(origin.headers), ...Object.entries(credentials)]) {
    const key = name.toLowerCase();
    if (!OWN_HEADERS.has(key)) headers[key] = value;
  }
  return { ...headers, 'user-agent': origin.userAgent, 'content-type': 'application/json' };
}

/** Headers of a request without identity: the product's name and version, nothing of application or machine. */
export function anonymousHeaders(userAgent: string): Record<string, string> {
  return { 'user-agent': PRODUCT.exec(userAgent)?.[0] ?? 'unknown', 'content-type': 'application/json' };
}

/** What a request to a collector of one's own carries of credentials: its token, if there is one. */
export function tokenHeaders(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** `headers` of a request whose body is gzip. */
export function gzipHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { ...headers, 'content-encoding': 'gzip' };
}

/** Whether there are credentials in `headers`. */
export function hasAuthorization(headers: Readonly<Record<string, string>>): boolean {
  return Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'authorization' && value.trim() !== '');
}

/** Any form of headers that the driver knows as a plain object; names as they were written. */
export function toPlainHeaders(headers: unknown): Record<string, string> | undefined {
  if (!isObject(headers)) return undefined;
  const entries = isIterable(headers) ? [...headers] : Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function isIterable(headers: object): headers is Iterable<readonly [string, unknown]> {
  return Symbol.iterator in headers;
}

/** The origin of what no connection stands behind: the credentials, agent and settings of `context` itself. */
export function contextOrigin(context: IClientContext, host: HostKey, userAgent: string): RecordOrigin {
  const config = context.getConfig();
  const { customHeaders } = factsOf(config);
  return {
    host,
    ...splitHostKey(host),
    authenticated: (config.telemetryAuthenticatedExport ?? true) === true,
    anonymousErrors: config.telemetryAnonymousErrors === true,
    userAgent,
    headers: toPlainHeaders(customHeaders) ?? {},
    tls: {},
    authenticate: async () => toPlainHeaders(await context.getAuthProvider()?.authenticate()),
    getAgent: async () => (await context.getConnectionProvider()).getAgent(),
  };
}
