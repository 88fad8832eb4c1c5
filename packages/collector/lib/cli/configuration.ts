import type { Command, Option } from 'commander';
import { parse } from 'yaml';
import type { ClickHouseOptions, DatabricksOptions } from '../engineOptions';
import type { GatewayOptions } from '../gateway/options';
import type { HistoryOptions } from '../history/options';
import { readText } from '../http/tls';
import { OptionError, type CollectorOptions, type TlsOptions, type TokenOptions } from '../options';
import { isNumber } from './optionTable';

type Values = Readonly<Record<string, unknown>>;

const NOT_IN_FILE = new Set(['config', 'check']);

/** Flags, then environment, then the configuration file. Throws an OptionError that names what is wrong. */
export function optionsOf(command: Command): CollectorOptions {
  const { sendTokenFile, readTokenFile, adminTokenFile, tlsCert, tlsKey, otlpHeadersFile, ...others } =
    valuesOf(command);
  const { history, rest: values } = historyOf(others);
  const { rest, engine } = engineOptionsOf(values);
  return {
    ...(rest as CollectorOptions),
    ...history,
    ...engine,
    send: tokens('SEND', sendTokenFile),
    read: tokens('READ', readTokenFile),
    admin: tokens('ADMIN', adminTokenFile),
    ...tlsOf(tlsCert, tlsKey),
    ...headersOf(secretOf(otlpHeadersFile, 'TELEMETRY_COLLECTOR_OTLP_HEADERS')),
  };
}

/** `name=value`, separated by commas or lines: headers hold secrets, and come as these do. */
function headersOf(text: string | undefined): Pick<CollectorOptions, 'otlpHeaders'> {
  if (text === undefined) return {};
  const pairs = text.split(/[,\n]/).filter((pair) => pair.trim() !== '');
  const headers = pairs.map((pair) => {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new OptionError('OTLP headers are name=value.');
    return [name.toLowerCase(), value] as const;
  });
  return { otlpHeaders: Object.fromEntries(headers) };
}

/** Options named `history…` belong to one object. */
function historyOf(values: Values): { history: Pick<CollectorOptions, 'history'>; rest: Values } {
  const { historyHost, historyPath, historyTokenFile, historyTable, historyIntervalMinutes, ...rest } = values;
  const given = { host: historyHost, path: historyPath, table: historyTable, intervalMinutes: historyIntervalMinutes };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  const token = secretOf(historyTokenFile, 'TELEMETRY_COLLECTOR_HISTORY_TOKEN');
  if (present.length === 0 && historyTokenFile === undefined) return { history: {}, rest };
  return { history: { history: { ...Object.fromEntries(present), token } as HistoryOptions }, rest };
}

/** The gateway's options, and those of the collector that is started with it unless `collector` names one. */
export interface GatewayConfiguration {
  readonly gateway: Omit<GatewayOptions, 'collector'>;
  readonly collector: string | CollectorOptions;
}

/** Flags, then environment, then the configuration file. Throws an OptionError that names what is wrong. */
export function gatewayConfigurationOf(command: Command): GatewayConfiguration {
  const { tlsCert, tlsKey, upstreamCa, collectorCa, collectorTokenFile, ...others } = valuesOf(command);
  const { collector, collectorPort, data, retentionDays, ...rest } = others;
  const own = { port: collectorPort, data, retentionDays };
  const [unused] =
    Object.entries({ collectorPort, data, retentionDays }).find(([, value]) => value !== undefined) ?? [];
  if (collector !== undefined && unused !== undefined) {
    throw new OptionError(`${unused} is for a collector that is started here, not for one that runs already.`);
  }
  const token = secretOf(collectorTokenFile, 'TELEMETRY_GATEWAY_COLLECTOR_TOKEN');
  return {
    gateway: {
      ...(rest as Omit<GatewayOptions, 'collector'>),
      ...tlsOf(tlsCert, tlsKey),
      ...(typeof upstreamCa === 'string' ? { upstreamCa: readText(upstreamCa) } : {}),
      ...(typeof collectorCa === 'string' ? { collectorCa: readText(collectorCa) } : {}),
      ...(token === undefined ? {} : { collectorToken: token }),
    },
    collector: typeof collector === 'string' ? collector : (own as CollectorOptions),
  };
}

function valuesOf(command: Command): Values {
  const flags: Values = command.opts();
  const file = typeof flags['config'] === 'string' ? readConfiguration(flags['config'], knownOptions(command)) : {};
  const { config: _config, check: _check, ...values } = { ...file, ...flags };
  return values;
}

function tlsOf(cert: unknown, key: unknown): { tls?: TlsOptions } {
  if ((cert === undefined) !== (key === undefined)) throw new OptionError('--tls-cert and --tls-key belong together.');
  return typeof cert === 'string' && typeof key === 'string' ? { tls: { certFile: cert, keyFile: key } } : {};
}

function secretOf(file: unknown, variable: string): string | undefined {
  return typeof file === 'string' ? readText(file).trim() : process.env[variable];
}

function knownOptions(command: Command): ReadonlyMap<string, Option> {
  const named = command.options.map((option) => [option.attributeName(), option] as const);
  return new Map(named.filter(([name]) => !NOT_IN_FILE.has(name)));
}

/** What a file has to hold for `option`; undefined where its value is checked with the others. */
function wantedOf(option: Option): 'number' | 'string' | undefined {
  if (isNumber(option)) return 'number';
  return option.parseArg === undefined ? 'string' : undefined;
}

/** Values of one engine belong together: `clickhouseUrl` is the `url` of `clickhouse`. Secrets come as tokens do. */
function engineOptionsOf(values: Values): { readonly rest: Values; readonly engine: CollectorOptions } {
  const rest: Record<string, unknown> = {};
  const engines: Record<string, Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(values)) {
    const [, engine, of] = /^(clickhouse|databricks)([A-Z].*)$/.exec(name) ?? [];
    if (engine === undefined || of === undefined) rest[name] = value;
    else (engines[engine] ??= {})[of.charAt(0).toLowerCase() + of.slice(1)] = value;
  }
  const { clickhouse, databricks } = engines;
  const { passwordFile, ...server } = clickhouse ?? {};
  const { tokenFile, ca, ...warehouse } = databricks ?? {};
  const password = secretOf(passwordFile, 'TELEMETRY_COLLECTOR_CLICKHOUSE_PASSWORD');
  const token = secretOf(tokenFile, 'TELEMETRY_COLLECTOR_DATABRICKS_TOKEN');
  const trusted = typeof ca === 'string' ? { ca: readText(ca) } : {};
  return {
    rest,
    engine: {
      ...(clickhouse === undefined ? {} : { clickhouse: { ...server, password } as ClickHouseOptions }),
      ...(databricks === undefined ? {} : { databricks: { ...warehouse, ...trusted, token } as DatabricksOptions }),
    },
  };
}

/** Tokens come from a file or from the environment (several: separated by commas), never from the command line. */
function tokens(role: string, file: unknown): TokenOptions {
  const inEnvironment = process.env[`TELEMETRY_COLLECTOR_${role}_TOKEN`];
  return {
    ...(inEnvironment === undefined ? {} : { tokens: inEnvironment.split(',').map((token) => token.trim()) }),
    ...(typeof file === 'string' ? { file } : {}),
  };
}

function readConfiguration(path: string, known: ReadonlyMap<string, Option>): Values {
  let values: unknown;
  try {
    values = parse(readText(path));
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(`${path} is neither YAML nor JSON.`);
  }
  if (values === null) return {};
  if (typeof values !== 'object' || Array.isArray(values)) throw new OptionError(`${path} must hold names and values.`);
  for (const [name, value] of Object.entries(values)) {
    const option = known.get(name);
    if (option === undefined) throw new OptionError(`${path}: there is no option ${name}.`);
    const wanted = wantedOf(option);
    if (wanted !== undefined && typeof value !== wanted) throw new OptionError(`${path}: ${name} must be a ${wanted}.`);
  }
  return values as Values;
}
