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
    'SELECT service, "driverVersion", "runtimeVersion", min("firstMs") AS "timeMs" FROM dims ' +
      `WHERE ${['service IS NOT NULL', ...filterConditions(connection)].join(' AND ')} GROUP BY 1, 2, 3 ORDER BY 4, 2, 3`,
  );
  const seen = rows.map((row) => ({
    timeMs: numberOf(row['timeMs']),
    service: textOrNull(row['service']),
    driverVersion: textOrNull(row['driverVersion']),
    runtimeVersion: textOrNull(row['runtimeVersion']),
  }));
  const before = new Map<string | null, (typeof seen)[number]>();
  return seen
    .filter((one, _, all) => !tellsLess(one, all))
    .flatMap((one): Marker[] => {
      const previous = before.get(one.service);
      before.set(one.service, one);
      if (previous === undefined || one.timeMs < fromMs || one.timeMs >= toMs) return [];
      const { driverVersion: previousDriverVersion, runtimeVersion: previousRuntimeVersion } = previous;
      return [{ ...one, previousDriverVersion, previousRuntimeVersion }];
    });
}

type Seen = Pick<Marker, 'service' | 'driverVersion' | 'runtimeVersion'>;

/** A statement that came before the log of its session tells less of its version; that is no other version. */
function tellsLess({ service, driverVersion, runtimeVersion }: Seen, all: readonly Seen[]): boolean {
  if (runtimeVersion !== null) return false;
  return all.some(
    (other) =>
      other.service === service &&
      other.runtimeVersion !== null &&
      (driverVersion === null || other.driverVersion === null || other.driverVersion === driverVersion),
  );
}
