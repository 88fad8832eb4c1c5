import { bucketOf, condition, type Selection } from '../Selection';
import type { Counting } from './counting';
import { grouped } from './grouped';
import { bucketStart, byName, numberOf, numberOrNull, textOrNull, type AnswerRow, type Database } from './Query';
import { quantilesOfGroups } from './quantilesOfGroups';

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
export async function overTime(database: Database, selection: Selection, counting: Counting): Promise<OverTime> {
  const { rows } = counting;
  const bucketMs = bucketOf(selection, BUCKETS);
  const bucket = bucketStart('"timeMs"', bucketMs);
  const [strips, statements, names] = await Promise.all([
    database.buckets({
      selection,
      bucketMs,
      inPieces: true,
      sql: (part) =>
        quantilesOfGroups(database, counting, {
          source: byService(part, bucket, 'LEFT JOIN'),
          groups: ['service', '"timeMs"'],
          quantiles: { p95: 0.95 },
        }),
    }),
    database.sums({ columns: `${bucket} AS t, dim, ${rows} AS n`, groups: 2, selection }),
    database.rows('SELECT dim, "driverVersion" AS version FROM dims'),
  ]);
  const versions = new Map(names.map(({ dim, version }) => [dim, textOrNull(version)]));
  const adoption = new Map<string, { timeMs: number; version: string | null; statements: number }>();
  for (const row of statements) {
    const [timeMs, version] = [numberOf(row['t']), versions.get(row['dim']) ?? null];
    const key = JSON.stringify([timeMs, version]);
    const known = adoption.get(key) ?? { timeMs, version, statements: 0 };
    known.statements += numberOf(row['n']);
    adoption.set(key, known);
  }
  return {
    bucketMs,
    strips: stripsOf(strips),
    adoption: [...adoption.values()]
      .map((point) => ({ ...point, statements: Math.round(point.statements) }))
      .sort((a, b) => a.timeMs - b.timeMs || byName(a.version, b.version)),
  };
}

/** SQL for the measure of each statement with its service and its bucket of time. */
export function byService(selection: Selection, bucket: string, join: 'JOIN' | 'LEFT JOIN'): string {
  return (
    `SELECT d.service AS service, t AS "timeMs", v, weight FROM (SELECT dim, ${bucket} AS t, "${selection.measure}" AS v, weight ` +
    `FROM all_statements WHERE ${condition(selection)}) s ${join} (SELECT dim, service FROM dims) d ON d.dim = s.dim`
  );
}

/** By service, each in the order of time. */
function stripsOf(rows: readonly AnswerRow[]): ServiceStrip[] {
  return [...grouped(rows, (row) => textOrNull(row['service']))]
    .map(([service, own]) => ({
      service,
      points: own
        .map((row) => ({
          timeMs: numberOf(row['timeMs']),
          statements: Math.round(numberOf(row['statements'])),
          p95: numberOrNull(row['p95']),
        }))
        .sort((a, b) => a.timeMs - b.timeMs),
    }))
    .sort((a, b) => byName(a.service, b.service));
}
