import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { isLoopback } from '../options';

export interface HostRules {
  readonly host: string;
  readonly allowedHosts: readonly string[];
}

/** The name in a Host header, without port and brackets, in lower case; undefined when it is none. */
function nameOf(header: string): string | undefined {
  const match = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(header);
  return match?.[1]?.replaceAll(/^\[|\]$/g, '').toLowerCase();
}

/** What balancers look at, some of them with HTTP/1.0, which need not name a host. Nobody learns anything there. */
const PROBES = /^\/(?:healthz|readyz)$/;

/**
 * Whether the request names this collector. A page that had its own name resolved to this machine names itself: only
 * addresses and the names that were configured are taken.
 */
export function hostFits(message: IncomingMessage, { host, allowedHosts }: HostRules): boolean {
  if (message.headers.host === undefined) return PROBES.test(message.url ?? '');
  const name = nameOf(message.headers.host);
  if (name === undefined) return false;
  if (allowedHosts.includes('*') || allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return true;
  if (isLoopback(host)) return isLoopback(name);
  return isIP(name) !== 0 || name === host.toLowerCase() || name === hostname().toLowerCase();
}

/** Whether a browser sent the request for a page of another origin. */
export function isForeign(message: IncomingMessage, secure: boolean): boolean {
  const { origin, host } = message.headers;
  const site = message.headers['sec-fetch-site'];
  // What the browser itself says holds behind a proxy too, which may end TLS or name the collector differently.
  if (site === 'same-origin') return false;
  if (site === 'cross-site' || (site === 'same-site' && origin === undefined)) return true;
  if (origin === undefined) return false;
  const schemes = secure ? ['https'] : ['http', 'https'];
  return schemes.every((scheme) => origin.toLowerCase() !== `${scheme}://${host ?? ''}`.toLowerCase());
}
