import type { AnswerRow } from './Query';

const NAMES = [
  'service',
  'warehouse',
  'host',
  'driver',
  'driverVersion',
  'runtime',
  'runtimeVersion',
  'libraryVersion',
];
const NO_VERSION = 'CAST(NULL AS VARCHAR)';
/** What the groups of a kind share, in SQL: a name, and a version or none. */
export const KINDS = {
  services: ['service', NO_VERSION],
  warehouses: ['warehouse', NO_VERSION],
  hosts: ['host', NO_VERSION],
  drivers: ['driver', '"driverVersion"'],
  runtimes: ['runtime', '"runtimeVersion"'],
  libraries: [`CASE WHEN "libraryVersion" IS NOT NULL THEN 'databricks-sql-telemetry' END`, '"libraryVersion"'],
  pairs: ['"driverVersion"', '"runtimeVersion"'],
} as const;
export type Kind = keyof typeof KINDS;
/** As the connection of those that have none. */
export const NO_CONNECTION = -1;

/** Which connections belong to which groups. */
export const MEMBERS = membersSql();

function membersSql(): string {
  const columns = NAMES.map((name) => `"${name}"`).join(', ');
  const none = NAMES.map((name) => `CAST(NULL AS VARCHAR) AS "${name}"`).join(', ');
  const kinds = Object.entries(KINDS).map(
    ([kind, [name, version]]) =>
      `SELECT '${kind}' AS kind, ${name} AS name, ${version} AS version, dim, service, "driverVersion" FROM d`,
  );
  return (
    `WITH d AS (SELECT dim, ${columns} FROM dims UNION ALL SELECT ${NO_CONNECTION} AS dim, ${none}) ` +
    kinds.join(' UNION ALL ')
  );
}

/** SQL for the groups of all kinds or of one, with numbers. */
export function numbered(kind?: string): string {
  return (
    'SELECT kind, name, version, dim, dense_rank() OVER (ORDER BY kind, name NULLS FIRST, version NULLS FIRST) AS gid ' +
    `FROM (${MEMBERS}) m${kind === undefined ? '' : ` WHERE kind = '${kind}'`}`
  );
}

/** Of a row with the names of its group. */
export const keyOf = ({ kind, name, version }: AnswerRow): string => JSON.stringify([kind, name, version]);
