import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createSecureContext, Server as TlsServer } from 'node:tls';
import { OptionError, type LogLine, type TlsOptions } from '../options';

const LOOKED_EVERY_MS = 2_000;

interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A certificate and its private key. Throws an OptionError for a file that cannot be read, and when they are something else. */
export function identityOf(tls: TlsOptions): Identity {
  const identity = 'cert' in tls ? tls : { cert: readText(tls.certFile), key: readText(tls.keyFile) };
  try {
    createSecureContext(identity);
  } catch {
    throw new OptionError('The certificate and key to serve with are not a certificate and its private key (PEM).');
  }
  return identity;
}

/** What a file holds. Throws an OptionError that names it. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new OptionError(`${path} cannot be read.`);
  }
}

/**
 * Connections to come get what the files of `tls` hold by then, until `server` closes. What is no identity leaves the last
 * one in place, and is logged when it is found twice: two files are not written at once.
 */
export function renewIdentity(server: Server, tls: TlsOptions | undefined, log: (line: LogLine) => void): void {
  if (tls === undefined || 'cert' in tls || !(server instanceof TlsServer)) return;
  const found = (): { readonly text: string; readonly identity?: Identity } => {
    try {
      const identity = identityOf(tls);
      return { text: identity.cert + identity.key, identity };
    } catch (error) {
      return { text: String(error) };
    }
  };
  let served = found().text;
  let seen = served;
  let told = '';
  const look = (): void => {
    const { text, identity } = found();
    const isSettled = text === seen;
    seen = text;
    if (text === served || text === told || !isSettled) return;
    told = text;
    if (identity === undefined) {
      log({ level: 'warn', event: 'certificate_refused', message: text });
    } else {
      server.setSecureContext(identity);
      served = text;
      log({ level: 'info', event: 'certificate_renewed' });
    }
  };
  const timer = setInterval(look, LOOKED_EVERY_MS).unref();
  server.once('close', () => clearInterval(timer));
}
