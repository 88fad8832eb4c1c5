import { FAILED } from '../outcomes';
import type { Selection } from '../Selection';
import { countingOf, type Counting, type Sampled } from './counting';
import { numberOrNull, textOrNull, type AnswerRow, type Database } from './Query';
import { quantilesOfCounts, type Quantiles } from './quantiles';

/** The numbers of a window. What no statement of it tells is null. */
export interface Figures {
  readonly fromMs: number;
  readonly toMs: number;
  readonly statements: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Statements whose sender does not tell how they ended. */
  readonly outcomeUnknown: number;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly retries: number | null;
  /** Statements with a repeated request, among those that tell. */
  readonly retried: number | null;
  readonly services: number;
  readonly latency: Quantiles;
  /** Null when no statement of the window stands for others. */
  readonly sampled: Sampled | null;
}

/** Sums that add up over any grouping of the statements. Grouped by outcome, which then need not be counted apart. */
export function sumsSql({ rows, times, where }: Counting): string {
  return (
    `outcome, ${rows} AS statements, sum(CAST("rowCount" AS DOUBLE)${times}) AS "rowCount", ` +
    `sum(CAST("byteCount" AS DOUBLE)${times}) AS "byteCount", sum("retryCount"${times}) AS retries, ` +
    `CASE WHEN count("retryCount") > 0 THEN ${where('"retryCount" > 0')} END AS retried`
  );
}

/** Adds up a column over groups, to a whole number; null when none of them knows it. */
export function totalOf(groups: readonly AnswerRow[], name: string): number | null {
  const known = groups.flatMap((group) => numberOrNull(group[name]) ?? []);
  return known.length === 0 ? null : Math.round(known.reduce((sum, value) => sum + value, 0));
}

export async function figuresOf(database: Database, selection: Selection, asked?: Counting): Promise<Figures> {
  const counting = asked ?? (await countingOf(database, selection));
  const [groups, rest] = await Promise.all([
    database.sums({ columns: sumsSql(counting), groups: 1, selection }),
    restOfFigures(database, selection, counting),
  ]);
  return figures(selection, groups, rest);
}

/** What does not add up: quantiles and distinct services. */
export interface RestOfFigures {
  readonly latency: Quantiles;
  readonly services: number;
  readonly sampled: Sampled | null;
}

export async function restOfFigures(
  database: Database,
  selection: Selection,
  { rows, sampled }: Counting,
): Promise<RestOfFigures> {
  const [connections, values, names] = await Promise.all([
    database.sums({ columns: 'dim', groups: 1, selection, where: 'dim IS NOT NULL' }),
    database.counts({ column: selection.measure, rows, selection }),
    database.rows('SELECT dim, service FROM dims WHERE service IS NOT NULL'),
  ]);
  const services = new Map(names.map(({ dim, service }) => [dim, service]));
  const asked = new Set(connections.flatMap(({ dim }) => services.get(dim) ?? []));
  return { latency: quantilesOfCounts(values), services: asked.size, sampled };
}

/** Statements of the groups whose outcome is one of `outcomes`. */
export function countOf(groups: readonly AnswerRow[], outcomes: readonly (string | null)[]): number {
  return (
    totalOf(
      groups.filter((group) => outcomes.includes(textOrNull(group['outcome']))),
      'statements',
    ) ?? 0
  );
}

export function figures(
  { fromMs, toMs }: Selection,
  groups: readonly AnswerRow[],
  { latency, services, sampled }: RestOfFigures,
): Figures {
  return {
    fromMs,
    toMs,
    statements: totalOf(groups, 'statements') ?? 0,
    failed: countOf(groups, FAILED),
    cancelled: countOf(groups, ['cancelled']),
    outcomeUnknown: countOf(groups, [null]),
    rows: totalOf(groups, 'rowCount'),
    bytes: totalOf(groups, 'byteCount'),
    retries: totalOf(groups, 'retries'),
    retried: totalOf(groups, 'retried'),
    services,
    latency,
    sampled,
  };
}
