import { condition, literal, UNKNOWN, type Selection } from '../../Selection';
import type { Distribution } from '../../statistics/Distribution';
import { quantileDifference } from '../../statistics/intervals';
import type { Counting } from '../counting';
import { distributionOf } from '../distribution';
import { byService } from '../fleetOverTime';
import { grouped } from '../grouped';
import { markersOf } from '../markers';
import { bucketStart, byName, numberOf, textOrNull, type AnswerRow, type Database } from '../Query';
import { quantilesOfGroups } from '../quantilesOfGroups';
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
  candidates.sort((a, b) => b.factor - a.factor || byName(a.service, b.service));
  const closest = candidates.slice(0, CANDIDATES);
  const found = await distributions(database, selection, closest, counting);
  return closest.flatMap(({ service, sinceMs, marker }): SlowerFinding[] => {
    const { before, after } = found(service);
    const { a, b, significant } = quantileDifference(after, before, 0.5);
    if (a === null || b === null || !significant || a < LEAST_FACTOR * b) return [];
    return [
      {
        kind: 'slower',
        service,
        sinceMs,
        p50BeforeMs: b,
        p50AfterMs: a,
        statements: Math.round(after.count),
        deployment: marker === undefined ? null : deploymentOf(marker),
      },
    ];
  });
}

function deploymentOf(marker: NonNullable<SlowerFinding['deployment']>): NonNullable<SlowerFinding['deployment']> {
  const { driverVersion, previousDriverVersion, runtimeVersion, previousRuntimeVersion } = marker;
  return { driverVersion, previousDriverVersion, runtimeVersion, previousRuntimeVersion };
}

/** Of each service, in the order of time. */
async function mediansOf(
  database: Database,
  selection: Selection,
  bucketMs: number,
  counting: Counting,
): Promise<Map<string, MedianPoint[]>> {
  const bucket = bucketStart('"timeMs"', bucketMs);
  const rows = await database.buckets({
    selection,
    bucketMs,
    inPieces: true,
    sql: (part) =>
      quantilesOfGroups(database, counting, {
        source: `SELECT * FROM (${byService(part, bucket, 'JOIN')}) b WHERE service IS NOT NULL AND v IS NOT NULL`,
        groups: ['service', '"timeMs"'],
        quantiles: { p50: 0.5 },
      }),
  });
  const ordered = rows.toSorted((a, b) => numberOf(a['timeMs']) - numberOf(b['timeMs']));
  const points = (row: AnswerRow): MedianPoint => ({
    bucket: numberOf(row['timeMs']) / bucketMs,
    statements: Math.round(numberOf(row['statements'])),
    p50: numberOf(row['p50']),
  });
  const services = grouped(ordered, (row) => textOrNull(row['service']) ?? UNKNOWN);
  return new Map([...services].map(([service, own]) => [service, own.map(points)]));
}

/** How much higher the medians are from `bucket` on, weighted by their statements. */
function stepAt(points: readonly MedianPoint[], bucket: number): number {
  const mean = (of: readonly MedianPoint[]): number => {
    const statements = of.reduce((sum, point) => sum + point.statements, 0);
    return of.reduce((sum, point) => sum + Math.log(Math.max(1, point.p50)) * point.statements, 0) / statements;
  };
  return mean(points.filter((point) => point.bucket >= bucket)) - mean(points.filter((point) => point.bucket < bucket));
}

interface Split {
  readonly before: Distribution;
  readonly after: Distribution;
}

/** The measure of each service before and after its moment: one scan for all of them. */
async function distributions(
  database: Database,
  selection: Selection,
  services: readonly { readonly service: string; readonly sinceMs: number }[],
  counting: Counting,
): Promise<(service: string) => Split> {
  const moments = services.map(({ service, sinceMs }) => `WHEN ${literal(service)} THEN ${sinceMs}`);
  const names = services.map(({ service }) => literal(service));
  const rows =
    services.length === 0
      ? []
      : await database.rows(
          `SELECT d.service AS service, CAST("timeMs" >= since AS BOOLEAN) AS late, v, ${counting.rows} AS n${counting.squares} ` +
            `FROM (SELECT dim, "timeMs", "${selection.measure}" AS v, weight FROM all_statements WHERE ${condition(selection)} ` +
            `AND "${selection.measure}" IS NOT NULL) s JOIN (SELECT dim, service, CASE service ${moments.join(' ')} END AS since ` +
            `FROM dims WHERE service IN (${names.join(', ')})) d ON d.dim = s.dim GROUP BY 1, 2, 3 ORDER BY 3`,
        );
  return (service) => {
    const of = (late: boolean): Distribution =>
      distributionOf(rows.filter((row) => row['service'] === service && row['late'] === late));
    return { before: of(false), after: of(true) };
  };
}
