import { NO_HOST, splitHostKey, toHostKey } from '../../model/connection';
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
  const givenPort = given(flags.port, env, ['DATABRICKS_PORT']);
  if (host === undefined || path === undefined || token === undefined) {
    const missing = SOURCES.filter(([name, , names]) => given(flags[name], env, names) === undefined);
    const ways = missing.map(([, flag, names]) => `${flag} or ${names.join(' or ')}`);
    const advice = `Give ${ways.join('; ')}. A token is better given by the environment.`;
    return {
      settings: undefined,
      finding: broken('settings', `No ${missing.map(([name]) => name).join(', ')}.`, advice),
    };
  }
  const wrong = wrongWith(host, givenPort, token);
  if (wrong !== undefined) return { settings: undefined, finding: broken('settings', ...wrong) };
  const advice =
    flags.token === undefined
      ? undefined
      : 'A token on the command line can be read by everybody on this machine: use DATABRICKS_TOKEN.';
  const { hostname, port } = splitHostKey(toHostKey(host, givenPort));
  // Their variables are the library's own, which reads them.
  const { endpoint, 'endpoint-token': endpointToken } = flags;
  const { proxy, finding: ofProxy } = proxyOf(flags.proxy, env, hostname);
  return {
    settings: { host: hostname, port, path, token, endpoint, endpointToken, proxy },
    finding: ok('settings', `${hostname}, port ${port}, ${publicHttpPath(path)}`, advice),
    ofProxy,
  };
}

/** What cannot be meant, and what to do. People copy the host from the address bar, which is understood. */
function wrongWith(host: string, port: string | undefined, token: string): [says: string, advice: string] | undefined {
  if (port !== undefined && toHostKey('host', port) === NO_HOST)
    return ['The port is no port number.', 'Give --port or DATABRICKS_PORT a number.'];
  if (toHostKey(host, port) === NO_HOST)
    return ['The host is not the name of a host.', 'Write it as in name.cloud.databricks.com.'];
  if (/[^\x21-\x7e]/.test(token))
    return ['The token holds a space, a line break or another character that no token has.', 'Copy it once more.'];
  return undefined;
}
