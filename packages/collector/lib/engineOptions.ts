import { isLoopback, OptionError, type Settings } from './options';
import type { EngineSettings } from './store/engines';
import { requirePeer } from './store/peer';

/** Where a ClickHouse server is; the database must be there. */
export interface ClickHouseOptions {
  /** `https://clickhouse.example.com:8443`; plain `http` with a password on loopback only. No credentials in it. */
  readonly url: string;
  /** Default: `default`. */
  readonly database?: string | undefined;
  /** Default: `default`. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** Which Databricks SQL warehouse keeps the statements; catalog and schema must be there. */
export interface DatabricksOptions {
  /** Name of the workspace, without `https://`. */
  readonly host: string;
  readonly port?: number | undefined;
  /** HTTP path of the warehouse. */
  readonly path: string;
  readonly token: string;
  /** Authorities to trust beside the usual ones (PEM). */
  readonly ca?: string | undefined;
  /** `catalog.schema` of the tables. */
  readonly schema: string;
  /** Volume for files that wait until they are copied. Default: `telemetry_collector` in that schema. */
  readonly volume?: string | undefined;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const VOLUME = /^\/Volumes\/[^/'\\]+\/[^/'\\]+\/[^'\\]*[^/'\\]$/;
const DEFAULT_VOLUME = 'telemetry_collector';

/** What the engine is opened with. Throws an OptionError, also when the package is missing that it needs. */
export function engineOf(settings: Settings): EngineSettings {
  const { store, data: folder, retentionBytes, storeTimeoutMs: timeoutMs } = settings;
  if (store !== 'duckdb' && retentionBytes !== undefined) {
    throw new OptionError(`retentionBytes is for the store duckdb; how much ${store} holds is said by retentionDays.`);
  }
  switch (store) {
    case 'duckdb': {
      const { memoryMb, threads, recentDays } = settings;
      return { kind: store, folder, memoryMb, threads, recentDays };
    }
    case 'clickhouse':
      return { kind: store, folder, timeoutMs, clickhouse: clickHouseOf(settings.clickhouse) };
    case 'databricks':
      return { kind: store, folder, timeoutMs, databricks: databricksOf(settings.databricks) };
    default:
      throw new OptionError("store must be 'duckdb', 'clickhouse' or 'databricks'.");
  }
}

type ClickHouseSettings = Extract<EngineSettings, { kind: 'clickhouse' }>['clickhouse'];
type DatabricksSettings = Extract<EngineSettings, { kind: 'databricks' }>['databricks'];

function clickHouseOf(options: ClickHouseOptions | undefined): ClickHouseSettings {
  requirePeer('@clickhouse/client', 'clickhouse');
  const { url: text, database = 'default', user = 'default', password } = options ?? {};
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new OptionError(
      'The store clickhouse needs its address, clickhouse.url: https://clickhouse.example.com:8443',
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw new OptionError('clickhouse.url must hold neither credentials nor parameters.');
  }
  if (url.protocol === 'http:' && password !== undefined && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new OptionError('A password goes to clickhouse.url over https only, or to loopback.');
  }
  return { url: url.href, database, user, password };
}

function databricksOf(options: DatabricksOptions | undefined): DatabricksSettings {
  requirePeer('@databricks/sql', 'databricks');
  const { host, port, path, token, ca, schema: names = '', volume } = options ?? {};
  if (host === undefined || path === undefined) {
    throw new OptionError('The store databricks needs databricks.host and databricks.path of a SQL warehouse.');
  }
  if (!/^[A-Za-z0-9.-]+$/.test(host)) throw new OptionError('databricks.host must be the name of the workspace.');
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port <= 65_535)) {
    throw new OptionError('databricks.port must be a port number.');
  }
  if (token === undefined || token === '') throw new OptionError('The store databricks needs a token.');
  const [catalog = '', schema = '', ...more] = names.split('.');
  if (!NAME.test(catalog) || !NAME.test(schema) || more.length > 0) {
    throw new OptionError('databricks.schema must be catalog.schema.');
  }
  const files = volume ?? `/Volumes/${catalog}/${schema}/${DEFAULT_VOLUME}`;
  if (!VOLUME.test(files)) throw new OptionError('databricks.volume must be /Volumes/catalog/schema/volume.');
  return { host, port, path, token, ca, catalog, schema, volume: files };
}
