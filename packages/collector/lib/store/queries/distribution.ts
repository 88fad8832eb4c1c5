import { Distribution } from '../statistics/Distribution';
import { numberOf, type AnswerRow, type Counts } from './Query';

/** Of rows in ascending order of `v`, each `n` times; `squares` where the counts are weighted (see Counting). */
export function distributionOf(rows: readonly AnswerRow[]): Distribution {
  const values = rows.map((row) => numberOf(row['v']));
  const counts = rows.map((row) => numberOf(row['n']));
  if (rows[0]?.['squares'] === undefined) return new Distribution(values, counts);
  const squares = rows.reduce((sum, row) => sum + numberOf(row['squares']), 0);
  return new Distribution(values, counts, squares);
}

/** Of counts in parts; `squared` where they are weighted: rows whose `squares` add up. */
export function distributionOfCounts(parts: readonly Counts[], squared?: readonly AnswerRow[]): Distribution {
  const counted = new Map<number, number>();
  for (const { values, counts } of parts) {
    for (const [i, value] of values.entries()) counted.set(value, (counted.get(value) ?? 0) + (counts[i] ?? 0));
  }
  const sorted = [...counted].sort(([a], [b]) => a - b);
  const [values, counts] = [sorted.map(([value]) => value), sorted.map(([, count]) => count)];
  if (squared === undefined) return new Distribution(values, counts);
  const squares = squared.reduce((sum, row) => sum + numberOf(row['squares']), 0);
  return new Distribution(values, counts, squares);
}
