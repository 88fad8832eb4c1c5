import { failedCondition } from '../outcomes';
import type { Selection } from '../Selection';
import { countingOf, SAMPLED, type Counting, type Sampled } from './counting';
import { overTime, type ServiceStrip } from './fleetOverTime';
import { totalOf } from './figures';
import { keyOf, MEMBERS, NO_CONNECTION, type Kind } from './fleetGroups';
import { quantilesOfFleet } from './fleetQuantiles';
import { grouped } from './grouped';
import { byName, numberOrNull, textOrNull, type AnswerRow, type Database, type Query } from './Query';
import { quantilesOf, type Quantiles } from './quantiles';

export interface FleetGroup {
  /** What the group shares: one or two names, null for what is not known. */
  readonly name: string | null;
  readonly version: string | null;
  readonly statements: number;
  readonly failed: number;
  readonly outcomeUnknown: number;
  /** Statements with a repeated request; null when none of them tells. */
  readonly retried: number | null;
  /** Statements whose result came as files. */
  readonly cloudFetch: number;
  /** Sum of the measure in milliseconds; null when none of them tells. */
  readonly totalMs: number | null;
  readonly services: number;
  /** Versions of the driver. */
  readonly driverVersions: readonly string[];
  readonly firstMs: number;
  readonly lastMs: number;
  readonly latency: Quantiles;
  /** Null when no statement of the group stands for others: its figures are exact then. */
  readonly sampled: Sampled | null;
}

export interface Fleet {
  readonly services: readonly FleetGroup[];
  readonly warehouses: readonly FleetGroup[];
  readonly hosts: readonly FleetGroup[];
  readonly drivers: readonly FleetGroup[];
  readonly runtimes: readonly FleetGroup[];
  readonly libraries: readonly FleetGroup[];
  /** By version of the driver (name) and of the runtime (version). */
  readonly pairs: readonly FleetGroup[];
  readonly bucketMs: number;
  /** How the services fared over time. */
  readonly strips: readonly ServiceStrip[];
  /** Statements by version of the driver over time. */
  readonly adoption: readonly {
    readonly timeMs: number;
    readonly version: string | null;
    readonly statements: number;
  }[];
  /** Null when no statement of the window stands for others. */
  readonly sampled: Sampled | null;
}

const MAX_GROUPS = 500;
export const fleet: Query<{ readonly selection: Selection }, Fleet> = {
  async run(database, { selection }) {
    const counting = await countingOf(database, selection);
    const [connections, members, time] = await Promise.all([
      database.sums({ columns: sumsOf(selection, counting), groups: 1, selection }),
      database.rows(MEMBERS),
      overTime(database, selection, counting),
    ]);
    const groups = await groupsOf(database, selection, counting, connections, members);
    return {
      services: ranked(groups, 'services'),
      warehouses: ranked(groups, 'warehouses'),
      hosts: ranked(groups, 'hosts'),
      drivers: ranked(groups, 'drivers'),
      runtimes: ranked(groups, 'runtimes'),
      libraries: ranked(groups, 'libraries'),
      pairs: ranked(groups, 'pairs'),
      ...time,
      sampled: counting.sampled,
    };
  },
};

/** What adds up, by connection; the earliest and the latest do in their way. */
function sumsOf({ measure }: Selection, { rows, times, where, known, sampled }: Counting): string {
  const estimated =
    sampled === null
      ? '0 AS "sampledRows", 0 AS "sampledFor"'
      : `count(*) FILTER (WHERE ${SAMPLED}) AS "sampledRows", ${where(SAMPLED)} AS "sampledFor"`;
  return (
    `dim, ${rows} AS n, ${where(failedCondition)} AS failed, ${rows} - ${known('outcome')} AS unknown, ` +
    `${where('"retryCount" > 0')} AS retried, count("retryCount") AS "retriesKnown", ` +
    `${where(`"executionResult" = 'EXTERNAL_LINKS'`)} AS files, ${estimated}, ` +
    `sum(CAST("${measure}" AS DOUBLE)${times}) AS total, min("timeMs") AS "firstMs", max("timeMs") AS "lastMs"`
  );
}

type GroupOfKind = FleetGroup & { readonly kind: unknown };

/** Those of a kind, with most statements first. */
function ranked(groups: readonly GroupOfKind[], kind: Kind): FleetGroup[] {
  return groups
    .filter((group) => group.kind === kind)
    .map(({ kind: _kind, ...group }) => group)
    .sort((a, b) => b.statements - a.statements || byName(a.name, b.name) || byName(a.version, b.version))
    .slice(0, MAX_GROUPS);
}

async function groupsOf(
  database: Database,
  selection: Selection,
  counting: Counting,
  connections: readonly AnswerRow[],
  members: readonly AnswerRow[],
): Promise<GroupOfKind[]> {
  const sums = grouped(connections, ({ dim }): unknown => dim ?? NO_CONNECTION);
  const groups = grouped(
    members.filter(({ dim }) => sums.has(dim)),
    keyOf,
  );
  const latency = await quantilesOfFleet(database, selection, counting, totalOf(connections, 'n') ?? 0, groups);
  return [...groups].map(([key, group]) =>
    groupOf(
      group,
      group.flatMap(({ dim }) => sums.get(dim) ?? []),
      latency.get(key),
    ),
  );
}

function groupOf(
  members: readonly AnswerRow[],
  rows: readonly AnswerRow[],
  latency: Quantiles = quantilesOf(undefined),
): GroupOfKind {
  const [first = {}] = members;
  const values = (name: string): number[] => rows.flatMap((row) => numberOrNull(row[name]) ?? []);
  const sum = (name: string): number => Math.round(values(name).reduce((all, value) => all + value, 0));
  const distinct = (name: string): string[] => [...new Set(members.flatMap((row) => textOrNull(row[name]) ?? []))];
  const extreme = (name: string, of: (a: number, b: number) => number): number =>
    values(name).reduce((a, b) => of(a, b));
  return {
    kind: first['kind'],
    name: textOrNull(first['name']),
    version: textOrNull(first['version']),
    statements: sum('n'),
    retried: sum('retriesKnown') > 0 ? sum('retried') : null,
    cloudFetch: sum('files'),
    totalMs: values('total').length === 0 ? null : sum('total'),
    driverVersions: distinct('driverVersion').sort(byName),
    failed: sum('failed'),
    outcomeUnknown: sum('unknown'),
    services: distinct('service').length,
    firstMs: extreme('firstMs', Math.min),
    lastMs: extreme('lastMs', Math.max),
    latency,
    sampled: sum('sampledRows') === 0 ? null : { statements: sum('sampledRows'), estimated: sum('sampledFor') },
  };
}
