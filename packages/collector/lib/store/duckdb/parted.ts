import { sqlOfSums, sumsOfCounts } from '../queries/asking';
import type { AnswerRow, Buckets, Counted, Counts, Sums } from '../queries/Query';
import type { Selection } from '../Selection';

export const HOUR_MS = 3_600_000;

/** A question whose answer over a window is that over its parts. */
export interface Parted {
  readonly selection: Selection;
  /** What parts are multiples of. */
  readonly unitMs: number;
  /** SQL for the rows of `selection`, each with its `part`, of `partMs`. */
  readonly sql: (selection: Selection, partMs: number) => string;
  readonly inPieces?: boolean | undefined;
}

export function sumsByPart(question: Sums): Parted {
  const { selection } = question;
  const sql: Parted['sql'] = (part, partMs) =>
    sqlOfSums({ ...question, selection: part }, `"timeMs" // ${partMs} AS part`);
  return { selection, unitMs: HOUR_MS, sql };
}

/** A part in one row, as two lists: as rows, counts of each millisecond would take most of the time and the room. */
export function countsByPart(question: Counted): Parted {
  const { selection, unitMs, sql } = sumsByPart(sumsOfCounts(question));
  const lists = 'list(v) AS "values", list(CAST(n AS DOUBLE)) AS counts';
  return {
    selection,
    unitMs,
    sql: (part, partMs) => `SELECT part, ${lists} FROM (${sql(part, partMs)}) GROUP BY part`,
  };
}

export const countsOf = ({ values, counts }: AnswerRow): Counts => ({
  values: values as readonly number[],
  counts: counts as readonly number[],
});

/** Parts are multiples of buckets, so that none is divided but by the ends of the window. */
export function bucketsByPart({ bucketMs, selection, sql, inPieces }: Buckets): Parted {
  return {
    selection,
    inPieces,
    unitMs: Math.max(HOUR_MS, bucketMs),
    sql: (part, partMs) => `SELECT "timeMs" // ${partMs} AS part, * FROM (${sql(part)})`,
  };
}
