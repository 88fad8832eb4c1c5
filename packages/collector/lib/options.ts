import { isIP } from 'node:net';
import type { ClickHouseOptions, DatabricksOptions } from './engineOptions';
import { historyIntervalMs, type HistoryOptions } from './history/options';
import { identityOf } from './http/tls';

export type StoreKind = 'duckdb' | 'clickhouse' | 'databricks';

/** Where the tokens of a role come from: given, or read from a file that is read again when it changes. */
export interface TokenOptions {
  readonly tokens?: readonly string[];
  /** One token a line; `#` begins a comment. */
  readonly file?: string;
}

/** What `startCollector` takes. Everything has a default; durations and sizes carry their unit. */
export interface CollectorOptions {
  /** Address to bind. Default `127.0.0.1`; anything but loopback needs tokens for sending and for reading. */
  readonly host?: string;
  /** Default 4300; 0: any free port. */
  readonly port?: number;
  /** Folder of journal, database and files. Made when it is missing. Default `./telemetry-data`. */
  readonly data?: string;
  /** Who keeps the statements: this process (`duckdb`, the default), or an engine that several collectors share. */
  readonly store?: StoreKind;
  readonly clickhouse?: ClickHouseOptions;
  readonly databricks?: DatabricksOptions;
  /** Days that statements are kept. Default 30. */
  readonly retentionDays?: number;
  /** Bytes of older days on disk; beyond it the oldest go. Default: no bound. */
  readonly retentionBytes?: number;
  /** Days that stay in the database file before they become Parquet. Default 2. */
  readonly recentDays?: number;
  /** Tokens of those who send. Without any, everybody on this machine may; beyond loopback there must be some. */
  readonly send?: TokenOptions;
  /** Tokens of those who read; as with `send`. */
  readonly read?: TokenOptions;
  /** Tokens of those who steer; they read too. Without any, only where reading takes none either, on this machine. */
  readonly admin?: TokenOptions;
  /** What to serve with. Default: plain HTTP. */
  readonly tls?: TlsOptions;
  /** Names under which the collector is reached, beside its address; `*`: any, which needs tokens. */
  readonly allowedHosts?: readonly string[];
  /** What the page calls warehouses, by their ids: drivers report no names. */
  readonly warehouseNames?: Readonly<Record<string, string>>;
  /** Largest body as it is sent. Default 4 MiB; beyond it 413. */
  readonly maxBodyBytes?: number;
  /** Largest body after decompression. Default 4 MiB; beyond it 413. */
  readonly maxDecodedBytes?: number;
  /** What all bodies that are being read may hold together. Default 256 MiB; beyond it 429. */
  readonly maxHeldBytes?: number;
  /** Bytes that may wait for the store. Default 1 GiB; beyond it 429. */
  readonly journalMaxBytes?: number;
  /** Connections at a time. Default 2000. */
  readonly maxConnections?: number;
  /** Requests a second of one address, or one network of IPv6 (/64). Default 2000; beyond it 429. */
  readonly requestsPerSecond?: number;
  /** Time for a request to arrive whole, and in which something of an answer must be read. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** What takes longer to answer is refused with 503; exports take the time they need. Default 60,000. */
  readonly questionTimeoutMs?: number;
  /** A ClickHouse server or warehouse that has not done by then what it was asked counts as away. Default 300,000. */
  readonly storeTimeoutMs?: number;
  /** Memory of the database. Default 512. */
  readonly memoryMb?: number;
  /** Threads of the database. Default 2. */
  readonly threads?: number;
  /** A warehouse whose query history is asked for; needs `@databricks/sql`. */
  readonly history?: HistoryOptions;
  /** Base of an OTLP/HTTP receiver; statements leave as spans, figures as metrics. Default: none. */
  readonly otlpEndpoint?: string;
  /** Headers of the requests to it. */
  readonly otlpHeaders?: Readonly<Record<string, string>>;
  /** One line of structured log; never a token, never a body. Default: nobody is told. */
  readonly log?: (line: LogLine) => void;
}

/** A certificate and its private key (PEM), or the files that hold them, which are read again when they change. */
export type TlsOptions =
  { readonly cert: string; readonly key: string } | { readonly certFile: string; readonly keyFile: string };

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
  maxDecodedBytes: 4 * 2 ** 20,
  maxHeldBytes: 256 * 2 ** 20,
  journalMaxBytes: 2 ** 30,
  maxConnections: 2_000,
  requestsPerSecond: 2_000,
  requestTimeoutMs: 30_000,
  questionTimeoutMs: 60_000,
  storeTimeoutMs: 300_000,
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
  questionTimeoutMs: 100,
  storeTimeoutMs: 100,
  memoryMb: 64,
  threads: 1,
};

/** Timers count no further: what is beyond would end at once. */
export const MAX_TIMER_MS = 2_147_483_647;
const MAXIMA: Readonly<Record<string, number>> = {
  requestTimeoutMs: MAX_TIMER_MS,
  questionTimeoutMs: MAX_TIMER_MS,
  storeTimeoutMs: MAX_TIMER_MS,
  memoryMb: 2 ** 30,
  threads: 1_024,
};

/** What is counted; days may be parts of one, and a rate too. */
const FRACTIONAL = new Set(['retentionDays', 'recentDays', 'requestsPerSecond']);

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

const isTextMap = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((name) => typeof name === 'string' && name !== '');

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');

/** What a Host header can name, without its port. */
const isHostName = (name: string): boolean => name === '*' || isIP(name) !== 0 || /^[\w.-]+$/.test(name);

function isReceiver(value: unknown): boolean {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return false;
  return `${url.username}${url.password}${url.search}${url.hash}` === '';
}

const isHeader = ([name, value]: readonly [string, unknown]): boolean =>
  /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

const hasTokens = ({ tokens, file }: TokenOptions): boolean => file !== undefined || (tokens ?? []).length > 0;

function checkOtlp({ otlpEndpoint, otlpHeaders = {} }: CollectorOptions): void {
  if (otlpEndpoint !== undefined && !isReceiver(otlpEndpoint)) {
    throw new OptionError('otlpEndpoint must be an address such as http://127.0.0.1:4318, without credentials.');
  }
  if (!Object.entries(otlpHeaders).every(isHeader)) throw new OptionError('otlpHeaders holds what is no header.');
}

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
    if (!FRACTIONAL.has(name) && !Number.isSafeInteger(value)) throw new OptionError(`${name} must be a whole number.`);
    const maximum = MAXIMA[name] ?? Infinity;
    if (value > maximum) throw new OptionError(`${name} must be ${maximum} at most.`);
  }
  if (settings.port > 65_535) throw new OptionError('port must be a port number.');
  if (typeof settings.host !== 'string' || settings.host === '') throw new OptionError('host must be an address.');
  if (typeof settings.data !== 'string' || settings.data === '') throw new OptionError('data must be a folder.');
  if (!isLoopback(settings.host) && !(hasTokens(settings.send) && hasTokens(settings.read))) {
    throw new OptionError(
      `Without tokens the collector binds loopback only. To bind ${settings.host}, give tokens for sending and for reading.`,
    );
  }
  if (!isNames(settings.allowedHosts) || !settings.allowedHosts.every(isHostName)) {
    throw new OptionError('allowedHosts must be a list of names, without scheme and port.');
  }
  if (settings.allowedHosts.includes('*') && !(hasTokens(settings.send) && hasTokens(settings.read))) {
    throw new OptionError(
      'allowedHosts: * lets any page that a browser shows reach the collector. Give names, or tokens for sending and for reading.',
    );
  }
  if (!isTextMap(settings.warehouseNames)) throw new OptionError('warehouseNames must hold names by warehouse ids.');
  checkOtlp(settings);
  if (settings.tls !== undefined) identityOf(settings.tls);
  if (settings.history !== undefined) historyIntervalMs(settings.history);
  return settings;
}
