import { condition, literal, UNKNOWN, type Selection } from '../../Selection';
import type { Distribution } from '../../statistics/Distribution';
import { quantileDifference } from '../../statistics/intervals';
import type { Counting } from '../counting';
import { distributionOf } from '../distribution';
import { markersOf } from '../markers';
import { bucketStart, numberOf, textOrNull, type Database } from '../Query';
import { shiftOf, type MedianPoint } from './shift';

/** A service that takes longer from a moment on, beyond what chance explains. */
export interface SlowerFinding {
  readonly kind: 'slower';
  readonly service: string;
  readonly sinceMs: number;
  readonly p50BeforeMs: number;
  readonly p50AfterMs: number;
  /** Statements since then. */
  readonly statements: number;
  /** The deployment at that moment, if there was one. */
  readonly deployment: {
    readonly driverVersion: string | null;
    readonly previousDriverVersion: string | null;
    readonly runtimeVersion: string | null;
    readonly previousRuntimeVersion: string | null;
  } | null;
}

const LEAST_FACTOR = 1.5;
/** Services whose medians changed most are looked at closely. */
const CANDIDATES = 3;

export async function slowerFindings(
  database: Database,
  selection: Selection,
  bucketMs: number,
  counting: Counting,
): Promise<SlowerFinding[]> {
  const [medians, markers] = await Promise.all([
    mediansOf(database, selection, bucketMs, counting),
    markersOf(database, selection),
  ]);
  const candidates = [...medians].flatMap(([service, points]) => {
    const bucket = shiftOf(points);
    if (bucket === null) return [];
    const startMs = bucket * bucketMs;
    const marker = markers.find((one) => one.service === service && Math.abs(one.timeMs - startMs) <= 1.5 * bucketMs);
    return [{ service, sinceMs: marker?.timeMs ?? startMs, marker, factor: stepAt(points, bucket) }];
  });
  candidates.sort((a, b) => b.factor - a.factor);
  const findings = candidates.slice(0, CANDIDATES).map(async ({ service, sinceMs, marker }) => {
    const { before, after } = await distributions(database, selection, service, sinceMs, counting);
    const { a, b, significant } = quantileDifference(after, before, 0.5);
    if (a === null || b === null || !significant || a < LEAST_FACTOR * b) return [];
    const finding: SlowerFinding = {
      kind: 'slower',
      service,
      sinceMs,
      p50BeforeMs: b,
      p50AfterMs: a,
      statements: Math.round(after.count),
      deployment: marker === undefined ? null : deploymentOf(marker),
    };
    return [finding];
  });
  return (await Promise.all(findings)).flat();
}

function deploymentOf(marker: NonNullable<SlowerFinding['deployment']>): NonNullable<SlowerFinding['deployment']> {
  const { driverVersion, previousDriverVersion, runtimeVersion, previousRuntimeVersion } = marker;
  return { driverVersion, previousDriverVersion, runtimeVersion, previousRuntimeVersion };
}

async function mediansOf(
  database: Database,
  selection: Selection,
  bucketMs: number,
  { rows: statements }: Counting,
): Promise<Map<string, MedianPoint[]>> {
  const rows = await database.rows(
    `WITH h AS (SELECT d.service, b, v, sum(n) AS n FROM (SELECT dim, ${bucketStart('"timeMs"', bucketMs)} AS b, ` +
      `"${selection.measure}" AS v, ${statements} AS n FROM all_statements WHERE ${condition(selection)} ` +
      `AND "${selection.measure}" IS NOT NULL GROUP BY 1, 2, 3) s JOIN dims d ON d.dim = s.dim ` +
      'WHERE d.service IS NOT NULL GROUP BY 1, 2, 3), ' +
      'c AS (SELECT service, b, v, sum(n) OVER (PARTITION BY service, b ORDER BY v) AS upTo, ' +
      'sum(n) OVER (PARTITION BY service, b) AS known FROM h) ' +
      'SELECT service, b AS bucket, max(known) AS statements, min(v) FILTER (WHERE upTo >= known * 0.5) AS p50 ' +
      'FROM c GROUP BY 1, 2 ORDER BY 1, 2',
  );
  const medians = new Map<string, MedianPoint[]>();
  for (const row of rows) {
    const service = textOrNull(row['service']) ?? UNKNOWN;
    const points = medians.get(service) ?? [];
    points.push({
      bucket: numberOf(row['bucket']) / bucketMs,
      statements: Math.round(numberOf(row['statements'])),
      p50: numberOf(row['p50']),
    });
    medians.set(service, points);
  }
  return medians;
}

/** How much higher the medians are from `bucket` on, weighted by their statements. */
function stepAt(points: readonly MedianPoint[], bucket: number): number {
  const mean = (of: readonly MedianPoint[]): number => {
    const statements = of.reduce((sum, point) => sum + point.statements, 0);
    return of.reduce((sum, point) => sum + Math.log(Math.max(1, point.p50)) * point.statements, 0) / statements;
  };
  return mean(points.filter((point) => point.bucket >= bucket)) - mean(points.filter((point) => point.bucket < bucket));
}

async function distributions(
  database: Database,
  selection: Selection,
  service: string,
  sinceMs: number,
  counting: Counting,
): Promise<{ readonly before: Distribution; readonly after: Distribution }> {
  const rows = await database.rows(
    `SELECT CAST("timeMs" >= ${sinceMs} AS BOOLEAN) AS late, "${selection.measure}" AS v, ${counting.rows} AS n${counting.squares} FROM all_statements ` +
      `WHERE ${condition(selection)} AND "${selection.measure}" IS NOT NULL ` +
      `AND dim IN (SELECT dim FROM dims WHERE service = ${literal(service)}) GROUP BY 1, 2 ORDER BY 2`,
  );
  const of = (late: boolean): Distribution => distributionOf(rows.filter((row) => row['late'] === late));
  return { before: of(false), after: of(true) };
}
