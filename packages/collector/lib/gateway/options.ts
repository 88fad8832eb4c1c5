import { isIP } from 'node:net';
import { identityOf } from '../http/tls';
import { isLoopback, MAX_TIMER_MS, OptionError, type LogLine, type TlsOptions } from '../options';

/** What becomes of telemetry: it stays at home (`keep`), or the workspace gets it too (`copy`). */
export type TelemetryMode = 'keep' | 'copy';

/** What `startGateway` takes. Durations and sizes carry their unit. */
export interface GatewayOptions {
  /** Origin of the workspace, `https://<host>[:<port>]`; `http:` on loopback only. Fixed until the gateway closes. */
  readonly upstream: string;
  /** Authorities (PEM) that are trusted for the workspace, in place of those that Node.js trusts. */
  readonly upstreamCa?: string;
  /** Origin of the collector that telemetry is handed to; `http:` on loopback only. */
  readonly collector: string;
  readonly collectorToken?: string;
  readonly collectorCa?: string;
  /** Default `keep`: the gateway answers the telemetry flag, and no telemetry reaches the workspace. */
  readonly telemetry?: TelemetryMode;
  /** Address to bind (default `127.0.0.1`); any but loopback needs `tls`. */
  readonly host?: string;
  /** Default 4443; 0: any free port. */
  readonly port?: number;
  readonly tls?: TlsOptions;
  /** Connections of clients at a time (default 1000). */
  readonly maxConnections?: number;
  /** Time for a request to arrive whole (default 300,000). */
  readonly requestTimeoutMs?: number;
  /** Time for a connection to the workspace to be made (default 10,000). */
  readonly connectTimeoutMs?: number;
  /** Time without a byte in either direction (default 900,000). */
  readonly idleTimeoutMs?: number;
  /** What copies that wait for the collector may hold (default 64 MiB); what does not fit is counted and let go. */
  readonly maxCopyBytes?: number;
  /** One line of structured log; never a header, a query string or a body. */
  readonly log?: (line: LogLine) => void;
}

export interface GatewaySettings {
  readonly upstream: URL;
  readonly upstreamCa: string | undefined;
  readonly collector: URL;
  readonly collectorToken: string | undefined;
  readonly collectorCa: string | undefined;
  readonly telemetry: TelemetryMode;
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxCopyBytes: number;
  readonly log: (line: LogLine) => void;
}

/** Options with their defaults. Throws an OptionError: a wrong value never counts as "not given". */
export function gatewaySettingsOf(options: GatewayOptions): GatewaySettings {
  const { host = '127.0.0.1', port = 4443, tls, telemetry = 'keep' } = options;
  if (!['keep', 'copy'].includes(telemetry)) throw new OptionError("telemetry must be 'keep' or 'copy'.");
  if (typeof host !== 'string' || host === '') throw new OptionError('host must be an address.');
  if (!isLoopback(host) && tls === undefined) {
    throw new OptionError(`Credentials pass through: to bind ${host}, give a certificate and its key.`);
  }
  if (tls !== undefined) identityOf(tls);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new OptionError('port must be a port number.');
  const upstream = originOf('upstream', options.upstream);
  if (port !== 0 && isLoopback(bare(upstream)) && isLoopback(host) && portOf(upstream) === port) {
    throw new OptionError('upstream is the gateway itself.');
  }
  return {
    upstream,
    upstreamCa: options.upstreamCa,
    collector: originOf('collector', options.collector),
    collectorToken: options.collectorToken,
    collectorCa: options.collectorCa,
    telemetry,
    host,
    port,
    tls,
    maxConnections: count('maxConnections', options.maxConnections, 1_000, 1),
    requestTimeoutMs: count('requestTimeoutMs', options.requestTimeoutMs, 300_000, 100),
    connectTimeoutMs: count('connectTimeoutMs', options.connectTimeoutMs, 10_000, 10),
    idleTimeoutMs: count('idleTimeoutMs', options.idleTimeoutMs, 900_000, 100),
    maxCopyBytes: count('maxCopyBytes', options.maxCopyBytes, 64 * 2 ** 20, 1_024),
    log: options.log ?? ((): void => undefined),
  };
}

/** A URL's host name without the brackets of an IPv6 address. */
export const bare = ({ hostname }: URL): string => hostname.replaceAll(/^\[|\]$/g, '');

export const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

/** The name by which TLS asks for a certificate; an address has none. */
export const serverNameOf = (url: URL): string => (isIP(bare(url)) === 0 ? bare(url) : '');

function originOf(name: string, text: unknown): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
    throw new OptionError(`${name} must be an address such as https://example.cloud.databricks.com.`);
  }
  if (`${url.username}${url.password}${url.search}${url.hash}` !== '' || url.pathname !== '/') {
    throw new OptionError(`${name} must be an origin: no path, query or credentials.`);
  }
  if (url.protocol === 'http:' && !isLoopback(bare(url))) {
    throw new OptionError(`${name} must be https: credentials do not travel in the clear beyond this machine.`);
  }
  return url;
}

function count(name: string, value: unknown, byDefault: number, minimum: number): number {
  if (value === undefined) return byDefault;
  const maximum = name.endsWith('Ms') ? MAX_TIMER_MS : Infinity;
  if (typeof value === 'number' && value > maximum) throw new OptionError(`${name} must be ${maximum} at most.`);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum) return value;
  throw new OptionError(`${name} must be a whole number of at least ${minimum}.`);
}
