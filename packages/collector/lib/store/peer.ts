import { createRequire } from 'node:module';
import { OptionError } from '../options';

/** Throws an OptionError that says what to install when `name`, an optional peer, is not there. */
export function requirePeer(name: string, store: string): unknown {
  try {
    return createRequire(__filename)(name) as unknown;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'MODULE_NOT_FOUND') throw error;
    throw new OptionError(`The store ${store} needs a package that is not here: npm install ${name}`);
  }
}
