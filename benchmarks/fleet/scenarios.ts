import type { Service } from './Service';

/** Something that happens to the fleet or its service. Times in simulated milliseconds. */
export interface Scenario {
  readonly name: string;
  readonly processes: number;
  /** Processes start evenly within this time. */
  readonly startWithinMs: number;
  readonly endMs: number;
  /** The disturbance; figures of the recovery count from its end. */
  readonly disturbance?: {
    readonly fromMs: number;
    readonly untilMs: number;
    begin(service: Service): void;
    end(service: Service): void;
  };
  /** Statements of one process, on average every so many milliseconds. */
  readonly statementEveryMs: number;
  /** Requests per second that the service takes, as a multiple of one per process and statement or flush interval. */
  readonly limit: number;
  /** Whether records that were collected are to arrive. */
  readonly isLossless: boolean;
}

const MINUTE = 60_000;

/** The processes of a fleet of this size end a statement every 5 seconds; larger ones less often, for the time it takes. */
const MOST_BUSY = 20_000;

export function scenariosOf(processes: number): Scenario[] {
  const statementEveryMs = processes > MOST_BUSY ? MINUTE : 5000;
  const usual = { processes, startWithinMs: MINUTE, statementEveryMs, limit: 3, isLossless: true };
  const fromMs = 4 * MINUTE;
  return [
    { ...usual, name: 'steady', endMs: 4 * MINUTE },
    // Until the flag that all have asked for at once has run out.
    { ...usual, name: 'simultaneous deploy', startWithinMs: 1000, endMs: 17 * MINUTE },
    {
      ...usual,
      name: 'outage of 10 minutes',
      endMs: 20 * MINUTE,
      disturbance: {
        fromMs,
        untilMs: fromMs + 10 * MINUTE,
        begin: (service) => void (service.isReachable = false),
        end: (service) => void (service.isReachable = true),
      },
    },
    {
      ...usual,
      name: '429 for 2 minutes',
      endMs: 10 * MINUTE,
      disturbance: {
        fromMs,
        untilMs: fromMs + 2 * MINUTE,
        begin: (service) => void (service.isShedding = true),
        end: (service) => void (service.isShedding = false),
      },
    },
    {
      ...usual,
      name: 'flag off and on',
      isLossless: false,
      endMs: 36 * MINUTE,
      disturbance: {
        fromMs,
        untilMs: fromMs + 15 * MINUTE,
        begin: (service) => void (service.isFlagOn = false),
        end: (service) => void (service.isFlagOn = true),
      },
    },
  ];
}
