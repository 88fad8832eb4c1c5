import { condition, UNKNOWN, type Selection } from '../Selection';
import type { Distribution } from '../statistics/Distribution';
import { quantileDifference, shareDifference, withoutInterval, type Difference } from '../statistics/intervals';
import { countingOf, type Counting } from './counting';
import { distributionOf, distributionOfCounts } from './distribution';
import { figuresOf, type Figures } from './figures';
import { grouped } from './grouped';
import { byName, numberOf, textOrNull, type AnswerRow, type Database, type Query } from './Query';

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
  '95% intervals: quantiles by resampling of exact ranks (2000 draws; none where fewer than ten statements lie beyond: ' +
  'under 20 for p50, 200 for p95, 1000 for p99), shares by Newcombe; none for windows that overlap; ' +
  'estimates from samples count with their effective size (Kish).';
const MAX_GROUPS = 50;
/** Each value of them is a row. */
const GROUPS_AT_ONCE = 10;

export const compare: Query<CompareParameters, Comparison> = {
  async run(database, { selection, baseline, by }) {
    const before = { ...selection, ...baseline };
    const [counting, countingBefore] = [await countingOf(database, selection), await countingOf(database, before)];
    const a = await figuresOf(database, selection, counting);
    const b = await figuresOf(database, before, countingBefore);
    const all = await distributionIn(database, selection, counting);
    const allBefore = await distributionIn(database, before, countingBefore);
    const [after, earlier] = [
      { selection, counting },
      { selection: before, counting: countingBefore },
    ];
    const groups = by === undefined ? [] : await groupsOf(database, by, after, earlier);
    // A statement in both windows says nothing of their difference.
    const isShared = selection.fromMs < baseline.toMs && baseline.fromMs < selection.toMs;
    const told = isShared ? withoutInterval : (difference: Difference): Difference => difference;
    return {
      a,
      b,
      p50: told(quantileDifference(all, allBefore, 0.5)),
      p95: told(quantileDifference(all, allBefore, 0.95)),
      p99: told(quantileDifference(all, allBefore, 0.99)),
      failureRate: told(shareDifference(...failures(a, counting), ...failures(b, countingBefore))),
      by: by ?? null,
      groups: groups.map((group) => ({ ...group, p50: told(group.p50), p95: told(group.p95) })),
      method: METHOD,
    };
  },
};

/** Failed statements and those whose outcome is known, as many as they are worth. */
function failures({ failed, statements, outcomeUnknown }: Figures, counting: Counting): [number, number] {
  const worth = statements === 0 ? 1 : counting.effective(statements) / statements;
  return [failed * worth, (statements - outcomeUnknown) * worth];
}

/** Of all statements that know the measure; their counts are those that the figures are made from. */
async function distributionIn(
  database: Database,
  selection: Selection,
  { rows, squares }: Counting,
): Promise<Distribution> {
  const column = selection.measure;
  const [counts, squared] = await Promise.all([
    database.counts({ column, rows, selection }),
    squares === ''
      ? undefined
      : database.sums({
          columns: squares.replace(/^, /, ''),
          groups: 0,
          selection,
          where: `"${column}" IS NOT NULL`,
        }),
  ]);
  return distributionOfCounts(counts, squared);
}

interface Window {
  readonly selection: Selection;
  readonly counting: Counting;
}

type By = NonNullable<CompareParameters['by']>;

/** Those with most statements in both windows; only of them each value is read. */
async function groupsOf(database: Database, by: By, after: Window, earlier: Window): Promise<ComparedGroup[]> {
  const names = await database.rows(`SELECT dim, "${by}" AS name FROM dims`);
  const nameOf = new Map(names.map(({ dim, name }) => [dim, textOrNull(name)]));
  const largest = new Map<string | null, number>();
  for (const { selection, counting } of [after, earlier]) {
    const where = `"${selection.measure}" IS NOT NULL`;
    const rows = await database.sums({ columns: `dim, ${counting.rows} AS n`, groups: 1, selection, where });
    for (const { dim, n } of rows) {
      const name = nameOf.get(dim) ?? null;
      largest.set(name, (largest.get(name) ?? 0) + numberOf(n));
    }
  }
  const shown = [...largest]
    .sort(([x, n], [y, m]) => m - n || byName(x, y))
    .slice(0, MAX_GROUPS)
    .map(([name]) => name);
  const groups: ComparedGroup[] = [];
  for (let first = 0; first < shown.length; first += GROUPS_AT_ONCE) {
    const values = shown.slice(first, first + GROUPS_AT_ONCE);
    const counts = await countsOf(database, by, values, after);
    const countsBefore = await countsOf(database, by, values, earlier);
    for (const value of values) groups.push(comparedGroup(value, counts.get(value), countsBefore.get(value)));
  }
  return groups;
}

function comparedGroup(
  value: string | null,
  after: readonly AnswerRow[] = [],
  earlier: readonly AnswerRow[] = [],
): ComparedGroup {
  const [a, b] = [distributionOf(after), distributionOf(earlier)];
  return {
    value,
    statements: { a: Math.round(a.count), b: Math.round(b.count) },
    p50: quantileDifference(a, b, 0.5),
    p95: quantileDifference(a, b, 0.95),
  };
}

async function countsOf(
  database: Database,
  by: By,
  shown: readonly (string | null)[],
  { selection, counting: { rows, squares } }: Window,
): Promise<Map<string | null, AnswerRow[]>> {
  const filters = { ...selection.filters, [by]: shown.map((name) => name ?? UNKNOWN) };
  const sums = squares === '' ? 'sum(n) AS n' : 'sum(n) AS n, sum(squares) AS squares';
  const counts = await database.rows(
    `SELECT d."${by}" AS g, v, ${sums} FROM (SELECT dim, "${selection.measure}" AS v, ${rows} AS n${squares} ` +
      `FROM all_statements WHERE ${condition({ ...selection, filters })} AND "${selection.measure}" IS NOT NULL GROUP BY 1, 2) s ` +
      'LEFT JOIN dims d ON d.dim = s.dim GROUP BY 1, 2 ORDER BY 2',
  );
  return grouped(counts, ({ g }) => textOrNull(g));
}
