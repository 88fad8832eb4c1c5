import type { Refusal } from '../../model/diagnosis';
import type { OptionLevels } from '../../model/effectiveOptions';
import { environmentOptions, variableOf } from '../../model/environmentOptions';
import { RESTRICTING, stricter } from '../../model/stricterOptions';
import {
  completeOptions,
  givenIn,
  givenOptions,
  resolveOptions,
  type OptionProblem,
  type TelemetryConfiguration,
  type TelemetryOptions,
} from '../../model/options';
import { environmentRefusals, refusalsOf } from './refusals';

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
  if (level !== undefined && resolveOptions({ telemetryLogLevel: completeOptions(options).telemetryLogLevel }).isOff)
    return false;
  const enabled = givenIn(options, 'telemetryEnabled');
  return enabled === undefined ? undefined : enabled === true;
}

/** Whether `options` leave what they are about observed: anything but a plain yes is a no. */
export function observes(options: { readonly telemetryObserve?: unknown } | undefined): boolean {
  const wish = options === undefined ? undefined : givenIn(options, 'telemetryObserve');
  return wish === undefined || wish === true;
}

/** What the options of a client and of one of its connections come to. */
export interface Decision {
  /** Every option; `telemetryEnabled` as it was decided. */
  readonly options: TelemetryOptions;
  readonly configuration: TelemetryConfiguration;
  /** Who may have set them. */
  readonly levels: OptionLevels;
  /** Somebody may be told of it: no level said `telemetryObserve: false`. */
  readonly isObservable: boolean;
  readonly problems: readonly OptionProblem[];
  /** Who keeps it from sending, beside an option with a value that it cannot have. */
  readonly refusals: readonly Refusal[];
  /** Telemetry was asked for, and a value that an option cannot have is why there is none. */
  readonly isClosedByProblem: boolean;
}

/**
 * Decides whether a connection sends, and whether it may be observed at all. The environment says what code leaves open,
 * and wins where it asks for less. Cannot throw.
 */
export function decide(
  clientOptions: TelemetryOptions,
  connectionOptions: TelemetryOptions,
  ofEnvironment = environmentOptions(),
): Decision {
  const [ofClient, ofConnection] = [givenOptions(clientOptions), givenOptions(connectionOptions)];
  const merged = completeOptions(ofEnvironment, ofClient, ofConnection);
  const complete = { ...merged, ...stricter(ofEnvironment, merged) };
  const { configuration, isOff, problems: found } = resolveOptions(complete);
  const isOfCode = (option: OptionName): boolean =>
    [ofClient, ofConnection].some((o) => givenIn(o, option) !== undefined);
  const problems = [
    ...found.map((problem) => (isOfCode(problem.option) ? problem : byEnvironment(problem))),
    ...overruled(ofClient, OF_CLIENT, found),
    ...overruled(ofEnvironment, RESTRICTING, found).map(byEnvironment),
  ];
  const isObservable = observes(ofClient) && observes(ofConnection);
  const levels = [ofEnvironment, ofClient, ofConnection];
  const isClosed = isOff || problems.some(isClosing);
  const isEnabled = isObservable && !isClosed && isOptedIn(...levels.map(saysOfTelemetry));
  return {
    options: { ...complete, telemetryEnabled: isEnabled },
    configuration: { ...configuration, enabled: isEnabled },
    levels: [
      ['environment', ofEnvironment],
      ['constructor', ofClient],
      ['connect', ofConnection],
    ],
    isObservable,
    problems,
    refusals: refusalsOf(ofClient, ofConnection, ofEnvironment),
    isClosedByProblem: !isEnabled && problems.some(isClosing) && isOptedIn(...levels.map(wishOf)),
  };
}

type OptionName = OptionProblem['option'];

const OF_CLIENT = ['telemetryEnabled', 'telemetryObserve', 'telemetryLogLevel'] as const;

/** What an outer level says wrongly closes also where an inner one says it right: the strictest level wins. */
function overruled(
  outer: TelemetryOptions,
  names: readonly OptionName[],
  found: readonly OptionProblem[],
): readonly OptionProblem[] {
  const complete = completeOptions(outer);
  const limiting = Object.fromEntries(names.map((name) => [name, complete[name]]));
  return resolveOptions(limiting).problems.filter(({ option }) => !found.some((problem) => problem.option === option));
}

function byEnvironment(problem: OptionProblem): OptionProblem {
  const variable = variableOf(problem.option);
  return variable === undefined ? problem : { ...problem, variable };
}

function isClosing({ done }: OptionProblem): boolean {
  return done === 'nothing leaves';
}

/** Like `saysOfTelemetry`, but for a value that cannot be read: somebody wanted something. */
function wishOf(options: TelemetryOptions): boolean | undefined {
  const enabled = givenIn(options, 'telemetryEnabled');
  return enabled === undefined ? undefined : enabled !== false;
}
