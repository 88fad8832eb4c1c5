import { filterConditions, type Selection } from '../Selection';
import { numberOf, textOrNull, type Database } from './Query';

/** A service that was first seen with another version of its driver or runtime: probably a deployment. */
export interface Marker {
  readonly timeMs: number;
  readonly service: string | null;
  readonly driverVersion: string | null;
  readonly runtimeVersion: string | null;
  /** What it ran before. */
  readonly previousDriverVersion: string | null;
  readonly previousRuntimeVersion: string | null;
}

export async function markersOf(database: Database, { fromMs, toMs, filters }: Selection): Promise<Marker[]> {
  const { service, host, warehouse } = filters;
  const connection = {
    ...(service === undefined ? {} : { service }),
    ...(host === undefined ? {} : { host }),
    ...(warehouse === undefined ? {} : { warehouse }),
  };
  const rows = await database.rows(
    'WITH v AS (SELECT service, "driverVersion", "runtimeVersion", min("firstMs") AS "timeMs" FROM dims ' +
      `WHERE service IS NOT NULL AND ${['true', ...filterConditions(connection)].join(' AND ')} GROUP BY 1, 2, 3), ` +
      // A statement that came before the log of its session tells less of its version; that is no other version.
      'k AS (SELECT * FROM v WHERE "runtimeVersion" IS NOT NULL OR NOT EXISTS (SELECT 1 FROM v o ' +
      'WHERE o.service = v.service AND o."runtimeVersion" IS NOT NULL ' +
      'AND coalesce(o."driverVersion" = v."driverVersion", true))), ' +
      'f AS (SELECT *, min("timeMs") OVER (PARTITION BY service) AS first, ' +
      'lag("driverVersion") OVER w AS "previousDriver", lag("runtimeVersion") OVER w AS "previousRuntime" ' +
      'FROM k WINDOW w AS (PARTITION BY service ORDER BY "timeMs")) ' +
      `SELECT * FROM f WHERE "timeMs" > first AND "timeMs" >= ${fromMs} AND "timeMs" < ${toMs} ORDER BY "timeMs"`,
  );
  return rows.map((row) => ({
    timeMs: numberOf(row['timeMs']),
    service: textOrNull(row['service']),
    driverVersion: textOrNull(row['driverVersion']),
    runtimeVersion: textOrNull(row['runtimeVersion']),
    previousDriverVersion: textOrNull(row['previousDriver']),
    previousRuntimeVersion: textOrNull(row['previousRuntime']),
  }));
}
