import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { broken, ok, type Finding } from './Finding';

/** A proxy through which the workspace is reached, as the driver's `proxy` option takes it. */
export interface Proxy {
  readonly protocol: 'http' | 'https' | 'socks' | 'socks4' | 'socks4a' | 'socks5' | 'socks5h';
  readonly host: string;
  readonly port: number;
  readonly auth?: { readonly username: string; readonly password: string };
}

const PORTS: Readonly<Record<Proxy['protocol'], number>> = {
  http: 80,
  https: 443,
  socks: 1080,
  socks4: 1080,
  socks4a: 1080,
  socks5: 1080,
  socks5h: 1080,
};
const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'];
const TUNNEL_TIMEOUT_MS = 10_000;

/** The proxy that the flag or the environment names for `host`, and what there is to say of it; neither without one. */
export function proxyOf(
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
  host: string,
): { readonly proxy?: Proxy; readonly finding?: Finding } {
  const from = flag === undefined ? VARIABLES.find((name) => (env[name] ?? '') !== '') : '--proxy';
  if (from === undefined) return {};
  const proxy = parse(flag ?? env[from] ?? '');
  if (proxy === undefined) {
    return { finding: broken('proxy', `${from} is not the address of a proxy.`, 'Write it as http://host:port.') };
  }
  const address = `${proxy.protocol}://${proxy.host}:${proxy.port}`;
  if (from === '--proxy') return { proxy, finding: ok('proxy', `through ${address}`) };
  if (isExempt(host, env['NO_PROXY'] ?? env['no_proxy'] ?? '')) return { finding: ok('proxy', 'none: NO_PROXY') };
  const advice = `The driver reads no ${from}: an application has to give connect() this proxy as its option proxy.`;
  return { proxy, finding: ok('proxy', `through ${address} (${from})`, advice) };
}

/** User and password stay as the URL has them: the driver puts them into one again. */
function parse(address: string): Proxy | undefined {
  const text = address.includes('://') ? address : `http://${address}`;
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  const name = protocol.slice(0, -1);
  if (!isProtocol(name) || hostname === '') return undefined;
  const auth = username === '' ? {} : { auth: { username, password } };
  return { protocol: name, host: hostname, port: Number(port || PORTS[name]), ...auth };
}

function isProtocol(name: string): name is Proxy['protocol'] {
  return Object.hasOwn(PORTS, name);
}

/** Names and their ends, separated by commas or spaces; `*` is everything. */
function isExempt(host: string, exceptions: string): boolean {
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .map((exception) => exception.replace(/^\*?\./, '.').replace(/:\d+$/, ''))
    .filter((exception) => exception !== '')
    .some((exception) => {
      if (exception === '*') return true;
      const end = exception.startsWith('.') ? exception : `.${exception}`;
      return `.${host.toLowerCase()}`.endsWith(end);
    });
}

/** What came of asking a proxy for a way to a host. */
export type Tunnel =
  | { readonly kind: 'open'; readonly socket: Socket }
  /** The proxy answered, and not with a way. */
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'failed'; readonly code: string };

/** Asks a proxy that speaks HTTP for a way to `port` of `host`. Never rejects. */
export function openTunnel(proxy: Proxy, host: string, port: number): Promise<Tunnel> {
  const { auth } = proxy;
  const credentials = auth && `${decodeURIComponent(auth.username)}:${decodeURIComponent(auth.password)}`;
  const open = proxy.protocol === 'https' ? https.request : http.request;
  return new Promise((resolve) => {
    const request = open({
      method: 'CONNECT',
      host: proxy.host.replace(/^\[(.*)\]$/, '$1'),
      port: proxy.port,
      path: `${host}:${port}`,
      timeout: TUNNEL_TIMEOUT_MS,
      headers: {
        host: `${host}:${port}`,
        ...(credentials && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
    });
    request.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode === 200) return resolve({ kind: 'open', socket });
      socket.destroy();
      return resolve({ kind: 'refused', status: statusCode });
    });
    request.once('response', ({ statusCode = 0 }) => {
      request.destroy();
      resolve({ kind: 'refused', status: statusCode });
    });
    request.once('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    request.once('error', (thrown: NodeJS.ErrnoException) =>
      resolve({ kind: 'failed', code: thrown.code ?? 'unknown error' }),
    );
    request.end();
  });
}
