import { condition } from '../Selection';
import { numberOf, type Counted, type Database, type Rows, type Sums } from './Query';

/** Asks each question as it is. */
export function asking(rows: Rows): Database {
  return {
    rows: (sql) => rows.rows(sql),
    sums: (question) => rows.rows(sqlOfSums(question)),
    counts: async (question) => {
      const found = await rows.rows(sqlOfSums(sumsOfCounts(question)));
      return [{ values: found.map(({ v }) => numberOf(v)), counts: found.map(({ n }) => numberOf(n)) }];
    },
    buckets: ({ selection, sql }) => rows.rows(sql(selection)),
  };
}

/** The same as sums: `v` and `n`. */
export function sumsOfCounts({ column, rows, selection }: Counted): Sums {
  const value = `"${column}"`;
  return { columns: `${value} AS v, ${rows} AS n`, groups: 1, selection, where: `${value} IS NOT NULL` };
}

/** `question` in SQL. `part`: a column in front of the others that tells groups apart as well. */
export function sqlOfSums({ columns, groups, selection, where }: Sums, part?: string): string {
  const names = Array.from({ length: groups + (part === undefined ? 0 : 1) }, (_, index) => index + 1);
  return (
    `SELECT ${part === undefined ? '' : `${part}, `}${columns} FROM all_statements WHERE ${condition(selection)}` +
    `${where === undefined ? '' : ` AND ${where}`}${names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`}`
  );
}
