import type { FleetSession, FleetStatement } from './facts';
import { Random } from './Random';
import { SERVICES, type Service } from './services';
import { drawStatement, NO_TABLE, type Fate } from './statement';
import { storyOf, versionAt, type Story } from './story';

export interface Fleet {
  readonly story: Story;
  /** In order of time. */
  readonly sessions: readonly FleetSession[];
  readonly statements: readonly FleetStatement[];
}

const STATEMENTS_OF_A_SESSION = 40;

interface Planned {
  readonly service: Service;
  readonly timeMs: number;
  readonly fate: Fate;
}

/** A fleet at work for `hours` until `endMs`; the same every time, but for the times. */
export function makeFleet(endMs: number, hours = 12, seed = 4_300): Fleet {
  const story = storyOf(endMs, hours);
  const random = new Random(seed);
  const planned = [...SERVICES.flatMap((service) => everydayOf(random, service, story)), ...incidents(random, story)];
  planned.sort((a, b) => a.timeMs - b.timeMs);
  const open = new OpenSessions(random, story);
  const statements = planned.map(({ service, timeMs, fate }) => {
    const { id, driverVersion } = open.sessionFor(service, timeMs);
    return drawStatement(random, { story, service, timeMs, sessionId: id, driverVersion }, fate);
  });
  return { story, sessions: open.sessions, statements };
}

function everydayOf(random: Random, service: Service, { startMs, endMs }: Story): Planned[] {
  const stepMs = 3_600_000 / service.statementsPerHour;
  const count = Math.floor((endMs - startMs - 10_000) / stepMs);
  return Array.from({ length: count }, (_, i) => ({
    service,
    timeMs: Math.floor(startMs + (i + random.next()) * stepMs),
    fate: {},
  }));
}

function incidents(random: Random, { burst, coldStart, slowFile }: Story): Planned[] {
  const between = ({ fromMs, toMs }: { fromMs: number; toMs: number }): number => random.whole(fromMs, toMs - 1);
  const failures = Array.from({ length: burst.failures }, () => ({
    service: named(burst.service),
    timeMs: between(burst),
    fate: { error: NO_TABLE },
  }));
  const onWarehouse = SERVICES.filter(({ warehouse }) => warehouse === coldStart.warehouse);
  const waiting = Array.from({ length: coldStart.statements }, (_, i) => ({
    service: onWarehouse[i % onWarehouse.length] ?? named('bi-export'),
    timeMs: between(coldStart),
    fate: { coldStartMs: random.whole(19_000, 34_000) },
  }));
  const slow = { service: named(slowFile.service), timeMs: slowFile.atMs, fate: { slowFileMs: slowFile.fileMs } };
  return [...failures, ...waiting, slow];
}

function named(name: string): Service {
  const found = SERVICES.find((service) => service.name === name);
  if (found === undefined) throw new Error(`The fleet has no service ${name}`);
  return found;
}

/** Which session each process of a service has open: a new one after some statements, and after a deployment. */
class OpenSessions {
  readonly sessions: FleetSession[] = [];
  private readonly open = new Map<string, { session: FleetSession; left: number }>();

  constructor(
    private readonly random: Random,
    private readonly story: Story,
  ) {}

  sessionFor(service: Service, timeMs: number): FleetSession {
    const process = `${service.name ?? 'go'} ${this.random.whole(1, service.processes)}`;
    const version = versionAt(this.story, service, timeMs);
    const known = this.open.get(process);
    if (known !== undefined && known.left > 0 && known.session.driverVersion === version.driver) {
      known.left -= 1;
      return known.session;
    }
    const session: FleetSession = {
      id: this.random.id(timeMs),
      timeMs: timeMs - 1,
      service: service.name,
      sender: service.sender,
      warehouse: service.warehouse,
      driverVersion: version.driver,
      runtimeVersion: version.runtime,
    };
    this.sessions.push(session);
    this.open.set(process, { session, left: STATEMENTS_OF_A_SESSION });
    return session;
  }
}
