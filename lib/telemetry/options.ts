import { TELEMETRY_OPTIONS, type OptionRow, type OptionValue } from './optionTable';
import type { OnPreview } from './preview';

export { TELEMETRY_OPTIONS };

type OptionTable = typeof TELEMETRY_OPTIONS;
export type TelemetryOptionName = keyof OptionTable;

type Widen<T> = T extends boolean ? boolean : T extends number ? number : T extends string ? string : T;

/** Telemetry options as `connect()`, the constructor and `ClientConfig` take them. */
export type TelemetryOptions = { -readonly [K in TelemetryOptionName]?: Widen<OptionTable[K]['default']> };

type Unprefixed<K extends string> = K extends `telemetry${infer Rest}` ? Uncapitalize<Rest> : never;

/** All options with their values, without the `telemetry` prefix. */
export type TelemetryConfiguration = {
  readonly [K in TelemetryOptionName as Unprefixed<K>]: Widen<OptionTable[K]['default']>;
};

export const TELEMETRY_OPTION_NAMES = Object.keys(TELEMETRY_OPTIONS) as TelemetryOptionName[];

/** Every option at its default, under its own name. */
export const TELEMETRY_OPTION_DEFAULTS = Object.freeze(
  Object.fromEntries(TELEMETRY_OPTION_NAMES.map((name) => [name, TELEMETRY_OPTIONS[name].default])),
) as Required<TelemetryOptions>;

/** The telemetry options that `options` gives a value for. */
export function telemetryOptionsOf(options: TelemetryOptions): TelemetryOptions {
  const given = TELEMETRY_OPTION_NAMES.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, effectiveValue(name, options[name])])) as TelemetryOptions;
}

/** `telemetryBatchSize` → `batchSize`. */
function unprefixed(name: TelemetryOptionName): string {
  const rest = name.slice('telemetry'.length);
  return rest.charAt(0).toLowerCase() + rest.slice(1);
}

/** The value to use for an option: a value of the wrong type is as good as none; a number is brought within limits. */
export function effectiveValue(name: TelemetryOptionName, value: unknown): OptionValue {
  const row: OptionRow<OptionValue> = TELEMETRY_OPTIONS[name];
  if (row.names !== undefined) {
    const place = typeof value === 'string' ? placeOf(value, row.names) : value;
    return (typeof place === 'number' ? row.names[place] : undefined) ?? row.default;
  }
  if (row.takesFunction === true && typeof value === 'function') return value as OnPreview;
  if (typeof value !== typeof row.default) return row.default;
  if (typeof value !== 'number') return value as boolean | string;
  if (!Number.isFinite(value)) return row.default;
  return Math.min(row.max ?? Infinity, Math.max(row.min ?? -Infinity, value));
}

function placeOf(value: string, names: readonly string[]): number {
  const wanted = value.trim().toLowerCase();
  return names.findIndex((name) => name.toLowerCase() === wanted);
}

const UNPREFIXED = TELEMETRY_OPTION_NAMES.map((name) => [name, unprefixed(name)] as const);

/** Resolves options to a full configuration. Never throws: what is unusable counts as not given. */
export function resolveConfiguration(options: TelemetryOptions): TelemetryConfiguration {
  const resolved: Record<string, OptionValue> = {};
  for (const [name, short] of UNPREFIXED) resolved[short] = effectiveValue(name, options[name]);
  return Object.freeze(resolved) as TelemetryConfiguration;
}

/** Every option at its default. */
export const DEFAULT_TELEMETRY_CONFIG: TelemetryConfiguration = resolveConfiguration({});
