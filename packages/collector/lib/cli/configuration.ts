import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { OptionError, type CollectorOptions, type TokenOptions } from '../options';

type Values = Readonly<Record<string, unknown>>;

const NOT_IN_FILE = new Set(['config', 'check']);

/** Flags, then environment, then the configuration file. Throws an OptionError that names what is wrong. */
export function optionsOf(command: Command): CollectorOptions {
  const flags: Values = command.opts();
  const file = typeof flags['config'] === 'string' ? readConfiguration(flags['config'], knownNames(command)) : {};
  const {
    sendTokenFile,
    readTokenFile,
    adminTokenFile,
    tlsCert,
    tlsKey,
    config: _config,
    check: _check,
    ...rest
  } = {
    ...file,
    ...flags,
  };
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new OptionError('--tls-cert and --tls-key belong together.');
  }
  return {
    ...(rest as CollectorOptions),
    send: tokens('SEND', sendTokenFile),
    read: tokens('READ', readTokenFile),
    admin: tokens('ADMIN', adminTokenFile),
    ...(typeof tlsCert === 'string' && typeof tlsKey === 'string'
      ? { tls: { cert: readText(tlsCert), key: readText(tlsKey) } }
      : {}),
  };
}

function knownNames(command: Command): Set<string> {
  return new Set(command.options.map((option) => option.attributeName()).filter((name) => !NOT_IN_FILE.has(name)));
}

/** Tokens come from a file or from the environment (several: separated by commas), never from the command line. */
function tokens(role: string, file: unknown): TokenOptions {
  const inEnvironment = process.env[`TELEMETRY_COLLECTOR_${role}_TOKEN`];
  return {
    ...(inEnvironment === undefined ? {} : { tokens: inEnvironment.split(',').map((token) => token.trim()) }),
    ...(typeof file === 'string' ? { file } : {}),
  };
}

function readConfiguration(path: string, known: ReadonlySet<string>): Values {
  let values: unknown;
  try {
    values = parse(readText(path));
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(`${path} is neither YAML nor JSON.`);
  }
  if (values === null) return {};
  if (typeof values !== 'object' || Array.isArray(values)) throw new OptionError(`${path} must hold names and values.`);
  for (const name of Object.keys(values)) {
    if (!known.has(name)) throw new OptionError(`${path}: there is no option ${name}.`);
  }
  return values as Values;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new OptionError(`${path} cannot be read.`);
  }
}
