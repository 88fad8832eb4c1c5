import { condition, type Selection } from '../Selection';

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

/** What is asked by named queries. */
export interface Database extends Rows {
  /** The groups of `question`. One may come in several rows, which whoever asks adds up. */
  sums(question: Sums): Promise<AnswerRow[]>;
}

/** `question` in SQL. `part`: a column in front of the others that tells groups apart as well. */
export function sqlOfSums({ columns, groups, selection, where }: Sums, part?: string): string {
  const names = Array.from({ length: groups + (part === undefined ? 0 : 1) }, (_, index) => index + 1);
  return (
    `SELECT ${part === undefined ? '' : `${part}, `}${columns} FROM all_statements WHERE ${condition(selection)}` +
    `${where === undefined ? '' : ` AND ${where}`}${names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`}`
  );
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
