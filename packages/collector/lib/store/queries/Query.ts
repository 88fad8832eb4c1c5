import type { Selection } from '../Selection';

/** One row of an answer: BIGINT as number, NULL as null. */
export type AnswerRow = Record<string, unknown>;

/**
 * What a named query asks its questions with: standard SQL that every engine understands, with names in double quotes.
 * An engine that writes names or texts otherwise turns it into its own words (see `dialect`).
 */
export interface Rows {
  rows(sql: string): Promise<AnswerRow[]>;
}

/** A question whose groups over a window are those over its parts, added up. */
export interface Sums {
  /** What is selected; the first `groups` of the columns tell groups apart. */
  readonly columns: string;
  readonly groups: number;
  readonly selection: Selection;
  /** Which statements of the selection; all when not given. */
  readonly where?: string;
}

/** How many statements of a selection have each value of a column; those without one are left out. */
export interface Counted {
  readonly column: string;
  /** SQL that counts. */
  readonly rows: string;
  readonly selection: Selection;
}

/** Values, and at the same places how many statements have them. */
export interface Counts {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** A question about each bucket of time by itself. */
export interface Buckets {
  readonly bucketMs: number;
  readonly selection: Selection;
  /** SQL for the rows of a part of the selection; their `timeMs` is the start of their bucket. */
  readonly sql: (part: Selection) => string;
  /** The values of all that is read at a time are held in memory: it is asked piece by piece. */
  readonly inPieces?: boolean;
}

/** What is asked by named queries. One answer may come in several rows, which whoever asks adds up. */
export interface Database extends Rows {
  /** The groups of `question`. */
  sums(question: Sums): Promise<AnswerRow[]>;
  counts(question: Counted): Promise<Counts[]>;
  /** A bucket comes whole. */
  buckets(question: Buckets): Promise<AnswerRow[]>;
  /** SQL for a list of the nearest-rank quantiles of `column` in a group, of an engine that has them. */
  readonly exactQuantiles?: (column: string, ps: readonly number[]) => string;
}

/** A named query: the question in SQL, the answer as the API gives it. */
export interface Query<P, A> {
  run(database: Database, parameters: P): Promise<A>;
}

/** SQL for the start of the bucket of `bucketMs` that `column` falls into. */
export const bucketStart = (column: string, bucketMs: number): string => `${column} - ${column} % ${bucketMs}`;

export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number(value ?? 0));
export const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);
export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
/** Ascending, what is not known last. */
export const byName = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null ? 1 : b === null || a < b ? -1 : 1;
