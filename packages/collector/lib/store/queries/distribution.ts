import { Distribution } from '../statistics/Distribution';
import { numberOf, type AnswerRow } from './Query';

/** Of rows in ascending order of `v`, each `n` times; `squares` where the counts are weighted (see Counting). */
export function distributionOf(rows: readonly AnswerRow[]): Distribution {
  const values = rows.map((row) => numberOf(row['v']));
  const counts = rows.map((row) => numberOf(row['n']));
  if (rows[0]?.['squares'] === undefined) return new Distribution(values, counts);
  const squares = rows.reduce((sum, row) => sum + numberOf(row['squares']), 0);
  return new Distribution(values, counts, squares);
}
