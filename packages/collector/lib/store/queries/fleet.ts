import { failedCondition } from '../outcomes';
import { condition, type Selection } from '../Selection';
import { countingOf, type Sampled } from './counting';
import { overTime, type ServiceStrip } from './fleetOverTime';
import { numberOf, numberOrNull, textOrNull, type AnswerRow, type Query } from './Query';
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

const GROUPS: Readonly<Record<GroupKind, readonly [name: string, version: string]>> = {
  services: ['d.service', 'NULL'],
  warehouses: ['d.warehouse', 'NULL'],
  hosts: ['d.host', 'NULL'],
  drivers: ['d.driver', 'd."driverVersion"'],
  runtimes: ['d.runtime', 'd."runtimeVersion"'],
  libraries: [`CASE WHEN d."libraryVersion" IS NOT NULL THEN 'databricks-sql-telemetry' END`, 'd."libraryVersion"'],
  pairs: ['d."driverVersion"', 'd."runtimeVersion"'],
};
const MAX_GROUPS = 500;

export const fleet: Query<{ readonly selection: Selection }, Fleet> = {
  async run(database, { selection }) {
    const counting = await countingOf(database, selection);
    const { rows: statements, where, known, sampled } = counting;
    // Counted once by connection and value; groups are numbered, so that no text is compared from there on.
    const parts = Object.entries(GROUPS).map(
      ([kind, [name, version]]) =>
        `SELECT '${kind}' AS kind, ${name} AS name, ${version}::VARCHAR AS version, d.service, d."driverVersion", d.dim FROM d`,
    );
    const rows = await database.rows(
      'WITH d AS (SELECT * FROM dims UNION ALL BY NAME SELECT -1 AS dim), ' +
        `p AS (${parts.join(' UNION ALL ')}), ` +
        'map AS MATERIALIZED (SELECT *, dense_rank() OVER (ORDER BY kind, name NULLS FIRST, version NULLS FIRST) AS gid FROM p), ' +
        `h AS MATERIALIZED (SELECT coalesce(dim, -1) AS dim, "${selection.measure}" AS v, ${statements} AS n, ` +
        `${where(failedCondition)} AS failed, ${statements} - ${known('outcome')} AS unknown, ` +
        `${where('"retryCount" > 0')} AS retried, count("retryCount") AS "retriesKnown", ` +
        `${where(`"executionResult" = 'EXTERNAL_LINKS'`)} AS files, ` +
        `min("timeMs") AS first, max("timeMs") AS last FROM all_statements WHERE ${condition(selection)} GROUP BY ALL), ` +
        't AS (SELECT dim, sum(n) AS n, sum(v * n) AS total, sum(retried) AS retried, sum("retriesKnown") AS "retriesKnown", ' +
        'sum(files) AS files, sum(failed) AS failed, sum(unknown) AS unknown, min(first) AS first, ' +
        'max(last) AS last FROM h GROUP BY dim), ' +
        'm AS (SELECT gid, kind, name, version, sum(n)::BIGINT AS statements, sum(failed)::BIGINT AS failed, ' +
        'sum(unknown)::BIGINT AS unknown, count(DISTINCT service) AS services, sum(total)::BIGINT AS total, ' +
        'CASE WHEN sum("retriesKnown") > 0 THEN sum(retried)::BIGINT END AS retried, sum(files)::BIGINT AS files, ' +
        'to_json(list_sort(list(DISTINCT "driverVersion") FILTER ("driverVersion" IS NOT NULL)))::VARCHAR AS versions, min(first) AS first, max(last) AS last ' +
        'FROM t JOIN map USING (dim) GROUP BY ALL), ' +
        'v AS (SELECT gid, v, sum(n) AS n FROM h JOIN map USING (dim) WHERE v IS NOT NULL GROUP BY gid, v), ' +
        'c AS (SELECT *, sum(n) OVER (PARTITION BY gid ORDER BY v) AS upTo, sum(n) OVER (PARTITION BY gid) AS total FROM v), ' +
        'q AS (SELECT gid, max(total)::BIGINT AS count, min(v) FILTER (upTo >= total * 0.5) AS p50, ' +
        'min(v) FILTER (upTo >= total * 0.95) AS p95, min(v) FILTER (upTo >= total * 0.99) AS p99, max(v) AS max ' +
        'FROM c GROUP BY gid) ' +
        'SELECT m.*, q.count, q.p50, q.p95, q.p99, q.max FROM m LEFT JOIN q USING (gid) ' +
        'ORDER BY m.statements DESC, m.name, m.version',
    );
    const of = (kind: GroupKind): FleetGroup[] =>
      rows
        .filter((row) => row['kind'] === kind)
        .slice(0, MAX_GROUPS)
        .map(groupOf);
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

function groupOf(row: AnswerRow): FleetGroup {
  return {
    name: textOrNull(row['name']),
    version: textOrNull(row['version']),
    statements: numberOf(row['statements']),
    retried: numberOrNull(row['retried']),
    cloudFetch: numberOf(row['files']),
    totalMs: numberOrNull(row['total']),
    driverVersions: JSON.parse(textOrNull(row['versions']) ?? '[]') as string[],
    failed: numberOf(row['failed']),
    outcomeUnknown: numberOf(row['unknown']),
    services: numberOf(row['services']),
    firstMs: numberOf(row['first']),
    lastMs: numberOf(row['last']),
    latency: quantilesOf(row),
  };
}
