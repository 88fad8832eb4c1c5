import type { TenantOptions } from './auth/tenants';

/** How the workspace offers large results as files. */
export interface CloudFetchOptions {
  /** Target size of one file, before compression. Default 4 MiB. */
  maxFileBytes?: number;
  /** Upper bound of rows in one file. Default 250 000. */
  maxRowsPerFile?: number;
  /** How long a link works after it was issued. Default 15 minutes. */
  linkTtlMs?: number;
  /** Results smaller than this (Arrow bytes, estimated) come inline although the client can download. Default 1 MiB. */
  thresholdBytes?: number;
  /** LZ4 for files: when the client says that it can decode them, always, or never. Default 'as-asked'. */
  lz4?: 'as-asked' | 'always' | 'never';
  /** Links handed out by one call. Default 20. */
  linksPerFetch?: number;
}

/** What a client certificate must satisfy. */
export interface MutualTlsOptions {
  /** PEM of the authority that signs client certificates. Default: the workspace's own, see `issueClientCertificate`. */
  clientCa?: string;
}

/** Bounds for what statements use, so that none disturbs the others. */
export interface StatementLimits {
  /** Longest time of one statement. Default: none but what the client asks for. */
  statementMs?: number;
  /** Memory of all statements together; what needs more fails with SQLSTATE 53200. Default four fifths of the machine's. */
  memoryBytes?: number;
}

export interface LocalWorkspaceOptions {
  /** Default 0: an ephemeral port. */
  port?: number;
  /** Bind address, default '127.0.0.1'. */
  host?: string;
  /** Folder for a persistent database and volumes; in memory without it. */
  dataDir?: string;
  /** 'demo': about a million realistic rows. Default 'none'. */
  seed?: 'demo' | 'none';
  /** Tokens that are accepted. A string is a tenant of its own. Default one random token. */
  tokens?: readonly (string | TenantOptions)[];
  warehouseId?: string;
  orgId?: string;
  cloudFetch?: CloudFetchOptions;
  /** Default true. */
  featureFlagEnabled?: boolean;
  /** `ttl_seconds` of the feature-flag answer. Default 900. */
  featureFlagTtlSeconds?: number;
  /** Take telemetry with `Content-Encoding: gzip`. Default false: such a request is answered with 415. */
  telemetryGzip?: boolean;
  /** A statement that takes longer than this is answered as running and polled. Default 100. */
  asyncAfterMs?: number;
  /** Largest request body that is read. Default 64 MiB. */
  maxBodyBytes?: number;
  /** Certificate and key (PEM) to serve with, instead of generated ones. */
  tls?: { cert: string; key: string; ca?: string };
  /** Ask for and verify a client certificate. */
  mutualTls?: boolean | MutualTlsOptions;
  /** Serve `/admin/…` for scripting faults from outside, to loopback clients with this token. Default off. */
  adminToken?: string;
  /** How long a session may go without a call, unless a statement of it is running. Default 8 hours, as of a warehouse. */
  sessionIdleMs?: number;
  /** What statements may use; see `StatementLimits`. */
  limits?: StatementLimits;
  /** Lifetime of tokens that the OAuth token endpoint issues. Default 3600. */
  oauthTokenTtlSeconds?: number;
  /** Highest protocol version that is negotiated, 1 to 8. Default 8. */
  protocolVersion?: ProtocolLevel;
  /** One line per request. */
  log?: (line: string) => void;
}

export type ProtocolLevel = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type ResolvedCloudFetch = Required<CloudFetchOptions>;

const MIB = 1024 * 1024;

export function resolveCloudFetch(options: CloudFetchOptions = {}): ResolvedCloudFetch {
  return {
    maxFileBytes: options.maxFileBytes ?? 4 * MIB,
    maxRowsPerFile: options.maxRowsPerFile ?? 250_000,
    linkTtlMs: options.linkTtlMs ?? 15 * 60_000,
    thresholdBytes: options.thresholdBytes ?? MIB,
    lz4: options.lz4 ?? 'as-asked',
    linksPerFetch: options.linksPerFetch ?? 20,
  };
}
