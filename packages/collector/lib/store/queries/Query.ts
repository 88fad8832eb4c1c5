/** One row of an answer: BIGINT as number, NULL as null. */
export type AnswerRow = Record<string, unknown>;

/** What a named query asks its questions with. */
export interface Database {
  rows(sql: string): Promise<AnswerRow[]>;
}

/** A named query: the question in the words of the engine, the answer as the API gives it. */
export interface Query<P, A> {
  run(database: Database, parameters: P): Promise<A>;
}

export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number(value ?? 0));
export const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);
export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
