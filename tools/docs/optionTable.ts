import { TELEMETRY_OPTION_NAMES, TELEMETRY_OPTIONS, type TelemetryOptionName } from '../../lib/model/options';
import { code, table } from './markdown';

/** A row of the option table with all that any row may have. */
interface Row {
  readonly default: unknown;
  readonly min?: number;
  readonly max?: number;
  readonly unit?: 'ms' | 'bytes' | 'count';
  readonly description: string;
}

const MIB = 1024 * 1024;

function duration(ms: number): string {
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`;
  if (ms >= 60_000) return `${ms / 60_000} min`;
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}

function amount(value: number, unit: Row['unit']): string {
  if (unit === 'ms') return duration(value);
  if (unit !== 'bytes') return String(value);
  if (value % MIB === 0) return `${value / MIB} MiB`;
  return value % 1024 === 0 ? `${value / 1024} KiB` : `${value} bytes`;
}

function defaultOf(row: Row): string {
  if (row.default === '') return 'none';
  if (typeof row.default !== 'number') return code(String(row.default as boolean | string));
  if (row.unit === undefined || row.unit === 'count') return code(`${row.default}`);
  return `${code(`${row.default}`)} (${amount(row.default, row.unit)})`;
}

function limitsOf({ min, max, unit }: Row): string {
  return min === undefined || max === undefined ? '' : `${amount(min, unit)} … ${amount(max, unit)}`;
}

/** Every option, as the documentation shows it. */
export function optionTable(): string {
  const rows = TELEMETRY_OPTION_NAMES.map((name: TelemetryOptionName) => {
    const row: Row = TELEMETRY_OPTIONS[name];
    return [code(name), defaultOf(row), limitsOf(row), row.description];
  });
  return table(['option', 'default', 'limits', 'what it does'], rows);
}
