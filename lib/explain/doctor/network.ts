import { lookup } from 'node:dns/promises';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { broken, ok, skipped, type Finding } from './Finding';
import { openTunnel, type Proxy } from './proxy';
import { factsOf } from '../../util/foreign';

const TLS_TIMEOUT_MS = 10_000;

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check host and port.',
  ECONNRESET: 'Something closes the connection: look for a firewall or a proxy that has to be used.',
  EHOSTUNREACH: 'There is no way to that address: look at network, VPN and firewall.',
  ENETUNREACH: 'There is no way to that address: look at network, VPN and firewall.',
  ETIMEDOUT: 'Nothing answers: look for a firewall that drops packets.',
  EPROTO: 'What listens there does not speak TLS: check the port.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'What listens there does not speak TLS: check the port.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'What listens there does not speak TLS: check the port.',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet: check the clock of this machine.',
  CERT_HAS_EXPIRED: 'The certificate has expired: check the clock of this machine, else tell whoever runs the host.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name: check the host.',
};
const UNKNOWN_ISSUER =
  'The certificate is signed by nobody whom Node.js knows, as with a proxy that looks into TLS: name its CA in NODE_EXTRA_CA_CERTS.';
const HANDSHAKE =
  'It refuses the handshake: it speaks another version of TLS, or wants a certificate of whoever comes (clientCert).';

function codeOf(thrown: unknown): string {
  const { code } = factsOf(thrown);
  return typeof code === 'string' ? code : 'unknown error';
}

/** An IPv6 address without its brackets, anything else as it is. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** Whether the name of the host is known. */
export async function checkName(host: string): Promise<Finding> {
  try {
    const { address } = await lookup(bare(host));
    return ok('DNS', `${host} is ${address}`);
  } catch (thrown) {
    const advice =
      'Check how the host is written; behind a private link or VPN, whether its names can be looked up here.';
    return broken('DNS', `${host} cannot be looked up (${codeOf(thrown)}).`, advice);
  }
}

/** Whether something answers at `port` of `host`, behind `proxy` where there is one, with a certificate that Node.js accepts. */
export async function checkTls(host: string, port: number, proxy: Proxy | undefined): Promise<Finding> {
  if (proxy === undefined) return greet(host, port, undefined);
  if (proxy.protocol.startsWith('socks')) return reach(proxy);
  const tunnel = await openTunnel(proxy, host, port);
  switch (tunnel.kind) {
    case 'open':
      return greet(host, port, tunnel.socket);
    case 'failed':
      return unreachable(tunnel.code);
    case 'refused':
      return broken('TLS', `The proxy gives no way to ${host}:${port} (status ${tunnel.status}).`, refusalOf(tunnel));
  }
}

/** Whether anything answers where a SOCKS proxy should be. What is behind it only the driver can try. */
function reach({ host, port }: Proxy): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = connectPlain({ host: bare(host), port, timeout: TLS_TIMEOUT_MS });
    const end = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.once('connect', () => end(UNSEEN_TLS));
    socket.once('timeout', () => end(unreachable('ETIMEDOUT')));
    socket.once('error', (thrown) => end(unreachable(codeOf(thrown))));
  });
}

function unreachable(code: string): Finding {
  return broken('TLS', `The proxy cannot be reached (${code}).`, adviceFor(code));
}

function refusalOf({ status }: { readonly status: number }): string {
  if (status === 407) return 'It wants a user and a password: http://user:password@host:port.';
  return status === 403
    ? 'It lets nobody there: ask whoever runs the proxy.'
    : 'It may not reach the host itself, or is no proxy.';
}

/** Over `socket`, or over one of its own. */
function greet(host: string, port: number, tunnel: Socket | undefined): Promise<Finding> {
  return new Promise((resolve) => {
    const way = tunnel === undefined ? { host: bare(host), port } : { socket: tunnel };
    const servername = isIP(bare(host)) === 0 ? { servername: host } : {};
    const socket = connect({ ...way, ...servername, timeout: TLS_TIMEOUT_MS });
    const end = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.once('secureConnect', () => {
      const { valid_to: until } = socket.getPeerCertificate();
      end(ok('TLS', `${socket.getProtocol() ?? 'TLS'}, the certificate is valid until ${until}`));
    });
    socket.once('timeout', () => end(failed(host, port, 'ETIMEDOUT')));
    socket.once('error', (thrown) => end(failed(host, port, codeOf(thrown))));
  });
}

function failed(host: string, port: number, code: string): Finding {
  return broken('TLS', `No secure connection to ${host}:${port} (${code}).`, adviceFor(code));
}

function adviceFor(code: string): string {
  if (/SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/.test(code)) return UNKNOWN_ISSUER;
  return ADVICE[code] ?? (code.startsWith('ERR_SSL') ? HANDSHAKE : 'Look up the code.');
}

/** For what only the driver can try. */
export const UNSEEN_TLS = skipped('TLS', 'not tried: the way leads through a SOCKS proxy');

/** For a host that cannot be reached. */
export const NO_TLS = skipped('TLS', 'not tried: the host has no address');
