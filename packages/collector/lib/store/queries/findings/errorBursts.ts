import { filterConditions, type Selection } from '../../Selection';
import { bucketStart, numberOf, textOrNull, type Database } from '../Query';
import { burstOf } from './burst';

/** Errors of one kind in one service that stand out of the window. */
export interface ErrorsFinding {
  readonly kind: 'errors';
  readonly service: string | null;
  /** Class, or where there is none SQLSTATE, code or name. */
  readonly error: string | null;
  readonly sqlState: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly errors: number;
}

interface Series {
  readonly service: string | null;
  readonly error: string | null;
  readonly sqlState: string | null;
  readonly buckets: Map<number, { readonly count: number; readonly firstMs: number; readonly lastMs: number }>;
}

export async function errorFindings(
  database: Database,
  { fromMs, toMs, filters }: Selection,
  bucketMs: number,
): Promise<ErrorsFinding[]> {
  const { outcome: _outcome, format: _format, ...own } = filters;
  const where = [`"timeMs" >= ${fromMs} AND "timeMs" < ${toMs}`, ...filterConditions(own)].join(' AND ');
  const rows = await database.rows(
    'SELECT d.service, coalesce("errorClass", "sqlState", "errorCode", "errorName") AS error, "sqlState", ' +
      `${bucketStart('"timeMs"', bucketMs)} AS bucket, count(*) AS n, min("timeMs") AS first, max("timeMs") AS last ` +
      `FROM (SELECT * FROM errors WHERE ${where}) e LEFT JOIN dims d ON d.dim = e.dim GROUP BY 1, 2, 3, 4`,
  );
  const all = new Map<string, Series>();
  for (const row of rows) {
    const [service, error, sqlState] = ['service', 'error', 'sqlState'].map((name) => textOrNull(row[name]));
    const key = JSON.stringify([service, error, sqlState]);
    const series = all.get(key) ?? {
      service: service ?? null,
      error: error ?? null,
      sqlState: sqlState ?? null,
      buckets: new Map(),
    };
    series.buckets.set(numberOf(row['bucket']) / bucketMs, {
      count: numberOf(row['n']),
      firstMs: numberOf(row['first']),
      lastMs: numberOf(row['last']),
    });
    all.set(key, series);
  }
  const first = Math.floor(fromMs / bucketMs);
  const length = Math.ceil(toMs / bucketMs) - first;
  return [...all.values()].flatMap(({ buckets, ...whose }): ErrorsFinding[] => {
    const burst = burstOf(Array.from({ length }, (_, i) => buckets.get(first + i)?.count ?? 0));
    if (burst === null) return [];
    return [
      {
        kind: 'errors',
        ...whose,
        fromMs: buckets.get(first + burst.first)?.firstMs ?? fromMs,
        toMs: buckets.get(first + burst.last)?.lastMs ?? toMs,
        errors: burst.count,
      },
    ];
  });
}
