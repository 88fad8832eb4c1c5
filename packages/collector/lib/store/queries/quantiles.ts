import { numberOf, numberOrNull, type AnswerRow } from './Query';

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

/**
 * SQL for the quantiles of `value` by `group` over `source`. Durations are whole milliseconds, so counting each value
 * and ranking the counts is exact and much cheaper than sorting the rows. `rows` counts them.
 */
export function quantilesSql(value: string, group: string, source: string, rows = 'count(*)'): string {
  return (
    `WITH h AS (SELECT ${group} AS g, ${value} AS v, ${rows} AS n FROM ${source} GROUP BY ALL), ` +
    'c AS (SELECT g, v, sum(n) OVER (PARTITION BY g ORDER BY v) AS upTo, sum(n) OVER (PARTITION BY g) AS n ' +
    'FROM h WHERE v IS NOT NULL) ' +
    'SELECT g, max(n)::BIGINT AS count, min(v) FILTER (upTo >= n * 0.5) AS p50, ' +
    'min(v) FILTER (upTo >= n * 0.95) AS p95, min(v) FILTER (upTo >= n * 0.99) AS p99, max(v) AS max FROM c GROUP BY g'
  );
}

export function quantilesOf(row: AnswerRow | undefined): Quantiles {
  return {
    count: numberOf(row?.['count']),
    p50: numberOrNull(row?.['p50']),
    p95: numberOrNull(row?.['p95']),
    p99: numberOrNull(row?.['p99']),
    max: numberOrNull(row?.['max']),
  };
}
