import { condition, type Selection } from '../Selection';
import { Distribution } from '../statistics/Distribution';
import { quantileDifference, shareDifference, type Difference } from '../statistics/intervals';
import { figuresOf, type Figures } from './figures';
import { numberOf, textOrNull, type AnswerRow, type Database, type Query } from './Query';

/** What a comparison can be split by. */
export const COMPARE_BY = ['service', 'host', 'warehouse', 'driver', 'driverVersion', 'runtimeVersion'] as const;

export interface ComparedGroup {
  readonly value: string | null;
  readonly statements: { readonly a: number; readonly b: number };
  readonly p50: Difference;
  readonly p95: Difference;
}

export interface Comparison {
  readonly a: Figures;
  readonly b: Figures;
  readonly p50: Difference;
  readonly p95: Difference;
  readonly p99: Difference;
  /** Share of failed among the statements whose outcome is known. */
  readonly failureRate: Difference;
  readonly by: string | null;
  /** The largest groups of `by`. */
  readonly groups: readonly ComparedGroup[];
  readonly method: string;
}

export interface CompareParameters {
  readonly selection: Selection;
  readonly baseline: { readonly fromMs: number; readonly toMs: number };
  readonly by: (typeof COMPARE_BY)[number] | undefined;
}

const METHOD =
  '95 % intervals: quantiles by resampling of exact ranks (2000 draws, none under 20 statements), shares by Newcombe.';
const MAX_GROUPS = 50;

export const compare: Query<CompareParameters, Comparison> = {
  async run(database, { selection, baseline, by }) {
    const before = { ...selection, ...baseline };
    const [a, b] = [await figuresOf(database, selection), await figuresOf(database, before)];
    const group = by === undefined ? 'NULL' : `(SELECT "${by}" FROM dims d WHERE d.dim = s.dim)`;
    const [after, earlier] = [await countsOf(database, selection, group), await countsOf(database, before, group)];
    const [all, allBefore] = [distribution(after), distribution(earlier)];
    return {
      a,
      b,
      p50: quantileDifference(all, allBefore, 0.5),
      p95: quantileDifference(all, allBefore, 0.95),
      p99: quantileDifference(all, allBefore, 0.99),
      failureRate: shareDifference(
        a.failed,
        a.statements - a.outcomeUnknown,
        b.failed,
        b.statements - b.outcomeUnknown,
      ),
      by: by ?? null,
      groups: by === undefined ? [] : groupsOf(after, earlier),
      method: METHOD,
    };
  },
};

async function countsOf(database: Database, selection: Selection, group: string): Promise<AnswerRow[]> {
  return database.rows(
    `SELECT ${group} AS g, v, sum(n)::BIGINT AS n FROM (SELECT dim, "${selection.measure}" AS v, count(*) AS n ` +
      `FROM all_statements WHERE ${condition(selection)} AND "${selection.measure}" IS NOT NULL GROUP BY ALL) s ` +
      'GROUP BY 1, 2 ORDER BY v',
  );
}

/** Of rows in ascending order of `v`; the same value may come more than once. */
function distribution(rows: readonly AnswerRow[]): Distribution {
  return new Distribution(
    rows.map((row) => numberOf(row['v'])),
    rows.map((row) => numberOf(row['n'])),
  );
}

function groupsOf(after: readonly AnswerRow[], earlier: readonly AnswerRow[]): ComparedGroup[] {
  const names = new Set([...after, ...earlier].map((row) => textOrNull(row['g'])));
  return [...names]
    .map((value) => {
      const a = distribution(after.filter((row) => textOrNull(row['g']) === value));
      const b = distribution(earlier.filter((row) => textOrNull(row['g']) === value));
      return { value, a, b };
    })
    .sort((x, y) => y.a.count + y.b.count - (x.a.count + x.b.count))
    .slice(0, MAX_GROUPS)
    .map(({ value, a, b }) => ({
      value,
      statements: { a: a.count, b: b.count },
      p50: quantileDifference(a, b, 0.5),
      p95: quantileDifference(a, b, 0.95),
    }));
}
