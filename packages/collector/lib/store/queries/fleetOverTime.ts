import { bucketOf, condition, type Selection } from '../Selection';
import type { Counting } from './counting';
import { bucketStart, numberOf, numberOrNull, textOrNull, type Database } from './Query';

export interface ServiceStrip {
  readonly service: string | null;
  readonly points: readonly { readonly timeMs: number; readonly statements: number; readonly p95: number | null }[];
}

export interface OverTime {
  readonly bucketMs: number;
  readonly strips: readonly ServiceStrip[];
  readonly adoption: readonly {
    readonly timeMs: number;
    readonly version: string | null;
    readonly statements: number;
  }[];
}

const BUCKETS = 48;

/** The 95th percentile of each service, and the statements of each version of the driver, bucket by bucket. */
export async function overTime(database: Database, selection: Selection, { rows }: Counting): Promise<OverTime> {
  const bucketMs = bucketOf(selection, BUCKETS);
  const where = condition(selection);
  const bucket = bucketStart('"timeMs"', bucketMs);
  const [strips, adoption] = await Promise.all([
    database.rows(
      `WITH h AS (SELECT d.service, t, v, sum(n) AS n FROM (SELECT dim, ${bucket} AS t, "${selection.measure}" AS v, ` +
        `${rows} AS n FROM all_statements WHERE ${where} GROUP BY 1, 2, 3) s LEFT JOIN dims d ON d.dim = s.dim GROUP BY 1, 2, 3), ` +
        'c AS (SELECT service, t, v, n, sum(n) OVER (PARTITION BY service, t ORDER BY v NULLS LAST) AS upTo, ' +
        'sum(CASE WHEN v IS NOT NULL THEN n END) OVER (PARTITION BY service, t) AS known FROM h) ' +
        'SELECT service, t AS "timeMs", sum(n) AS statements, min(v) FILTER (WHERE upTo >= known * 0.95) AS p95 ' +
        'FROM c GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2',
    ),
    database.rows(
      `SELECT t AS "timeMs", d."driverVersion" AS version, sum(n) AS statements FROM (SELECT dim, ${bucket} AS t, ` +
        `${rows} AS n FROM all_statements WHERE ${where} GROUP BY 1, 2) s LEFT JOIN dims d ON d.dim = s.dim ` +
        'GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST',
    ),
  ]);
  const byService = new Map<string | null, ServiceStrip['points'][number][]>();
  for (const row of strips) {
    const service = textOrNull(row['service']);
    const points = byService.get(service) ?? [];
    points.push({
      timeMs: numberOf(row['timeMs']),
      statements: Math.round(numberOf(row['statements'])),
      p95: numberOrNull(row['p95']),
    });
    byService.set(service, points);
  }
  return {
    bucketMs,
    strips: [...byService].map(([service, points]) => ({ service, points })),
    adoption: adoption.map((row) => ({
      timeMs: numberOf(row['timeMs']),
      version: textOrNull(row['version']),
      statements: Math.round(numberOf(row['statements'])),
    })),
  };
}
