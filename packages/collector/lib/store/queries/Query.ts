/** One row of an answer: BIGINT as number, NULL as null. */
export type AnswerRow = Record<string, unknown>;

/**
 * What a named query asks its questions with: standard SQL that every engine understands, with names in double quotes.
 * An engine that writes names or texts otherwise turns it into its own words (see `dialect`).
 */
export interface Database {
  rows(sql: string): Promise<AnswerRow[]>;
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
