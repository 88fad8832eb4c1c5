import { condition, UNKNOWN, type Selection } from '../../Selection';
import { bucketStart, numberOf, textOrNull, type Database } from '../Query';
import { retries } from '../retries';
import { burstOf } from './burst';

/** Retries of one warehouse that stand out of the window. */
export interface RetriesFinding {
  readonly kind: 'retries';
  readonly warehouse: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly retries: number;
  /** The most frequent first. */
  readonly causes: readonly string[];
  readonly services: number;
  readonly saved: number;
  readonly lost: number;
}

/** Storms are looked for in what was received, told in estimates: one statement that stands for many is no storm. */
export async function retryFindings(
  database: Database,
  selection: Selection,
  bucketMs: number,
): Promise<RetriesFinding[]> {
  const rows = await database.rows(
    `SELECT d.warehouse, b AS bucket, sum(n) AS n FROM (SELECT dim, ${bucketStart('"timeMs"', bucketMs)} AS b, ` +
      `sum("retryCount") AS n FROM all_statements WHERE ${condition(selection)} AND "retryCount" > 0 GROUP BY 1, 2) s ` +
      'LEFT JOIN dims d ON d.dim = s.dim GROUP BY 1, 2',
  );
  const first = Math.floor(selection.fromMs / bucketMs);
  const length = Math.ceil(selection.toMs / bucketMs) - first;
  const warehouses = [...new Set(rows.map((row) => textOrNull(row['warehouse'])))];
  const findings = warehouses.map(async (warehouse): Promise<RetriesFinding[]> => {
    const counts = new Array<number>(length).fill(0);
    for (const row of rows) {
      if (textOrNull(row['warehouse']) === warehouse)
        counts[numberOf(row['bucket']) / bucketMs - first] = numberOf(row['n']);
    }
    const burst = burstOf(counts);
    if (burst === null) return [];
    const fromMs = (first + burst.first) * bucketMs;
    const toMs = (first + burst.last + 1) * bucketMs;
    const filters = { ...selection.filters, warehouse: [warehouse ?? UNKNOWN] };
    const answer = await retries.run(database, { selection: { ...selection, fromMs, toMs, filters } });
    return [
      {
        kind: 'retries',
        warehouse,
        fromMs,
        toMs,
        retries: answer.retries,
        causes: answer.causes.flatMap(({ cause }) => cause ?? []),
        services: answer.services.filter(({ retried }) => retried > 0).length,
        saved: answer.saved,
        lost: answer.lost,
      },
    ];
  });
  return (await Promise.all(findings)).flat();
}
