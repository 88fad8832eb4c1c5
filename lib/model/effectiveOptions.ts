import type { EffectiveOption } from './connection';
import type { OptionRow } from './optionRow';
import { usableValue } from './optionValue';
import {
  givenIn,
  OPTION_KEYS,
  TELEMETRY_OPTIONS,
  type TelemetryConfiguration,
  type TelemetryOptionName,
  type TelemetryOptions,
} from './options';

/** What each of those says who may set options, outermost first. */
export type OptionLevels = ReadonlyArray<readonly [setBy: EffectiveOption['setBy'], options: TelemetryOptions]>;

/** The options in effect and who set each, as a collector of one's own may see them: no secret, no path, no address. */
export function effectiveOptions(
  configuration: TelemetryConfiguration,
  levels: OptionLevels,
): Readonly<Record<string, EffectiveOption>> {
  const effective: Record<string, EffectiveOption> = {};
  for (const [name, key] of OPTION_KEYS) {
    const value = isShown(TELEMETRY_OPTIONS[name]) ? shown(configuration[key]) : null;
    effective[name] = { value, setBy: setterOf(name, configuration[key], levels) };
  }
  return effective;
}

/** Who decided that an option has `value`. */
export function setterOf(name: TelemetryOptionName, value: unknown, levels: OptionLevels): EffectiveOption['setBy'] {
  const given = levels.filter(([, options]) => givenIn(options, name) !== undefined);
  // Where the stricter of two holds, it is not always the inner one. A token may be in effect nowhere.
  const last = TELEMETRY_OPTIONS[name].type === 'secret' ? undefined : given.at(-1);
  const deciding = given.findLast(([, options]) => isSame(name, options, value)) ?? last;
  return deciding?.[0] ?? 'default';
}

function isSame(name: TelemetryOptionName, options: TelemetryOptions, value: unknown): boolean {
  return usableValue(TELEMETRY_OPTIONS[name], givenIn(options, name))?.value === value;
}

function isShown({ type }: OptionRow): boolean {
  switch (type) {
    case 'boolean':
    case 'number':
    case 'rate':
    case 'name':
    case 'label':
      return true;
    case 'text':
    case 'secret':
    case 'url':
    case 'dryRun':
      return false;
  }
}

function shown(value: unknown): EffectiveOption['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
