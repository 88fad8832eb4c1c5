import { connectOurs, OfficialMember, OurMember, type Member } from './members';
import type { Scenario } from './scenarios';
import { Service } from './Service';
import { VirtualClock } from './VirtualClock';

export type Who = 'ours' | 'official';

export interface Outcome {
  readonly scenario: string;
  readonly who: Who;
  readonly processes: number;
  readonly statementEveryMs: number;
  readonly meanPerSecond: number;
  readonly peakPerSecond: number;
  readonly peakToMean: number;
  /** Most requests for the flag in a second while the processes start. */
  readonly firstFlagPeakPerSecond: number;
  /** The same for those that are made again, from the end of the disturbance. */
  readonly flagPeakPerSecond: number;
  readonly refused: number;
  /** From the end of the disturbance until no more is pending than before it; undefined: not within the run. */
  readonly drainSeconds: number | undefined;
  readonly collected: number;
  readonly lost: number;
  /** Records that were lost and had to arrive. */
  readonly wronglyLost: number;
  readonly perSecond: readonly number[];
  /** How long the simulation took. */
  readonly realSeconds: number;
}

/** Times that the fleet is asked what is pending before a disturbance; how often after it. */
const SAMPLES_BEFORE = 5;
const SAMPLE_MS = 5000;
const TOLERANCE = 1.05;
/** The shortest time between two requests of one process that is not in trouble. */
const FLUSH_INTERVAL_MS = 5000;

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Runs `scenario` on a virtual clock with the real code of `who`. */
export async function simulate(scenario: Scenario, who: Who): Promise<Outcome> {
  const { processes, startWithinMs, endMs, statementEveryMs, disturbance } = scenario;
  const startedAtMs = performance.now();
  const service = new Service(((processes * 1000) / Math.max(statementEveryMs, FLUSH_INTERVAL_MS)) * scenario.limit);
  const clock = new VirtualClock();
  const members: Member[] = [];
  let collected = 0;
  const start = (): void => {
    const member: Member = who === 'ours' ? new OurMember() : new OfficialMember(service);
    members.push(member);
    const work = (): void => {
      collected += 1;
      member.statement(collected);
      setTimeout(work, statementEveryMs * (0.5 + Math.random()));
    };
    setTimeout(work, statementEveryMs * Math.random());
  };
  clock.install();
  const disconnect = connectOurs(service);
  try {
    for (let i = 0; i < processes; i += 1) setTimeout(start, (startWithinMs * i) / processes);
    if (disturbance !== undefined) {
      setTimeout(() => disturbance.begin(service), disturbance.fromMs);
      setTimeout(() => disturbance.end(service), disturbance.untilMs);
    }
    const drainSeconds = await untilDrained(scenario, clock, () => sum(members.map((member) => member.pending())));
    await clock.runUntil(endMs);
    const lost = sum(members.map((member) => member.lost()));
    const figures = summary(scenario, service);
    disconnect();
    clock.uninstall();
    return {
      scenario: scenario.name,
      who,
      processes,
      statementEveryMs,
      ...figures,
      drainSeconds,
      collected,
      lost,
      wronglyLost: scenario.isLossless ? lost : 0,
      realSeconds: (performance.now() - startedAtMs) / 1000,
    };
  } finally {
    disconnect();
    clock.uninstall();
  }
}

type Figures = Omit<
  Outcome,
  | 'scenario'
  | 'who'
  | 'processes'
  | 'statementEveryMs'
  | 'drainSeconds'
  | 'collected'
  | 'lost'
  | 'wronglyLost'
  | 'realSeconds'
>;

/**
 * Runs until no more is pending than before the disturbance, in seconds after its end; undefined without a disturbance
 * and when the run is over first. Asking a whole fleet takes longer than simulating it, so it is not asked in between.
 */
async function untilDrained(
  { disturbance, endMs }: Scenario,
  clock: VirtualClock,
  pending: () => number,
): Promise<number | undefined> {
  if (disturbance === undefined) return undefined;
  let usual = 0;
  for (let sample = SAMPLES_BEFORE - 1; sample >= 0; sample -= 1) {
    await clock.runUntil(disturbance.fromMs - 1 - sample * SAMPLE_MS);
    usual = Math.max(usual, pending());
  }
  for (let ms = disturbance.untilMs + SAMPLE_MS; ms <= endMs; ms += SAMPLE_MS) {
    await clock.runUntil(ms);
    if (pending() <= usual * TOLERANCE) return (ms - disturbance.untilMs) / 1000;
  }
  return undefined;
}

function summary(scenario: Scenario, service: Service): Figures {
  const { disturbance, endMs, startWithinMs, statementEveryMs } = scenario;
  const full = (counts: readonly (number | undefined)[]): number[] =>
    Array.from({ length: endMs / 1000 }, (_, second) => counts[second] ?? 0);
  const perSecond = full(service.perSecond);
  const steadyFromMs = startWithinMs + statementEveryMs;
  const steadyUntilMs = disturbance?.fromMs ?? endMs;
  const steady = perSecond.slice(steadyFromMs / 1000, steadyUntilMs / 1000);
  const meanPerSecond = sum(steady) / steady.length;
  const after = (counts: readonly number[]): number[] => counts.slice((disturbance?.untilMs ?? 0) / 1000);
  const peakPerSecond = Math.max(...after(perSecond));
  const flags = full(service.flagPerSecond);
  const startedAfter = Math.ceil(startWithinMs / 1000) + 1;
  return {
    meanPerSecond,
    peakPerSecond,
    peakToMean: peakPerSecond / meanPerSecond,
    firstFlagPeakPerSecond: Math.max(...flags.slice(0, startedAfter)),
    flagPeakPerSecond: Math.max(...after(flags.fill(0, 0, startedAfter))),
    refused: sum(service.refusedPerSecond),
    perSecond,
  };
}
