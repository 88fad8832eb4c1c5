import { isConfidential } from './endpoint';
import type { OptionRow, Widen } from './optionRow';
import { usableValue } from './optionValue';
import { TELEMETRY_OPTIONS, type OptionTable, type TelemetryOptionName, type TelemetryOptions } from './optionTable';

export { DEBUG_LINES } from './optionValue';
export { TELEMETRY_OPTIONS };
export type { TelemetryOptionName, TelemetryOptions };

type Unprefixed<K extends string> = K extends `telemetry${infer Rest}` ? Uncapitalize<Rest> : never;

/** All options with their values, without the `telemetry` prefix. */
export type TelemetryConfiguration = {
  readonly [K in TelemetryOptionName as Unprefixed<K>]: Widen<OptionTable[K]['default']>;
};

export const TELEMETRY_OPTION_NAMES = Object.keys(TELEMETRY_OPTIONS) as TelemetryOptionName[];

/** Options that have no row in the table: objects or functions of the application's, and those of one call. */
type OtherOptionName = 'telemetryExporters' | 'onSlowStatement' | 'deadlineMs' | 'connection';

/** An option whose value it cannot have. Names the kind of value, never the value itself. */
export interface OptionProblem<Name extends string = TelemetryOptionName> {
  readonly option: Name;
  /** `string`, `boolean` and so on; `null` also where it cannot be read. */
  readonly given: string;
  /** The environment variable that gave it, where code did not. */
  readonly variable?: string;
  readonly done: 'nothing leaves' | 'default used' | 'brought within limits' | 'left out';
}

/** `telemetryBatchSize` → `batchSize`. */
function unprefixed(name: TelemetryOptionName): string {
  const rest = name.slice('telemetry'.length);
  return rest.charAt(0).toLowerCase() + rest.slice(1);
}

/** Each option with its name in a configuration. */
export const OPTION_KEYS = TELEMETRY_OPTION_NAMES.map(
  (name) => [name, unprefixed(name) as keyof TelemetryConfiguration] as const,
);

/** Every option at its default. */
export const DEFAULT_TELEMETRY_CONFIG = Object.freeze(
  Object.fromEntries(OPTION_KEYS.map(([name, short]) => [short, TELEMETRY_OPTIONS[name].default])),
) as TelemetryConfiguration;

/** In the place of `null`, which `??` would pass over, and of what cannot be read. No option has this value. */
const UNUSABLE = Symbol('null');

/** Every option: what the last of `levels` gives it that gives it anything, or its default. Not checked. */
export function completeOptions(...levels: readonly TelemetryOptions[]): TelemetryOptions {
  const complete: Record<string, unknown> = {};
  for (const name of TELEMETRY_OPTION_NAMES) {
    let value: unknown = TELEMETRY_OPTIONS[name].default;
    for (const options of levels) value = givenIn(options, name) ?? value;
    complete[name] = value === UNUSABLE ? null : value;
  }
  if (isTokenOfAnother(levels)) complete['telemetryEndpointToken'] = undefined;
  return complete;
}

/** Whether the token that `levels` give came with, or after, the address of another server than the one in effect. */
function isTokenOfAnother(levels: readonly TelemetryOptions[]): boolean {
  const tokenAt = levels.findLastIndex((options) => givenIn(options, 'telemetryEndpointToken') !== undefined);
  const addresses = levels.map((options) => givenIn(options, 'telemetryEndpoint'));
  const isGiven = (address: unknown): boolean => address !== undefined;
  const meant = addresses.slice(0, tokenAt + 1).findLast(isGiven);
  return isGiven(meant) && originOf(meant) !== originOf(addresses.findLast(isGiven));
}

function originOf(address: unknown): string | undefined {
  const href = usableValue(TELEMETRY_OPTIONS.telemetryEndpoint, address)?.value;
  return typeof href === 'string' ? new URL(href).origin : undefined;
}

/**
 * What `options` says of `name`, itself or by a class of the application; undefined when it says nothing. What somebody
 * wrote into `Object.prototype` is nobody's option. Cannot throw: an accessor that does has a value that no option can have.
 */
export function givenIn(options: object, name: TelemetryOptionName | OtherOptionName): unknown {
  try {
    if (!(name in options) || (name in Object.prototype && !Object.hasOwn(options, name))) return undefined;
    const value: unknown = Reflect.get(options, name);
    return value === null ? UNUSABLE : value;
  } catch {
    return UNUSABLE;
  }
}

/** What `options` say, as they are now: what becomes of the object is no matter, and an accessor is asked once. */
export function givenOptions(options: object): TelemetryOptions {
  const given = TELEMETRY_OPTION_NAMES.map((name) => [name, givenIn(options, name)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The kind of an option's value, as problems name it. */
export function kindOf(value: unknown): string {
  return value === UNUSABLE || value === null ? 'null' : typeof value;
}

export interface ResolvedOptions {
  readonly configuration: TelemetryConfiguration;
  /** Nothing leaves: the log level is `OFF`, or an option that limits has a value that it cannot have. */
  readonly isOff: boolean;
  readonly problems: readonly OptionProblem[];
}

/**
 * Resolves options to a full configuration. Never throws. A value that an option cannot have closes where the option
 * limits what leaves (`enabled` is false then), and counts as not given where it only tunes.
 */
export function resolveOptions(options: TelemetryOptions): ResolvedOptions {
  const resolved: Record<string, unknown> = { ...DEFAULT_TELEMETRY_CONFIG };
  const problems: OptionProblem[] = [];
  for (const [name, short] of OPTION_KEYS) {
    const value = givenIn(options, name);
    const row: OptionRow = TELEMETRY_OPTIONS[name];
    if (value === undefined || value === row.default) continue;
    const usable = usableValue(row, value);
    if (usable !== undefined) resolved[short] = usable.value;
    if (usable === undefined || usable.isAdjusted) {
      const given = kindOf(value);
      const done =
        usable !== undefined ? 'brought within limits' : row.limits === true ? 'nothing leaves' : 'default used';
      problems.push({ option: name, given, done });
    }
  }
  const configuration = resolved as unknown as TelemetryConfiguration;
  if (isTokenExposed(configuration)) {
    problems.push({ option: 'telemetryEndpointToken', given: 'string', done: 'nothing leaves' });
  }
  const isOff = resolved['logLevel'] === 'OFF' || problems.some(({ done }) => done === 'nothing leaves');
  if (isOff) resolved['enabled'] = false;
  return { configuration: Object.freeze(configuration), isOff, problems };
}

/** Whether a token would go where others on the way can read it. */
function isTokenExposed({ endpoint, endpointToken }: TelemetryConfiguration): boolean {
  return endpoint !== undefined && endpointToken !== undefined && !isConfidential(endpoint);
}

/** `resolveOptions` for those who do not report problems. */
export function resolveConfiguration(options: TelemetryOptions): TelemetryConfiguration {
  return resolveOptions(options).configuration;
}
