import { failedCondition } from '../outcomes';
import { condition, type Selection } from '../Selection';
import { countingOf, SAMPLED, type Counting, type Sampled } from './counting';
import { overTime, type ServiceStrip } from './fleetOverTime';
import { byName, numberOrNull, textOrNull, type AnswerRow, type Query } from './Query';
import { quantilesOf, RANKED, type Quantiles } from './quantiles';

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

type GroupKind = Exclude<keyof Fleet, 'bucketMs' | 'strips' | 'adoption' | 'sampled'>;

const NO_VERSION = 'CAST(NULL AS VARCHAR)';
const GROUPS: Readonly<Record<GroupKind, readonly [name: string, version: string]>> = {
  services: ['d.service', NO_VERSION],
  warehouses: ['d.warehouse', NO_VERSION],
  hosts: ['d.host', NO_VERSION],
  drivers: ['d.driver', 'd."driverVersion"'],
  runtimes: ['d.runtime', 'd."runtimeVersion"'],
  libraries: [`CASE WHEN d."libraryVersion" IS NOT NULL THEN 'databricks-sql-telemetry' END`, 'd."libraryVersion"'],
  pairs: ['d."driverVersion"', 'd."runtimeVersion"'],
};
const VERSIONS = ['driverVersion', 'runtimeVersion', 'libraryVersion'];
const COUNTS = ['n', 'failed', 'unknown', 'retried', 'retriesKnown', 'files', 'sampledRows', 'sampledFor'];
const MAX_GROUPS = 500;

export const fleet: Query<{ readonly selection: Selection }, Fleet> = {
  async run(database, { selection }) {
    const counting = await countingOf(database, selection);
    const { rows: statements, where, known, sampled } = counting;
    // Counted once by connection and value; groups are numbered, so that no text is compared from there on.
    const parts = Object.entries(GROUPS).map(
      ([kind, [name, version]]) =>
        `SELECT '${kind}' AS kind, ${name} AS name, ${version} AS version, d.dim AS dim FROM d`,
    );
    const used = ['service', 'warehouse', 'host', 'driver', 'runtime', ...VERSIONS];
    const columns = used.map((name) => `"${name}"`).join(', ');
    const none = used.map((name) => `CAST(NULL AS VARCHAR) AS "${name}"`).join(', ');
    const rows = await database.rows(
      `WITH d AS (SELECT dim, ${columns} FROM dims UNION ALL SELECT -1 AS dim, ${none}), ` +
        `p AS (${parts.join(' UNION ALL ')}), ` +
        'g AS MATERIALIZED (SELECT kind, name, version, dim, ' +
        'dense_rank() OVER (ORDER BY kind, name NULLS FIRST, version NULLS FIRST) AS gid FROM p), ' +
        `h AS MATERIALIZED (SELECT coalesce(dim, -1) AS dim, "${selection.measure}" AS v, ${statements} AS n, ` +
        `${where(failedCondition)} AS failed, ${statements} - ${known('outcome')} AS unknown, ` +
        `${where('"retryCount" > 0')} AS retried, count("retryCount") AS "retriesKnown", ` +
        `${where(`"executionResult" = 'EXTERNAL_LINKS'`)} AS files, ${sampledSql(counting)}, ` +
        `min("timeMs") AS "firstMs", max("timeMs") AS "lastMs" FROM all_statements WHERE ${condition(selection)} GROUP BY 1, 2), ` +
        `t AS (SELECT dim, ${COUNTS.map((name) => `sum("${name}") AS "${name}"`).join(', ')}, sum(v * n) AS total, ` +
        'min("firstMs") AS "firstMs", max("lastMs") AS "lastMs" FROM h GROUP BY dim), ' +
        'v AS (SELECT gid, v, sum(n) AS n FROM h JOIN g ON g.dim = h.dim WHERE v IS NOT NULL GROUP BY 1, 2), ' +
        'c AS (SELECT gid, v, sum(n) OVER (PARTITION BY gid ORDER BY v) AS upTo, sum(n) OVER (PARTITION BY gid) AS known FROM v), ' +
        `q AS (SELECT gid, ${RANKED} FROM c GROUP BY gid) ` +
        'SELECT g.kind AS kind, g.name AS name, g.version AS version, d.service AS service, d."driverVersion" AS "driverVersion", ' +
        `${COUNTS.map((name) => `t."${name}" AS "${name}"`).join(', ')}, t.total AS total, ` +
        't."firstMs" AS "firstMs", t."lastMs" AS "lastMs", ' +
        'q.count AS count, q.p50 AS p50, q.p95 AS p95, q.p99 AS p99, q.max AS max ' +
        'FROM t JOIN g ON g.dim = t.dim JOIN d ON d.dim = t.dim LEFT JOIN q ON q.gid = g.gid',
    );
    const groups = grouped(rows);
    const of = (kind: GroupKind): FleetGroup[] => (groups.get(kind) ?? []).slice(0, MAX_GROUPS);
    return {
      services: of('services'),
      warehouses: of('warehouses'),
      hosts: of('hosts'),
      drivers: of('drivers'),
      runtimes: of('runtimes'),
      libraries: of('libraries'),
      pairs: of('pairs'),
      ...(await overTime(database, selection, counting)),
      sampled,
    };
  },
};

/** Of the statements that stand for others: how many there are, and for how many they stand. */
function sampledSql({ sampled, where }: Counting): string {
  return sampled === null
    ? '0 AS "sampledRows", 0 AS "sampledFor"'
    : `count(*) FILTER (WHERE ${SAMPLED}) AS "sampledRows", ${where(SAMPLED)} AS "sampledFor"`;
}

/** The groups of each kind from their connections, those with most statements first. */
function grouped(rows: readonly AnswerRow[]): Map<string, FleetGroup[]> {
  const members = new Map<string, AnswerRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row['kind'], row['name'], row['version']]);
    const known = members.get(key);
    if (known === undefined) members.set(key, [row]);
    else known.push(row);
  }
  const kinds = new Map<string, FleetGroup[]>();
  for (const group of members.values()) {
    const kind = String(group[0]?.['kind']);
    kinds.set(kind, [...(kinds.get(kind) ?? []), groupOf(group)]);
  }
  for (const groups of kinds.values()) {
    groups.sort((a, b) => b.statements - a.statements || byName(a.name, b.name) || byName(a.version, b.version));
  }
  return kinds;
}

function groupOf(connections: readonly AnswerRow[]): FleetGroup {
  const [first = {}] = connections;
  const values = (name: string): number[] => connections.flatMap((row) => numberOrNull(row[name]) ?? []);
  const sum = (name: string): number => Math.round(values(name).reduce((all, value) => all + value, 0));
  const distinct = (name: string): string[] => [...new Set(connections.flatMap((row) => textOrNull(row[name]) ?? []))];
  return {
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
    firstMs: Math.min(...values('firstMs')),
    lastMs: Math.max(...values('lastMs')),
    latency: quantilesOf(first),
    sampled: sum('sampledRows') === 0 ? null : { statements: sum('sampledRows'), estimated: sum('sampledFor') },
  };
}
