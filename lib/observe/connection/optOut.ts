import { givenIn, resolveOptions, type TelemetryOptions } from '../../model/options';

const TRUTHY = new Set(['1', 'true', 'yes', 'on']);

/** Whether the environment forbids telemetry: `DATABRICKS_TELEMETRY_DISABLED` or `DO_NOT_TRACK` is 1, true, yes or on. */
export function disabledByEnvironment(env: NodeJS.ProcessEnv = process.env): boolean {
  return [env['DATABRICKS_TELEMETRY_DISABLED'], env['DO_NOT_TRACK']].some(
    (value) => value !== undefined && TRUTHY.has(value.trim().toLowerCase()),
  );
}

/**
 * Whether telemetry is on, given what each level says, outermost first. Off by default; one `false` anywhere is off;
 * otherwise one `true` is needed.
 */
export function isOptedIn(...levels: ReadonlyArray<boolean | undefined>): boolean {
  return levels.includes(true) && !levels.includes(false) && !disabledByEnvironment();
}

/** What the options of one level say: anything but a plain yes is a no, and so is a log level of `OFF`. */
export function saysOfTelemetry(options: TelemetryOptions): boolean | undefined {
  const level = givenIn(options, 'telemetryLogLevel');
  if (level !== undefined && resolveOptions({ telemetryLogLevel: options.telemetryLogLevel }).isOff) return false;
  const enabled = givenIn(options, 'telemetryEnabled');
  return enabled === undefined ? undefined : enabled === true;
}
