import type { ClickHouseOptions, DatabricksOptions } from './engineOptions';
import { historyIntervalMs, type HistoryOptions } from './history/options';

export type StoreKind = 'duckdb' | 'clickhouse' | 'databricks';

/** Where the tokens of a role come from: given, or read from a file that is read again when it changes. */
export interface TokenOptions {
  readonly tokens?: readonly string[];
  /** One token a line; `#` begins a comment. */
  readonly file?: string;
}

/** What `startCollector` takes. Everything has a default; durations and sizes carry their unit. */
export interface CollectorOptions {
  /** Address to bind; anything but loopback needs tokens for sending and for reading. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** Folder of journal, database and files. Made when it is missing. */
  readonly data?: string;
  /** Who keeps the statements: this process, or an engine that several collectors share. */
  readonly store?: StoreKind;
  readonly clickhouse?: ClickHouseOptions;
  readonly databricks?: DatabricksOptions;
  readonly retentionDays?: number;
  /** Bytes of older days on disk; beyond it the oldest go. */
  readonly retentionBytes?: number;
  /** Days that stay in the database file before they become Parquet. */
  readonly recentDays?: number;
  readonly send?: TokenOptions;
  readonly read?: TokenOptions;
  readonly admin?: TokenOptions;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Names under which the collector is reached, beside its address; `*`: any, which needs tokens. */
  readonly allowedHosts?: readonly string[];
  /** What the page calls warehouses, by their ids: drivers tell no names. */
  readonly warehouseNames?: Readonly<Record<string, string>>;
  /** Largest body as it is sent, and after decompression. */
  readonly maxBodyBytes?: number;
  readonly maxDecodedBytes?: number;
  /** What all bodies that are being read may hold together; beyond it 429. */
  readonly maxHeldBytes?: number;
  /** Bytes that may wait for the store. */
  readonly journalMaxBytes?: number;
  readonly maxConnections?: number;
  /** Requests a second of one address; beyond it 429. */
  readonly requestsPerSecond?: number;
  readonly requestTimeoutMs?: number;
  readonly memoryMb?: number;
  readonly threads?: number;
  /** A warehouse whose query history is asked for; needs `@databricks/sql`. */
  readonly history?: HistoryOptions;
  /** Base of an OTLP/HTTP receiver; statements leave as spans, figures as metrics. */
  readonly otlpEndpoint?: string;
  readonly otlpHeaders?: Readonly<Record<string, string>>;
  /** One line of structured log; never a token, never a body. */
  readonly log?: (line: LogLine) => void;
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly [detail: string]: string | number | boolean;
}

/** Options without a default. */
type GivenOrNot = 'clickhouse' | 'databricks' | 'history' | 'retentionBytes' | 'tls' | 'otlpEndpoint' | 'otlpHeaders';

export type Settings = Required<Omit<CollectorOptions, GivenOrNot | 'log'>> &
  Pick<CollectorOptions, GivenOrNot> & {
    readonly log: (line: LogLine) => void;
  };

/** A wrong option: says which, and what it may be. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

const DEFAULTS = {
  host: '127.0.0.1',
  port: 4300,
  data: './telemetry-data',
  store: 'duckdb' as StoreKind,
  retentionDays: 30,
  recentDays: 2,
  send: {},
  read: {},
  admin: {},
  allowedHosts: [],
  warehouseNames: {},
  maxBodyBytes: 4 * 2 ** 20,
  maxDecodedBytes: 16 * 2 ** 20,
  maxHeldBytes: 256 * 2 ** 20,
  journalMaxBytes: 2 ** 30,
  maxConnections: 2_000,
  requestsPerSecond: 2_000,
  requestTimeoutMs: 30_000,
  memoryMb: 512,
  threads: 2,
};

const MINIMA: Readonly<Record<string, number>> = {
  port: 0,
  retentionDays: 0.01,
  retentionBytes: 1,
  recentDays: 1,
  maxBodyBytes: 1_024,
  maxDecodedBytes: 1_024,
  maxHeldBytes: 1_024,
  journalMaxBytes: 1_024,
  maxConnections: 1,
  requestsPerSecond: 1,
  requestTimeoutMs: 100,
  memoryMb: 64,
  threads: 1,
};

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

const isTextMap = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((name) => typeof name === 'string' && name !== '');

const hasTokens = ({ tokens, file }: TokenOptions): boolean => file !== undefined || (tokens ?? []).length > 0;

/** Options with their defaults. Throws an OptionError: a wrong value never counts as "not given". */
export function settingsOf(options: CollectorOptions): Settings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings: Settings = { ...DEFAULTS, log: () => undefined, ...given };
  for (const [name, minimum] of Object.entries(MINIMA)) {
    const value: unknown = settings[name as keyof Settings];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= minimum) || !Number.isFinite(value)) {
      throw new OptionError(`${name} must be a number of at least ${minimum}.`);
    }
  }
  if (settings.port > 65_535 || !Number.isInteger(settings.port)) throw new OptionError('port must be a port number.');
  if (typeof settings.host !== 'string' || settings.host === '') throw new OptionError('host must be an address.');
  if (typeof settings.data !== 'string' || settings.data === '') throw new OptionError('data must be a folder.');
  if (!isLoopback(settings.host) && !(hasTokens(settings.send) && hasTokens(settings.read))) {
    throw new OptionError(
      `Without tokens the collector binds loopback only. To bind ${settings.host}, give tokens for sending and for reading.`,
    );
  }
  if (settings.allowedHosts.includes('*') && !(hasTokens(settings.send) && hasTokens(settings.read))) {
    throw new OptionError(
      'allowedHosts: * lets any page that a browser shows reach the collector. Give names, or tokens for sending and for reading.',
    );
  }
  if (!isTextMap(settings.warehouseNames)) throw new OptionError('warehouseNames must hold names by warehouse ids.');
  if (settings.history !== undefined) historyIntervalMs(settings.history);
  return settings;
}
