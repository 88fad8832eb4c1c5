import type { OptionRow } from './optionRow';
import { TELEMETRY_OPTION_NAMES, TELEMETRY_OPTIONS, type TelemetryOptions } from './options';

const ON = /^(?:1|true|yes|on)$/i;
const OFF = /^(?:0|false|no|off)$/i;
const NUMBER = /^\d+(?:\.\d+)?$/;

/** Variables that forbid telemetry when they are 1, true, yes or on. */
export const OPT_OUTS = ['DATABRICKS_TELEMETRY_DISABLED', 'DO_NOT_TRACK'] as const;

/** The environment variable of an option; undefined where it has none. */
export function variableOf(name: keyof typeof TELEMETRY_OPTIONS): string | undefined {
  const row: OptionRow = TELEMETRY_OPTIONS[name];
  return row.env;
}

/**
 * What the environment says of options, by their variables. A text that cannot be read stays a text, which is then a value
 * that the option cannot have. An empty variable says nothing.
 */
export function environmentOptions(env: NodeJS.ProcessEnv = process.env): TelemetryOptions {
  const given: Record<string, unknown> = {};
  for (const name of TELEMETRY_OPTION_NAMES) {
    const row: OptionRow = TELEMETRY_OPTIONS[name];
    const text = row.env === undefined ? '' : (env[row.env] ?? '').trim();
    if (text !== '') given[name] = read(row.type, text);
  }
  return given;
}

function read(type: OptionRow['type'], text: string): unknown {
  switch (type) {
    case 'boolean':
    case 'dryRun':
      return ON.test(text) ? true : OFF.test(text) ? false : text;
    case 'number':
    case 'rate':
      return NUMBER.test(text) ? Number(text) : text;
    case 'name':
    case 'text':
    case 'label':
    case 'secret':
    case 'url':
      return text;
  }
}
