import { connectOurs, OfficialMember, OurMember, type Member } from './members';
import { Service } from './Service';
import { VirtualClock } from './VirtualClock';

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
  /** Requests per second that the service takes, as a multiple of the steady mean. */
  readonly limit: number;
}

export interface Outcome {
  readonly scenario: string;
  readonly who: 'ours' | 'official';
  readonly processes: number;
  readonly meanPerSecond: number;
  readonly peakPerSecond: number;
  /** Peak after the disturbance ÷ the steady mean. */
  readonly peakToMean: number;
  readonly refused: number;
  /** Seconds from the end of the disturbance until no more is pending than before it; undefined: not within the run. */
  readonly drainSeconds: number | undefined;
  readonly collected: number;
  readonly lost: number;
  readonly perSecond: readonly number[];
}

const SAMPLE_MS = 5000;

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Runs `scenario` on a virtual clock with the real code of `who`. */
export async function simulate(scenario: Scenario, who: 'ours' | 'official'): Promise<Outcome> {
  const { processes, startWithinMs, endMs, statementEveryMs, disturbance } = scenario;
  const expectedPerSecond = (processes * 1000) / Math.max(statementEveryMs, 5000);
  const service = new Service(expectedPerSecond * scenario.limit);
  const clock = new VirtualClock();
  clock.install();
  const disconnect = connectOurs(service);
  const members: Member[] = [];
  let collected = 0;
  try {
    for (let i = 0; i < processes; i += 1) {
      setTimeout(
        () => {
          const member: Member = who === 'ours' ? new OurMember() : new OfficialMember(service);
          members.push(member);
          const work = (): void => {
            collected += 1;
            member.statement(collected);
            setTimeout(work, statementEveryMs * (0.5 + Math.random()));
          };
          setTimeout(work, statementEveryMs * Math.random());
        },
        (startWithinMs * i) / processes,
      );
    }
    const pending: [ms: number, count: number][] = [];
    let isBegun = false;
    let isEnded = false;
    for (let nowMs = 0; nowMs < endMs; nowMs += SAMPLE_MS) {
      if (disturbance !== undefined && !isBegun && nowMs >= disturbance.fromMs) {
        disturbance.begin(service);
        isBegun = true;
      }
      if (disturbance !== undefined && !isEnded && nowMs >= disturbance.untilMs) {
        disturbance.end(service);
        isEnded = true;
      }
      await clock.runUntil(nowMs + SAMPLE_MS);
      pending.push([nowMs + SAMPLE_MS, sum(members.map((member) => member.pending()))]);
    }
    return summary(scenario, who, service, pending, collected, sum(members.map((member) => member.lost())));
  } finally {
    disconnect();
    clock.uninstall();
  }
}

function summary(
  scenario: Scenario,
  who: 'ours' | 'official',
  service: Service,
  pending: readonly (readonly [ms: number, count: number])[],
  collected: number,
  lost: number,
): Outcome {
  const { disturbance, endMs } = scenario;
  const perSecond = Array.from({ length: endMs / 1000 }, (_, second) => service.perSecond[second] ?? 0);
  const steadyFrom = Math.min(60, endMs / 2000);
  const steadyUntil = (disturbance?.fromMs ?? endMs) / 1000;
  const steady = perSecond.slice(steadyFrom, steadyUntil);
  const meanPerSecond = sum(steady) / steady.length;
  const after = perSecond.slice(disturbance === undefined ? 0 : disturbance.untilMs / 1000);
  const peakPerSecond = Math.max(...after);
  const before = Math.max(
    ...pending.filter(([ms]) => ms / 1000 > steadyFrom && ms / 1000 <= steadyUntil).map(([, n]) => n),
  );
  const drained = pending.find(
    ([ms, n]) => disturbance !== undefined && ms > disturbance.untilMs && n <= before * 1.05,
  );
  return {
    scenario: scenario.name,
    who,
    processes: scenario.processes,
    meanPerSecond,
    peakPerSecond,
    peakToMean: peakPerSecond / meanPerSecond,
    refused: sum(service.refusedPerSecond),
    drainSeconds: drained === undefined ? undefined : (drained[0] - (disturbance?.untilMs ?? 0)) / 1000,
    collected,
    lost,
    perSecond,
  };
}
