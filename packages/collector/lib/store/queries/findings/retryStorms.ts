import { UNKNOWN, type Selection } from '../../Selection';
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
  const [rows, names] = await Promise.all([
    database.sums({
      columns: `dim, ${bucketStart('"timeMs"', bucketMs)} AS t, sum("retryCount") AS n`,
      groups: 2,
      selection,
      where: '"retryCount" > 0',
    }),
    database.rows('SELECT dim, warehouse FROM dims'),
  ]);
  const first = Math.floor(selection.fromMs / bucketMs);
  const length = Math.ceil(selection.toMs / bucketMs) - first;
  const warehouseOf = new Map(names.map(({ dim, warehouse }) => [dim, textOrNull(warehouse)]));
  const counted = new Map<string | null, number[]>();
  for (const { dim, t, n } of rows) {
    const warehouse = warehouseOf.get(dim) ?? null;
    const counts = counted.get(warehouse) ?? new Array<number>(length).fill(0);
    const bucket = numberOf(t) / bucketMs - first;
    counts[bucket] = (counts[bucket] ?? 0) + numberOf(n);
    counted.set(warehouse, counts);
  }
  const findings = [...counted].map(async ([warehouse, counts]): Promise<RetriesFinding[]> => {
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
