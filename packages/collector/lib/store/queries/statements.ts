import { condition, type Selection } from '../Selection';
import { numberOf, type Query } from './Query';
import { summariesSql, summaryOf, type StatementSummary } from './summary';

/** Where a list goes on: the last value, and how many statements with that value were given already. */
export interface StatementCursor {
  readonly value: number;
  readonly skip: number;
}

export interface StatementList {
  readonly statements: readonly StatementSummary[];
  readonly next: StatementCursor | null;
}

export interface StatementsParameters {
  readonly selection: Selection;
  /** Newest first, or those with the largest measure first. */
  readonly order: 'time' | 'slowest';
  readonly limit: number;
  readonly cursor: StatementCursor | undefined;
  readonly retried: boolean;
}

export const statements: Query<StatementsParameters, StatementList> = {
  async run(database, { selection, order, limit, cursor, retried }) {
    const column = order === 'time' ? 'timeMs' : selection.measure;
    const sorted = (prefix: string): string =>
      `${prefix}"${column}" DESC, ${prefix}"statementUuid" NULLS LAST, ${prefix}"statementText" NULLS LAST, ${prefix}"timeMs"`;
    const where = [condition(selection), `"${column}" IS NOT NULL`];
    if (cursor !== undefined) where.push(`"${column}" <= ${cursor.value}`);
    if (retried) where.push('"retryCount" > 0');
    const page =
      `SELECT * FROM all_statements WHERE ${where.join(' AND ')} ` +
      `ORDER BY ${sorted('')} LIMIT ${limit + 1} OFFSET ${cursor?.skip ?? 0}`;
    const rows = await database.rows(`${summariesSql(page)} ORDER BY ${sorted('s.')}`);
    const found = rows.slice(0, limit);
    const last = found.at(-1);
    if (rows.length <= limit || last === undefined) return { statements: found.map(summaryOf), next: null };
    const value = numberOf(last[column]);
    const same = found.filter((row) => row[column] === last[column]).length;
    const skip = same + (cursor?.value === value ? cursor.skip : 0);
    return { statements: found.map(summaryOf), next: { value, skip } };
  },
};
