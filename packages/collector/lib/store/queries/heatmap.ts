import { failedCondition } from '../outcomes';
import { bucketOf, condition, type Selection } from '../Selection';
import { countingOf, type Counting, type Sampled } from './counting';
import { bucketStart, numberOf, numberOrNull, type AnswerRow, type Query } from './Query';
import { quantilesOfCounts, type Quantiles } from './quantiles';

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

/** A rank that is reached but for rounding is reached: weighted counts are no whole numbers. */
const reaches = (upTo: string, part: number): string => `${upTo} >= known * ${part} - 1e-6`;
const isIn = (part: number): string => `(${reaches('upTo', part)} AND NOT ${reaches('below', part)})`;

/**
 * Cells and quantiles of each column, in one scan: both come from the counts of each value. Values are ranked only in
 * the cells in which the quantiles lie.
 */
function columnsSql(selection: Selection, bucketMs: number, { rows, where }: Counting): string {
  const row =
    `CASE WHEN v IS NOT NULL THEN least(greatest(floor(log10(greatest(v, 1) / ${LOWEST_MS}.0) * ${ROWS_PER_DECADE}), 0), ` +
    `${ROWS - 1}) END`;
  return (
    `WITH g AS (SELECT ${bucketStart('"timeMs"', bucketMs)} AS t, "${selection.measure}" AS v, ${rows} AS n, ` +
    `${where(failedCondition)} AS failed FROM all_statements WHERE ${condition(selection)} GROUP BY 1, 2), ` +
    `h AS MATERIALIZED (SELECT t, v, n, failed, ${row} AS y FROM g), ` +
    'cells AS MATERIALIZED (SELECT t, y, sum(n) AS m, sum(failed) AS bad FROM h GROUP BY t, y), ' +
    'b AS (SELECT t, y, m, sum(m) OVER (PARTITION BY t ORDER BY y) AS upTo, sum(m) OVER (PARTITION BY t) AS known ' +
    'FROM cells WHERE y IS NOT NULL), ' +
    'e AS (SELECT t, y, known, upTo, upTo - m AS below FROM b), ' +
    `k AS (SELECT t, y, known, below FROM e WHERE ${isIn(0.5)} OR ${isIn(0.95)}), ` +
    'c AS (SELECT h.t AS t, h.v AS v, k.known AS known, ' +
    'k.below + sum(h.n) OVER (PARTITION BY h.t, h.y ORDER BY h.v) AS upTo FROM h JOIN k ON h.t = k.t AND h.y = k.y), ' +
    `s AS (SELECT t, min(v) FILTER (WHERE ${reaches('upTo', 0.5)}) AS p50, ` +
    `min(v) FILTER (WHERE ${reaches('upTo', 0.95)}) AS p95 FROM c GROUP BY t) ` +
    `SELECT 'cell' AS kind, t AS "timeMs", y, CAST(m AS DOUBLE) AS statements, CAST(bad AS DOUBLE) AS failed, ` +
    'NULL AS p50, NULL AS p95 FROM cells ' +
    "UNION ALL SELECT 'column', t, NULL, NULL, NULL, p50, p95 FROM s"
  );
}

export const heatmap: Query<{ readonly selection: Selection; readonly columns: number }, Heatmap> = {
  async run(database, { selection, columns }) {
    const { measure, fromMs, toMs } = selection;
    const bucketMs = bucketOf(selection, columns);
    const startMs = Math.floor(fromMs / bucketMs) * bucketMs;
    const counting = await countingOf(database, selection);
    const { rows: statements, sampled } = counting;
    const sql = (part: Selection): string => columnsSql(part, bucketMs, counting);
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
