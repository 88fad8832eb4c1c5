import { DEFAULT_PORT, MAX_PORT } from '../../model/connection';
import { publicHttpPath } from '../../model/fields/httpPath';
import { broken, ok, type Finding } from './Finding';
import { proxyOf, type Proxy } from './proxy';

/** What the command line says; every value as text. */
export interface Flags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly path?: string | undefined;
  readonly token?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly 'endpoint-token'?: string | undefined;
  readonly proxy?: string | undefined;
}

/** Where to connect to, and as whom. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly token: string;
  /** `telemetryEndpoint`, where one was given on the command line. */
  readonly endpoint: string | undefined;
  /** `telemetryEndpointToken`, where one was given on the command line. */
  readonly endpointToken: string | undefined;
  /** The driver's `proxy`. */
  readonly proxy: Proxy | undefined;
}

/** The setting, its flag, and the environment variables that are looked at, first one first. */
const SOURCES = [
  ['host', '--host', ['DATABRICKS_SERVER_HOSTNAME', 'DATABRICKS_HOST']],
  ['path', '--path', ['DATABRICKS_HTTP_PATH']],
  ['token', '--token', ['DATABRICKS_TOKEN']],
] as const;

function given(flag: string | undefined, env: NodeJS.ProcessEnv, names: readonly string[]): string | undefined {
  return [flag, ...names.map((name) => env[name])].find((value) => value !== undefined && value !== '');
}

/** Settings from flags and environment, or what is wrong with them. */
export function settingsOf(
  flags: Flags,
  env: NodeJS.ProcessEnv,
): { settings: Settings | undefined; finding: Finding; ofProxy?: Finding | undefined } {
  const [host, path, token] = SOURCES.map(([name, , names]) => given(flags[name], env, names));
  const port = Number(given(flags.port, env, ['DATABRICKS_PORT']) ?? DEFAULT_PORT);
  if (host === undefined || path === undefined || token === undefined) {
    const missing = SOURCES.filter(([name, , names]) => given(flags[name], env, names) === undefined);
    const ways = missing.map(([, flag, names]) => `${flag} or ${names.join(' or ')}`);
    const advice = `Give ${ways.join('; ')}. A token is better given by the environment.`;
    return {
      settings: undefined,
      finding: broken('settings', `No ${missing.map(([name]) => name).join(', ')}.`, advice),
    };
  }
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) {
    const finding = broken('settings', 'The port is no port number.', 'Give --port or DATABRICKS_PORT a number.');
    return { settings: undefined, finding };
  }
  const advice =
    flags.token === undefined
      ? undefined
      : 'A token on the command line can be read by everybody on this machine: use DATABRICKS_TOKEN.';
  const name = hostName(host);
  // Their variables are the library's own, which reads them.
  const { endpoint, 'endpoint-token': endpointToken } = flags;
  const { proxy, finding: ofProxy } = proxyOf(flags.proxy, env, name);
  return {
    settings: { host: name, port, path, token, endpoint, endpointToken, proxy },
    finding: ok('settings', `${name}, port ${port}, ${publicHttpPath(path)}`, advice),
    ofProxy,
  };
}

/** People copy the host from the address bar. */
function hostName(host: string): string {
  return host
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/s, '');
}
