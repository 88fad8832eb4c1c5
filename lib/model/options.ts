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

/** Every option: what the last of `levels` gives it that gives it anything, or its default. */
export function completeOptions(...levels: readonly TelemetryOptions[]): Required<TelemetryOptions> {
  const complete: Record<string, OptionValue> = { ...TELEMETRY_OPTION_DEFAULTS };
  for (const options of levels) {
    for (const name of namesIn(options)) {
      const value = options[name];
      if (value !== undefined) complete[name] = effectiveValue(name, value);
    }
  }
  return complete as Required<TelemetryOptions>;
}

/** Names of the options that `options` may have a value for; what a class may inherit is not known by its keys. */
function namesIn(options: TelemetryOptions): readonly TelemetryOptionName[] {
  if (Object.getPrototypeOf(options) !== Object.prototype) return TELEMETRY_OPTION_NAMES;
  return Object.keys(options).filter((name): name is TelemetryOptionName =>
    Object.hasOwn(TELEMETRY_OPTION_DEFAULTS, name),
  );
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

const UNPREFIXED = TELEMETRY_OPTION_NAMES.map(
  (name) => [name, unprefixed(name), TELEMETRY_OPTIONS[name].default] as const,
);

/** Every option at its default. */
export const DEFAULT_TELEMETRY_CONFIG = Object.freeze(
  Object.fromEntries(UNPREFIXED.map(([, short, ofTable]) => [short, ofTable])),
) as TelemetryConfiguration;

/** Resolves options to a full configuration. Never throws: what is unusable counts as not given. */
export function resolveConfiguration(options: TelemetryOptions): TelemetryConfiguration {
  const resolved: Record<string, OptionValue> = { ...DEFAULT_TELEMETRY_CONFIG };
  for (const [name, short, ofTable] of UNPREFIXED) {
    const value = options[name];
    if (value !== undefined && value !== ofTable) resolved[short] = effectiveValue(name, value);
  }
  return Object.freeze(resolved) as TelemetryConfiguration;
}
