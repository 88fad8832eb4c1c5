import { effectiveValue, type TelemetryOptions } from '../../model/options';

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

/** What the options of one level say: a log level of `OFF` is a no. */
export function saysOfTelemetry(options: TelemetryOptions): boolean | undefined {
  return effectiveValue('telemetryLogLevel', options.telemetryLogLevel) === 'OFF' ? false : options.telemetryEnabled;
}
