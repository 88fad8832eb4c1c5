import { failedCondition } from '../outcomes';
import { bucketOf, condition, type Selection } from '../Selection';
import { countingOf, type Sampled } from './counting';
import { bucketStart, numberOf, numberOrNull, type AnswerRow, type Query } from './Query';
import { quantilesOfCounts, RANKED, type Quantiles } from './quantiles';

const LOWEST_MS = 10;
const HIGHEST_MS = 60_000;
const ROWS_PER_DECADE = 8;
/** Outliers stand in the first and the last row. */
const ROWS = Math.floor(Math.log10(HIGHEST_MS / LOWEST_MS) * ROWS_PER_DECADE) + 1;

export interface Heatmap {
  /** Start of the first column; columns are `bucketMs` long. */
  readonly startMs: number;
  readonly bucketMs: number;
  readonly columns: number;
  /** Lower bound of each row in milliseconds; the first holds everything below its end, the last everything above. */
  readonly rowsFromMs: readonly number[];
  /** Only cells that are not empty. */
  readonly cells: readonly {
    readonly x: number;
    readonly y: number;
    readonly statements: number;
    readonly failed: number;
  }[];
  /** Statements in each row. */
  readonly histogram: readonly number[];
  readonly quantiles: Quantiles;
  /** Quantiles of each column that is not empty. */
  readonly series: readonly { readonly x: number; readonly p50: number | null; readonly p95: number | null }[];
  /** Statements that do not know the measure. */
  readonly unknown: number;
  /** Null when no statement of the window stands for others. */
  readonly sampled: Sampled | null;
}

export const heatmap: Query<{ readonly selection: Selection; readonly columns: number }, Heatmap> = {
  async run(database, { selection, columns }) {
    const { measure, fromMs, toMs } = selection;
    const bucketMs = bucketOf(selection, columns);
    const startMs = Math.floor(fromMs / bucketMs) * bucketMs;
    const y =
      `CASE WHEN v IS NOT NULL THEN least(greatest(floor(log10(greatest(v, 1) / ${LOWEST_MS}.0) * ${ROWS_PER_DECADE}), 0), ` +
      `${ROWS - 1}) END`;
    const { rows: statements, where, sampled } = await countingOf(database, selection);
    // One scan: cells and the quantiles of columns both come from the counts of each value in each column.
    const sql = (part: Selection): string =>
      `WITH h AS MATERIALIZED (SELECT ${bucketStart('"timeMs"', bucketMs)} AS t, "${measure}" AS v, ${statements} AS n, ` +
      `${where(failedCondition)} AS failed FROM all_statements WHERE ${condition(part)} GROUP BY 1, 2), ` +
      'c AS (SELECT t, v, sum(n) OVER (PARTITION BY t ORDER BY v) AS upTo, sum(n) OVER (PARTITION BY t) AS known FROM h ' +
      `WHERE v IS NOT NULL), s AS (SELECT t, ${RANKED} FROM c GROUP BY t) ` +
      `SELECT 'cell' AS kind, t AS "timeMs", ${y} AS y, CAST(sum(n) AS DOUBLE) AS statements, CAST(sum(failed) AS DOUBLE) AS failed, ` +
      'NULL AS p50, NULL AS p95 FROM h GROUP BY 2, 3 ' +
      "UNION ALL SELECT 'column', t, NULL, NULL, NULL, p50, p95 FROM s";
    const [rows, counts] = await Promise.all([
      database.buckets({ bucketMs, selection, sql }),
      database.counts({ column: measure, rows: statements, selection }),
    ]);
    const column = (row: AnswerRow): number => (numberOf(row['timeMs']) - startMs) / bucketMs;
    const ordered = rows.toSorted(
      (a, b) => numberOf(a['timeMs']) - numberOf(b['timeMs']) || numberOf(a['y']) - numberOf(b['y']),
    );
    const cells = ordered.filter((row) => row['kind'] === 'cell');
    const known = cells.flatMap((row) =>
      row['y'] === null
        ? []
        : [
            {
              x: column(row),
              y: numberOf(row['y']),
              statements: numberOf(row['statements']),
              failed: numberOf(row['failed']),
            },
          ],
    );
    const histogram = new Array<number>(ROWS).fill(0);
    for (const cell of known) histogram[cell.y] = (histogram[cell.y] ?? 0) + cell.statements;
    const all = cells.reduce((sum, row) => sum + numberOf(row['statements']), 0);
    return {
      startMs,
      bucketMs,
      columns: Math.ceil((toMs - startMs) / bucketMs),
      rowsFromMs: histogram.map((_, row) => LOWEST_MS * 10 ** (row / ROWS_PER_DECADE)),
      cells: known.map((cell) => ({
        ...cell,
        statements: Math.round(cell.statements),
        failed: Math.round(cell.failed),
      })),
      histogram: histogram.map(Math.round),
      quantiles: quantilesOfCounts(counts),
      series: ordered
        .filter((row) => row['kind'] === 'column')
        .map((row) => ({ x: column(row), p50: numberOrNull(row['p50']), p95: numberOrNull(row['p95']) })),
      unknown: Math.round(all - histogram.reduce((sum, count) => sum + count, 0)),
      sampled,
    };
  },
};
