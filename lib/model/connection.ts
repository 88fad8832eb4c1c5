import type { Agent } from 'node:http';
import type { TelemetryLogLevel } from './optionRow';

declare const hostKeyBrand: unique symbol;

/** A normalised `host` or `host:port`: the name under which a process shares telemetry state for one workspace. */
export type HostKey = string & { readonly [hostKeyBrand]: true };

/** The key of what is named otherwise than by a workspace's host: a receiver, a file. */
export function hostKeyNamed(name: string): HostKey {
  return name as HostKey;
}

/** Where nothing else is said: HTTPS. */
export const DEFAULT_PORT = 443;

/** A name, an IPv4 or a bracketed IPv6 address: nothing that a URL would take for user, port, path or query. */
const HOST_NAME = /^(?:\[[\da-f:.]+\]|[^\s@:/?#[\]\\]+)$/;
export const MAX_PORT = 65_535;

/** The key of whatever names no host. No request is made to it. */
export const NO_HOST = hostKeyNamed('');

/**
 * The one key for all spellings of a host: case, scheme, `:443`, trailing dot, slash and path make no difference. As for
 * the driver, a `port` of nothing (`0`, `''`, `NaN`) is none, and digits in a text are one; a port inside `host` is used
 * then. `NO_HOST` for what names no host or no port. Never throws, whatever an application gives.
 */
export function toHostKey(host: string, port?: number | string): HostKey {
  const bare = (typeof host === 'string' ? host : '')
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/s, '');
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(bare);
  const name = (match?.[1] ?? '').replace(/\.$/, '');
  const effectivePort = Number(port || (match?.[2] ?? DEFAULT_PORT));
  const isPort = Number.isInteger(effectivePort) && effectivePort > 0 && effectivePort <= MAX_PORT;
  if (!isPort || !HOST_NAME.test(name)) return NO_HOST;
  return hostKeyNamed(effectivePort === DEFAULT_PORT ? name : `${name}:${effectivePort}`);
}

/** The host name and port of a key. */
export function splitHostKey(key: HostKey): { hostname: string; port: number } {
  const match = /^(.*?)(?::(\d+))?$/.exec(key);
  return { hostname: match?.[1] ?? key, port: match?.[2] === undefined ? DEFAULT_PORT : Number(match[2]) };
}

/** Configuration facts of one connection, static for its lifetime. Times in the units their names give. */
export interface DriverConfiguration {
  readonly driverVersion: string;
  readonly driverName: string;
  /** Version of this library. */
  readonly libraryVersion: string;
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  readonly runtimeVendor: string;
  readonly osName: string;
  readonly osVersion: string;
  readonly osArch: string;
  readonly localeName: string | undefined;
  readonly charSetEncoding: string;
  readonly processName: string | undefined;
  /** What the application calls itself towards a collector of its own. */
  readonly serviceName: string | undefined;
  /** Random id of the process. */
  readonly processId: string;
  readonly clientAppName: string | undefined;
  readonly authType: string;
  readonly authMech: 'OTHER' | 'PAT' | 'OAUTH';
  readonly authFlow: 'TOKEN_PASSTHROUGH' | 'CLIENT_CREDENTIALS' | 'BROWSER_BASED_AUTHENTICATION' | undefined;
  readonly httpPath: string;
  readonly mode: 'THRIFT' | 'SEA';
  readonly hostUrl: string;
  readonly port: number;
  readonly useProxy: boolean;
  readonly proxyHost: string | undefined;
  readonly proxyPort: number | undefined;
  readonly arrowEnabled: boolean;
  readonly directResultsEnabled: boolean;
  readonly cloudFetchEnabled: boolean;
  readonly lz4Enabled: boolean;
  readonly complexTypesEnabled: boolean;
  readonly metricViewMetadataEnabled: boolean;
  readonly selfSignedAllowed: boolean;
  readonly socketTimeoutSeconds: number;
  readonly asyncPollIntervalMs: number;
  readonly rowsFetchedPerBlock: number;
  readonly retryMaxAttempts: number;
  readonly retryTimeoutMs: number;
  readonly retryDelayMinMs: number;
  readonly retryDelayMaxMs: number;
  readonly cloudFetchConcurrentDownloads: number;
}

/** Who sends, as a collector of one's own knows it. No value is a secret or a path. */
export interface SenderFacts {
  readonly service: string | undefined;
  readonly processId: string;
  readonly libraryVersion: string;
  readonly runtimeVersion: string;
  /** The options in effect, each with who set it. */
  readonly options: Readonly<Record<string, EffectiveOption>>;
}

/** The value of an option and who set it; `null` for a value that is not shown. */
export interface EffectiveOption {
  readonly value: string | number | boolean | null;
  readonly setBy: 'default' | 'environment' | 'constructor' | 'connect';
}

/**
 * Where a record comes from and under which identity it may leave: the credentials, headers, agent and export mode of
 * the connection that produced it. Holds providers, never a token.
 */
export interface RecordOrigin {
  readonly host: HostKey;
  /** Host name and port of the query connection. */
  readonly hostname: string;
  readonly port: number;
  /** Authenticated export (`telemetryAuthenticatedExport`). */
  readonly authenticated: boolean;
  /** A failed connect may be reported without credentials (`telemetryAnonymousErrors`). */
  readonly anonymousErrors: boolean;
  readonly userAgent: string;
  /** Organisation header and the application's extra headers; sent with authenticated requests only. */
  readonly headers: Readonly<Record<string, string>>;
  /** TLS facts of the query connection, for requests through a proxy agent. */
  readonly tls: Readonly<TlsOptions>;
  /** What a collector of one's own is told of who asks for its configuration. */
  readonly sender?: SenderFacts | undefined;
  /** Current authentication headers of the connection; undefined or a rejection when there are none to be had. */
  authenticate(): Promise<Record<string, string> | undefined>;
  getAgent(): Promise<Agent | undefined>;
}

export interface TlsOptions {
  ca?: string | Buffer | ReadonlyArray<string | Buffer>;
  cert?: string | Buffer;
  key?: string | Buffer;
  rejectUnauthorized?: boolean;
}

/** One connection of one client: shared by reference by everything that it produces. */
export interface ConnectionInfo {
  readonly origin: RecordOrigin;
  readonly workspaceId: string | undefined;
  readonly driverConfig: DriverConfiguration;
  /** Most verbose severity that this connection lets out; without it, what its host's pipeline lets out. */
  readonly logLevel?: TelemetryLogLevel;
  /** Time in milliseconds from which its statements are slow; undefined or 0: `SLOW_STATEMENT_MS`. */
  readonly slowStatementMs?: number;
  /** Age in milliseconds at which a statement that nobody ended is given up, and how many may be open at once. */
  readonly statementTtlMs?: number;
  readonly maxStatementMetrics?: number;
  /** Texts of statements may be shown to channels and OpenTelemetry (`telemetryStatementText`). They leave with no record. */
  readonly isTextAllowed?: boolean;
}
