declare const hostKeyBrand: unique symbol;

/** A normalised `host` or `host:port`: the name under which a process shares telemetry state for one workspace. */
export type HostKey = string & { readonly [hostKeyBrand]: true };

const DEFAULT_PORT = 443;

/**
 * The one key for all spellings of a host: case, scheme, `:443`, trailing dot, slash and path make no difference.
 * A port inside `host` is used when `port` is not given. Never throws; an unusable host gives its trimmed lower case.
 */
export function toHostKey(host: string, port?: number): HostKey {
  const bare = host
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/s, '');
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(bare);
  const name = (match?.[1] ?? bare).replace(/\.$/, '');
  const effectivePort = port ?? (match?.[2] === undefined ? DEFAULT_PORT : Number(match[2]));
  return (effectivePort === DEFAULT_PORT ? name : `${name}:${effectivePort}`) as HostKey;
}

/** The host name and port of a key. */
export function splitHostKey(key: HostKey): { hostname: string; port: number } {
  const match = /^(.*?)(?::(\d+))?$/.exec(key);
  return { hostname: match?.[1] ?? key, port: match?.[2] === undefined ? DEFAULT_PORT : Number(match[2]) };
}
