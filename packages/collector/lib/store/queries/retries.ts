import { failedCondition } from '../outcomes';
import { bucketOf, condition, type Selection } from '../Selection';
import { countingOf, type Counting, type Sampled } from './counting';
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

/** Retries by the text that tells their causes, `503:2 ECONNRESET:1`; null where there is none. */
const causesSql = (bucketMs: number, where: string, { rows, times }: Counting): string =>
  `SELECT ${bucketStart('"timeMs"', bucketMs)} AS "timeMs", "retryCauses" AS causes, ${rows} AS statements, sum("retryCount"${times}) AS retries ` +
  `FROM all_statements WHERE ${where} AND ("retryCauses" IS NOT NULL OR "retryCount" > 0)`;

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

const GROUPED = ['statements', 'retried', 'retries', 'saved', 'lost'];
const SAVED = `"retryCount" > 0 AND outcome = 'delivered'`;
const LOST = `"retryCount" > 0 AND ${failedCondition}`;

export const retries: Query<{ readonly selection: Selection }, Retries> = {
  async run(database, { selection }) {
    const where = condition(selection);
    const counting = await countingOf(database, selection);
    const { times } = counting;
    const sums =
      `${counting.where('"retryCount" > 0')} AS retried, coalesce(sum("retryCount"${times}), 0) AS retries, ` +
      `${counting.where(SAVED)} AS saved, ${counting.where(LOST)} AS lost FROM all_statements WHERE ${where}`;
    const bucketMs = bucketOf(selection, 130);
    const groups = (name: string): string =>
      `SELECT d."${name}" AS name, ${GROUPED.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')} ` +
      `FROM (SELECT dim, ${counting.known('retryCount')} AS statements, ${sums} GROUP BY 1) s LEFT JOIN dims d ON d.dim = s.dim GROUP BY 1 ` +
      'HAVING sum(statements) > 0 ORDER BY 4 DESC, 2 DESC, 1 NULLS LAST LIMIT 50';
    const [totals, texts, services, hosts, warehouses] = await Promise.all([
      database.rows(`SELECT ${counting.known('retryCount')} AS statements, ${sums}`),
      database.rows(`${causesSql(bucketMs, where, counting)} GROUP BY 1, 2`),
      database.rows(groups('service')),
      database.rows(groups('host')),
      database.rows(groups('warehouse')),
    ]);
    const counts = texts.flatMap(causesOf);
    const row = totals[0] ?? {};
    const groupOf = (group: Record<string, unknown>): RetriedGroup => ({
      name: textOrNull(group['name']),
      statements: Math.round(numberOf(group['statements'])),
      retried: Math.round(numberOf(group['retried'])),
      retries: Math.round(numberOf(group['retries'])),
      saved: Math.round(numberOf(group['saved'])),
      lost: Math.round(numberOf(group['lost'])),
    });
    const { name: _name, statements: known, ...all } = groupOf(row);
    return {
      known,
      ...all,
      causes: added(counts, ({ cause }) => JSON.stringify(cause))
        .sort((a, b) => b.retries - a.retries || byName(a.cause, b.cause))
        .map(({ cause, retries, statements }) => ({ cause, retries, statements })),
      bucketMs,
      series: added(counts, ({ timeMs, cause }) => JSON.stringify([timeMs, cause]))
        .sort((a, b) => a.timeMs - b.timeMs || byName(a.cause, b.cause))
        .map(({ timeMs, cause, retries }) => ({ timeMs, cause, retries })),
      services: services.map(groupOf),
      hosts: hosts.map(groupOf),
      warehouses: warehouses.map(groupOf),
      sampled: counting.sampled,
    };
  },
};
