import { TELEMETRY_OPTION_NAMES, TELEMETRY_OPTIONS } from '../../lib/model/options';
import type { OptionRow } from '../../lib/model/optionRow';
import { code, table } from './markdown';

const MIB = 1024 * 1024;

function duration(ms: number): string {
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`;
  if (ms >= 60_000) return `${ms / 60_000} min`;
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}

type NumberRow = Extract<OptionRow, { type: 'number' }>;

function amount(value: number, unit: NumberRow['unit']): string {
  switch (unit) {
    case 'ms':
      return duration(value);
    case 'bytes':
      if (value % MIB === 0) return `${value / MIB} MiB`;
      return value % 1024 === 0 ? `${value / 1024} KiB` : `${value} bytes`;
    case 'count':
      return String(value);
  }
}

function defaultOf(row: OptionRow): string {
  switch (row.type) {
    case 'number':
      return row.unit === 'count'
        ? code(`${row.default}`)
        : `${code(`${row.default}`)} (${amount(row.default, row.unit)})`;
    case 'name':
    case 'boolean':
    case 'rate':
      return code(String(row.default));
    case 'text':
    case 'label':
    case 'secret':
    case 'url':
    case 'dryRun':
      return 'none';
  }
}

function valuesOf(row: OptionRow): string {
  switch (row.type) {
    case 'number':
      return `${amount(row.min, row.unit)} … ${amount(row.max, row.unit)}`;
    case 'name':
      return row.names.map(code).join(' ');
    case 'boolean':
      return `${code('true')} ${code('false')}`;
    case 'text':
      return 'a path';
    case 'label':
      return 'a name';
    case 'secret':
      return 'a token';
    case 'rate':
      return '0 … 1';
    case 'url':
      return 'an http or https URL';
    case 'dryRun':
      return `a function, a file name, ${code('true')}`;
  }
}

function described({ description, env }: OptionRow): string {
  return env === undefined ? description : `${description} Environment: ${code(env)}.`;
}

/** Every option, as the documentation shows it. */
export function optionTable(): string {
  const rows = TELEMETRY_OPTION_NAMES.map((name) => {
    const row: OptionRow = TELEMETRY_OPTIONS[name];
    const otherwise = row.limits === true ? 'nothing leaves' : 'the default';
    return [code(name), defaultOf(row), valuesOf(row), otherwise, described(row)];
  });
  return table(['option', 'default', 'values', 'any other value', 'what it does'], rows);
}
