import { failedCondition } from '../outcomes';
import { bucketOf, type Selection } from '../Selection';
import { countingOf, type Sampled } from './counting';
import { grouped } from './grouped';
import { bucketStart, byName, numberOf, textOrNull, type AnswerRow, type Query } from './Query';

export interface Retries {
  /** Statements that tell how often a request was repeated; others are not counted below. */
  readonly known: number;
  readonly retried: number;
  readonly retries: number;
  /** Retried, and delivered in the end. */
  readonly saved: number;
  /** Retried, and failed nevertheless. */
  readonly lost: number;
  /** HTTP statuses and network codes; null for retries whose cause is not told. */
  readonly causes: readonly { readonly cause: string | null; readonly retries: number; readonly statements: number }[];
  readonly bucketMs: number;
  readonly series: readonly { readonly timeMs: number; readonly cause: string | null; readonly retries: number }[];
  readonly services: readonly RetriedGroup[];
  readonly hosts: readonly RetriedGroup[];
  readonly warehouses: readonly RetriedGroup[];
  /** Null when no statement of the window stands for others. */
  readonly sampled: Sampled | null;
}

export interface RetriedGroup {
  readonly name: string | null;
  /** Those that tell how often a request was repeated. */
  readonly statements: number;
  readonly retried: number;
  readonly retries: number;
  readonly saved: number;
  readonly lost: number;
}

interface CauseCount {
  readonly timeMs: number;
  readonly cause: string | null;
  readonly retries: number;
  readonly statements: number;
}

/** One count for each cause of a text: `503:2 ECONNRESET:1` becomes two. */
function causesOf(row: AnswerRow): CauseCount[] {
  const timeMs = numberOf(row['timeMs']);
  const statements = numberOf(row['statements']);
  const text = textOrNull(row['causes']);
  if (text === null) return [{ timeMs, cause: null, retries: numberOf(row['retries']), statements }];
  return text.split(' ').map((part) => {
    const [cause = '', times = ''] = part.split(':');
    return { timeMs, cause, retries: /^\d+$/.test(times) ? Number(times) * statements : 0, statements };
  });
}

/** Added up by cause, or by time and cause; rounded, because estimates are no whole numbers. */
function added(counts: readonly CauseCount[], key: (count: CauseCount) => string): CauseCount[] {
  const sums = new Map<string, CauseCount>();
  for (const count of counts) {
    const known = sums.get(key(count)) ?? { ...count, retries: 0, statements: 0 };
    const retries = known.retries + count.retries;
    sums.set(key(count), { ...known, retries, statements: known.statements + count.statements });
  }
  return [...sums.values()].map((sum) => ({
    ...sum,
    retries: Math.round(sum.retries),
    statements: Math.round(sum.statements),
  }));
}

const SAVED = `"retryCount" > 0 AND outcome = 'delivered'`;
const LOST = `"retryCount" > 0 AND ${failedCondition}`;
const MAX_GROUPS = 50;
const NAMES = ['service', 'host', 'warehouse'] as const;

export const retries: Query<{ readonly selection: Selection }, Retries> = {
  async run(database, { selection }) {
    const counting = await countingOf(database, selection);
    const { rows, times, known, where } = counting;
    const bucketMs = bucketOf(selection, 130);
    const [connections, texts, names] = await Promise.all([
      database.sums({
        columns:
          `dim, ${known('retryCount')} AS statements, ${where('"retryCount" > 0')} AS retried, ` +
          `sum("retryCount"${times}) AS retries, ${where(SAVED)} AS saved, ${where(LOST)} AS lost`,
        groups: 1,
        selection,
      }),
      // By the text that tells their causes, `503:2 ECONNRESET:1`; null where there is none.
      database.sums({
        columns: `${bucketStart('"timeMs"', bucketMs)} AS "timeMs", "retryCauses" AS causes, ${rows} AS statements, sum("retryCount"${times}) AS retries`,
        groups: 2,
        selection,
        where: '("retryCauses" IS NOT NULL OR "retryCount" > 0)',
      }),
      database.rows(`SELECT dim, ${NAMES.join(', ')} FROM dims`),
    ]);
    const whose = new Map(names.map((row) => [row['dim'], row]));
    const by = (name: (typeof NAMES)[number]): RetriedGroup[] =>
      groupsOf(connections, ({ dim }) => textOrNull(whose.get(dim)?.[name]));
    const [all = NOTHING] = groupsOf(connections, () => null);
    const counts = texts.flatMap(causesOf);
    return {
      known: all.statements,
      retried: all.retried,
      retries: all.retries,
      saved: all.saved,
      lost: all.lost,
      causes: added(counts, ({ cause }) => JSON.stringify(cause))
        .sort((a, b) => b.retries - a.retries || byName(a.cause, b.cause))
        .map(({ cause, retries, statements }) => ({ cause, retries, statements })),
      bucketMs,
      series: added(counts, ({ timeMs, cause }) => JSON.stringify([timeMs, cause]))
        .sort((a, b) => a.timeMs - b.timeMs || byName(a.cause, b.cause))
        .map(({ timeMs, cause, retries }) => ({ timeMs, cause, retries })),
      services: by('service'),
      hosts: by('host'),
      warehouses: by('warehouse'),
      sampled: counting.sampled,
    };
  },
};

const NOTHING: RetriedGroup = { name: null, statements: 0, retried: 0, retries: 0, saved: 0, lost: 0 };

/** Added up by `nameOf`; those of whom nobody tells how often a request was repeated are left out. */
function groupsOf(rows: readonly AnswerRow[], nameOf: (row: AnswerRow) => string | null): RetriedGroup[] {
  const groups = [...grouped(rows, nameOf)].map(([name, group]): RetriedGroup => {
    const sum = (column: string): number => Math.round(group.reduce((all, row) => all + numberOf(row[column]), 0));
    const [statements, retried, retries] = [sum('statements'), sum('retried'), sum('retries')];
    return { name, statements, retried, retries, saved: sum('saved'), lost: sum('lost') };
  });
  return groups
    .filter(({ statements }) => statements > 0)
    .sort((a, b) => b.retries - a.retries || b.statements - a.statements || byName(a.name, b.name))
    .slice(0, MAX_GROUPS);
}
