import {
  completeOptions,
  givenIn,
  resolveOptions,
  type OptionProblem,
  type TelemetryOptions,
} from '../../model/options';
import { environmentRefusals, refusalsOf, type Refusal } from './refusals';

/**
 * Whether telemetry is on, given what each level says, outermost first. Off by default; one `false` anywhere is off;
 * otherwise one `true` is needed.
 */
export function isOptedIn(...levels: ReadonlyArray<boolean | undefined>): boolean {
  return levels.includes(true) && !levels.includes(false) && environmentRefusals().length === 0;
}

/** What the options of one level say: anything but a plain yes is a no, and so is a log level of `OFF`. */
export function saysOfTelemetry(options: TelemetryOptions): boolean | undefined {
  const level = givenIn(options, 'telemetryLogLevel');
  if (level !== undefined && resolveOptions({ telemetryLogLevel: options.telemetryLogLevel }).isOff) return false;
  const enabled = givenIn(options, 'telemetryEnabled');
  return enabled === undefined ? undefined : enabled === true;
}

/** Whether `options` leave what they are about observed: anything but a plain yes is a no. */
export function observes(options: { readonly telemetryObserve?: unknown } | undefined): boolean {
  const wish = options === undefined ? undefined : givenIn(options as TelemetryOptions, 'telemetryObserve');
  return wish === undefined || wish === true;
}

/** What the options of a client and of one of its connections come to. */
export interface Decision {
  /** Every option; `telemetryEnabled` as it was decided. */
  readonly options: TelemetryOptions;
  /** Somebody may be told of it: no level said `telemetryObserve: false`. */
  readonly isObservable: boolean;
  readonly problems: readonly OptionProblem[];
  /** Who keeps it from sending, beside an option with a value that it cannot have. */
  readonly refusals: readonly Refusal[];
  /** Telemetry was asked for, and a value that an option cannot have is why there is none. */
  readonly isClosedByProblem: boolean;
}

/** Decides whether a connection sends, and whether it may be observed at all. Never throws but for what an accessor of the application throws. */
export function decide(ofClient: TelemetryOptions, ofConnection: TelemetryOptions): Decision {
  const complete = completeOptions(ofClient, ofConnection);
  const { isOff, problems: found } = resolveOptions(complete);
  const problems = [...found, ...overruled(ofClient, found)];
  const isObservable = observes(ofClient) && observes(ofConnection);
  const isEnabled = isObservable && !isOff && isOptedIn(saysOfTelemetry(ofClient), saysOfTelemetry(ofConnection));
  const isClosed = !isEnabled && problems.some(({ done }) => done === 'nothing leaves');
  return {
    options: { ...complete, telemetryEnabled: isEnabled },
    isObservable,
    problems,
    refusals: refusalsOf(ofClient, ofConnection),
    isClosedByProblem: isClosed && isOptedIn(wishOf(ofClient), wishOf(ofConnection)),
  };
}

/** What a client says wrongly closes also where its connection says it right: the strictest level wins. */
function overruled(ofClient: TelemetryOptions, found: readonly OptionProblem[]): readonly OptionProblem[] {
  const { telemetryEnabled, telemetryObserve, telemetryLogLevel } = completeOptions(ofClient);
  return resolveOptions({ telemetryEnabled, telemetryObserve, telemetryLogLevel }).problems.filter(
    ({ option }) => !found.some((problem) => problem.option === option),
  );
}

/** Like `saysOfTelemetry`, but for a value that cannot be read: somebody wanted something. */
function wishOf(options: TelemetryOptions): boolean | undefined {
  const enabled = givenIn(options, 'telemetryEnabled');
  return enabled === undefined ? undefined : enabled !== false;
}
