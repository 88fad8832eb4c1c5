import type { Refusal, RefusingOption } from '../../model/diagnosis';
import { OPT_OUTS, variableOf } from '../../model/environmentOptions';
import { completeOptions, givenIn, resolveOptions, type TelemetryOptions } from '../../model/options';

const TRUTHY = new Set(['1', 'true', 'yes', 'on']);

/** The variables of `env` that forbid telemetry. */
export function environmentRefusals(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  return OPT_OUTS.filter((name) => TRUTHY.has(env[name]?.trim().toLowerCase() ?? ''));
}

/** Who keeps a connection with these options from having telemetry, outermost first; nobody when it is asked for. */
export function refusalsOf(
  ofClient: TelemetryOptions,
  ofConnection: TelemetryOptions,
  ofEnvironment: TelemetryOptions,
): readonly Refusal[] {
  const isAskedFor = [ofEnvironment, ofClient, ofConnection].some(
    (options) => givenIn(options, 'telemetryEnabled') !== undefined,
  );
  return [
    ...environmentRefusals().map((variable) => ({ by: 'environment', variable }) as const),
    ...refusingOptions(ofEnvironment).map(
      (option) => ({ by: 'environment', variable: variableOf(option) ?? '' }) as const,
    ),
    ...refusingOptions(ofClient).map((option) => ({ by: 'constructor', option }) as const),
    ...refusingOptions(ofConnection).map((option) => ({ by: 'connect', option }) as const),
    ...(isAskedFor ? [] : [{ by: 'default' } as const]),
  ];
}

function refusingOptions(options: TelemetryOptions): readonly RefusingOption[] {
  const level = { telemetryLogLevel: completeOptions(options).telemetryLogLevel };
  const { isOff, problems } = resolveOptions(level);
  return [
    ...(givenIn(options, 'telemetryObserve') === false ? (['telemetryObserve'] as const) : []),
    ...(isOff && problems.length === 0 && givenIn(options, 'telemetryLogLevel') !== undefined
      ? (['telemetryLogLevel'] as const)
      : []),
    ...(givenIn(options, 'telemetryEnabled') === false ? (['telemetryEnabled'] as const) : []),
  ];
}
