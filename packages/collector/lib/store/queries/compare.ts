import { condition, type Selection } from '../Selection';
import { quantileDifference, shareDifference, type Difference } from '../statistics/intervals';
import { countingOf, type Counting } from './counting';
import { distributionOf } from './distribution';
import { figuresOf, type Figures } from './figures';
import { textOrNull, type AnswerRow, type Database, type Query } from './Query';

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
  '95 % intervals: quantiles by resampling of exact ranks (2000 draws, none under 20 statements), shares by Newcombe; ' +
  'estimates from samples count with their effective size (Kish).';
const MAX_GROUPS = 50;

export const compare: Query<CompareParameters, Comparison> = {
  async run(database, { selection, baseline, by }) {
    const before = { ...selection, ...baseline };
    const [counting, countingBefore] = [await countingOf(database, selection), await countingOf(database, before)];
    const a = await figuresOf(database, selection, counting);
    const b = await figuresOf(database, before, countingBefore);
    const [after, earlier] = [
      await countsOf(database, selection, by, counting),
      await countsOf(database, before, by, countingBefore),
    ];
    const [all, allBefore] = [distributionOf(after), distributionOf(earlier)];
    return {
      a,
      b,
      p50: quantileDifference(all, allBefore, 0.5),
      p95: quantileDifference(all, allBefore, 0.95),
      p99: quantileDifference(all, allBefore, 0.99),
      failureRate: shareDifference(...failures(a, counting), ...failures(b, countingBefore)),
      by: by ?? null,
      groups: by === undefined ? [] : groupsOf(after, earlier),
      method: METHOD,
    };
  },
};

/** Failed statements and those whose outcome is known, as many as they are worth. */
function failures({ failed, statements, outcomeUnknown }: Figures, counting: Counting): [number, number] {
  const worth = statements === 0 ? 1 : counting.effective(statements) / statements;
  return [failed * worth, (statements - outcomeUnknown) * worth];
}

async function countsOf(
  database: Database,
  selection: Selection,
  by: CompareParameters['by'],
  { rows, squares }: Counting,
): Promise<AnswerRow[]> {
  const counted = (key: string): string =>
    `SELECT ${key}"${selection.measure}" AS v, ${rows} AS n${squares} ` +
    `FROM all_statements WHERE ${condition(selection)} AND "${selection.measure}" IS NOT NULL`;
  if (by === undefined) return database.rows(`${counted('')} GROUP BY 1 ORDER BY 1`);
  const sums = squares === '' ? 'sum(n) AS n' : 'sum(n) AS n, sum(squares) AS squares';
  return database.rows(
    `SELECT d."${by}" AS g, v, ${sums} FROM (${counted('dim, ')} GROUP BY 1, 2) s LEFT JOIN dims d ON d.dim = s.dim ` +
      'GROUP BY 1, 2 ORDER BY 2',
  );
}

function groupsOf(after: readonly AnswerRow[], earlier: readonly AnswerRow[]): ComparedGroup[] {
  const names = new Set([...after, ...earlier].map((row) => textOrNull(row['g'])));
  return [...names]
    .map((value) => {
      const a = distributionOf(after.filter((row) => textOrNull(row['g']) === value));
      const b = distributionOf(earlier.filter((row) => textOrNull(row['g']) === value));
      return { value, a, b };
    })
    .sort((x, y) => y.a.count + y.b.count - (x.a.count + x.b.count))
    .slice(0, MAX_GROUPS)
    .map(({ value, a, b }) => ({
      value,
      statements: { a: Math.round(a.count), b: Math.round(b.count) },
      p50: quantileDifference(a, b, 0.5),
      p95: quantileDifference(a, b, 0.95),
    }));
}
