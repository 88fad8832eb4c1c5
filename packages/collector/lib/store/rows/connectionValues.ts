import type { TelemetryRow } from '../../receive/decodeLog';
import { DIMENSION_NAMES, SETTING_NAMES } from '../columns';

/** How drivers call themselves in a user agent, and in their system configuration. */
const DRIVER_NAMES: Readonly<Record<string, string>> = {
  NodejsDatabricksSqlConnector: 'nodejs-sql-driver',
  PyDatabricksSqlConnector: 'Databricks SQL Python Connector',
  godatabrickssqlconnector: 'databricks-sql-go',
};

/** What a log says of its connection: the dimensions in their order, and its settings as JSON. */
export interface ConnectionValues {
  readonly values: readonly (string | null)[];
  readonly settings: string | null;
  /** The same for equal connections only. */
  readonly key: string;
}

/** Null when the log says nothing of its connection. */
export function connectionValues(row: TelemetryRow): ConnectionValues | null {
  const values = DIMENSION_NAMES.map((name) => textOf(row, name));
  if (values.every((value) => value === null)) return null;
  const given = SETTING_NAMES.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]] as const]));
  const settings = given.length === 0 ? null : JSON.stringify(Object.fromEntries(given));
  return { values, settings, key: JSON.stringify([...values, settings]) };
}

export function namesOf(values: readonly (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(DIMENSION_NAMES.map((name, index) => [name, values[index] ?? null]));
}

function textOf(row: TelemetryRow, name: string): string | null {
  const value = row[name] ?? fallback(row, name);
  if (value === undefined) return null;
  return name === 'driver' ? (DRIVER_NAMES[String(value)] ?? String(value)) : String(value);
}

function fallback(row: TelemetryRow, name: string): TelemetryRow[string] | undefined {
  if (name === 'driver') return row['fallbackDriver'];
  if (name === 'driverVersion') return row['fallbackDriverVersion'];
  return undefined;
}
