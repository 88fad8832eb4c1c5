import type { Counting } from './counting';
import type { Database } from './Query';

export interface Grouped {
  /** SQL for rows with the columns `groups`, a value `v` and a `weight`. */
  readonly source: string;
  readonly groups: readonly string[];
  /** Names of quantiles, and which they are. */
  readonly quantiles: Readonly<Record<string, number>>;
}

/**
 * SQL for the exact nearest-rank quantiles of `v` in each group, with its `statements`, how many of them have a
 * value (`count`), and the largest (`max`). An engine that has such quantiles finds them without counting each value.
 */
export function quantilesOfGroups(
  { exactQuantiles }: Database,
  { rows, sampled }: Counting,
  { source, groups, quantiles }: Grouped,
): string {
  const by = groups.join(', ');
  const named = (sql: (p: number, index: number) => string): string =>
    Object.entries(quantiles)
      .map(([name, p], index) => `${sql(p, index)} AS ${name}`)
      .join(', ');
  if (exactQuantiles !== undefined && sampled === null) {
    return (
      `SELECT ${by}, statements, count, ${named((_, index) => `q[${index + 1}]`)}, max FROM (SELECT ${by}, count(*) AS statements, ` +
      `count(v) AS count, ${exactQuantiles('v', Object.values(quantiles))} AS q, max(v) AS max FROM (${source}) GROUP BY ${by})`
    );
  }
  return (
    `WITH h AS (SELECT ${by}, v, ${rows} AS n FROM (${source}) s GROUP BY ${by}, v), ` +
    `c AS (SELECT ${by}, v, n, sum(n) OVER (PARTITION BY ${by} ORDER BY v NULLS LAST) AS upTo, ` +
    `sum(CASE WHEN v IS NOT NULL THEN n END) OVER (PARTITION BY ${by}) AS known FROM h) ` +
    `SELECT ${by}, sum(n) AS statements, max(known) AS count, ` +
    `${named((p) => `min(v) FILTER (WHERE upTo >= known * ${p})`)}, max(v) AS max FROM c GROUP BY ${by}`
  );
}
