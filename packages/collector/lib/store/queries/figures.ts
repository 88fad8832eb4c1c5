import { failedCondition } from '../outcomes';
import { condition, type Selection } from '../Selection';
import { numberOf, numberOrNull, type Database } from './Query';
import { quantilesOf, quantilesSql, type Quantiles } from './quantiles';

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
  readonly services: number;
  readonly latency: Quantiles;
}

export async function figuresOf(database: Database, selection: Selection): Promise<Figures> {
  const where = condition(selection);
  const source = `all_statements WHERE ${where}`;
  const [totals, services, quantiles] = await Promise.all([
    database.rows(
      `SELECT count(*) AS statements, count(*) FILTER (${failedCondition}) AS failed, ` +
        "count(*) FILTER (outcome = 'cancelled') AS cancelled, count(*) - count(outcome) AS unknown, " +
        'sum("rowCount")::DOUBLE AS "rowCount", sum("byteCount")::DOUBLE AS "byteCount", ' +
        `sum("retryCount")::BIGINT AS retries FROM ${source}`,
    ),
    database.rows(`SELECT count(DISTINCT service) AS n FROM dims WHERE dim IN (SELECT DISTINCT dim FROM ${source})`),
    database.rows(quantilesSql(`"${selection.measure}"`, 'NULL', source)),
  ]);
  const row = totals[0] ?? {};
  return {
    fromMs: selection.fromMs,
    toMs: selection.toMs,
    statements: numberOf(row['statements']),
    failed: numberOf(row['failed']),
    cancelled: numberOf(row['cancelled']),
    outcomeUnknown: numberOf(row['unknown']),
    rows: numberOrNull(row['rowCount']),
    bytes: numberOrNull(row['byteCount']),
    retries: numberOrNull(row['retries']),
    services: numberOf(services[0]?.['n']),
    latency: quantilesOf(quantiles[0]),
  };
}
