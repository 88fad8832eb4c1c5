import { numberOf, numberOrNull, type AnswerRow, type Counts } from './Query';

/**
 * Exact nearest-rank quantiles in whole milliseconds: p is the smallest value that at least p of the statements do not
 * exceed. Null when no statement knows its value.
 */
export interface Quantiles {
  /** Statements that know the value. */
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** Quantiles of `v` in a common table `c` of its values, each with the count up to it (`upTo`) and of all (`known`). */
export const RANKED =
  'max(known) AS count, min(v) FILTER (WHERE upTo >= known * 0.5) AS p50, ' +
  'min(v) FILTER (WHERE upTo >= known * 0.95) AS p95, min(v) FILTER (WHERE upTo >= known * 0.99) AS p99, max(v) AS max';

/**
 * SQL for the quantiles of `value` over `source`. Durations are whole milliseconds, so counting each value and ranking
 * the counts is exact and much cheaper than sorting the rows. `rows` counts them.
 */
export function quantilesSql(value: string, source: string, rows = 'count(*)'): string {
  return (
    `WITH h AS (SELECT ${value} AS v, ${rows} AS n FROM ${source} GROUP BY 1), ` +
    'c AS (SELECT v, sum(n) OVER (ORDER BY v) AS upTo, sum(n) OVER () AS known FROM h WHERE v IS NOT NULL) ' +
    `SELECT ${RANKED} FROM c`
  );
}

/** The quantiles of all that was counted. */
export function quantilesOfCounts(parts: readonly Counts[]): Quantiles {
  const counts = new Map<number, number>();
  for (const part of parts) {
    for (const [i, value] of part.values.entries()) counts.set(value, (counts.get(value) ?? 0) + (part.counts[i] ?? 0));
  }
  const values = Float64Array.from(counts.keys()).sort();
  const count = values.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0);
  const atPercent = (percent: number): number | null => {
    let upTo = 0;
    // Whole numbers: a rank that is one by chance of rounding would be another statement's.
    return values.find((value) => (upTo += counts.get(value) ?? 0) * 100 >= count * percent) ?? null;
  };
  const [p50, p95, p99] = [atPercent(50), atPercent(95), atPercent(99)];
  return { count: Math.round(count), p50, p95, p99, max: values.at(-1) ?? null };
}

export function quantilesOf(row: AnswerRow | undefined): Quantiles {
  return {
    count: Math.round(numberOf(row?.['count'])),
    p50: numberOrNull(row?.['p50']),
    p95: numberOrNull(row?.['p95']),
    p99: numberOrNull(row?.['p99']),
    max: numberOrNull(row?.['max']),
  };
}
