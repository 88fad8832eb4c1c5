import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import type { TlsOptions } from '../../model/connection';

/** The connection options about TLS. */
export interface TlsConnectOptions {
  readonly customCaCert?: string | Buffer | undefined;
  readonly clientCert?: string | Buffer | undefined;
  readonly clientKey?: string | Buffer | undefined;
  readonly checkServerCertificate?: boolean | undefined;
}

/** TLS facts for requests whose agent does not carry them. A custom CA adds to the roots there are, as in the driver. */
export function tlsOptionsOf(options: TlsConnectOptions): TlsOptions {
  const { customCaCert, clientCert, clientKey, checkServerCertificate } = options;
  return {
    ...(customCaCert === undefined ? {} : { ca: [...tls.rootCertificates, ...extraRoots(), customCaCert] }),
    ...(clientCert === undefined ? {} : { cert: clientCert }),
    ...(clientKey === undefined ? {} : { key: clientKey }),
    ...(checkServerCertificate === undefined ? {} : { rejectUnauthorized: checkServerCertificate }),
  };
}

/** By file, as Node.js itself reads it once in a process. */
const extraRootsOf = new Map<string, string[]>();

/** Node.js adds these by itself only where no `ca` is given. */
function extraRoots(): string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  if (file === undefined || file === '') return [];
  const known = extraRootsOf.get(file) ?? readRoots(file);
  extraRootsOf.set(file, known);
  return known;
}

function readRoots(file: string): string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    // Node.js goes without a file that it cannot read.
    return [];
  }
}
