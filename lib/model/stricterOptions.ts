import { TELEMETRY_LEVELS, type TelemetryLogLevel } from './optionRow';
import { givenIn, resolveOptions, type TelemetryOptionName, type TelemetryOptions } from './options';

/** Options by which an outer level can ask for less than an inner one: the strictest holds. */
export const RESTRICTING = [
  'telemetryEnabled',
  'telemetryLogLevel',
  'telemetrySampleRate',
  'telemetryDryRun',
] as const satisfies readonly TelemetryOptionName[];

/**
 * Where `limits` ask for less than `options`, what they ask for. A value that an option cannot have stays as it is on either
 * side: it closes.
 */
export function stricter(limits: TelemetryOptions, options: TelemetryOptions): TelemetryOptions {
  if (RESTRICTING.every((name) => givenIn(limits, name) === undefined)) return {};
  const { configuration: most } = resolveOptions(limits);
  const { configuration, problems } = resolveOptions(options);
  const isLess: Partial<Record<TelemetryOptionName, boolean>> = {
    telemetryLogLevel: rank(most.logLevel) < rank(configuration.logLevel),
    telemetrySampleRate: most.sampleRate < configuration.sampleRate,
    telemetryDryRun: most.dryRun !== undefined && configuration.dryRun === undefined,
  };
  const names = RESTRICTING.filter(
    (name) =>
      isLess[name] === true && givenIn(limits, name) !== undefined && !problems.some(({ option }) => option === name),
  );
  return Object.fromEntries(names.map((name) => [name, limits[name]]));
}

function rank(level: TelemetryLogLevel): number {
  return TELEMETRY_LEVELS.indexOf(level);
}
