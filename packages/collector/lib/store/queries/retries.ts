import { failedCondition } from '../outcomes';
import { bucketOf, condition, type Selection } from '../Selection';
import { countingOf, type Counting, type Sampled } from './counting';
import { numberOf, textOrNull, type Query } from './Query';

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

/** One row for each cause of each statement: `503:2 ECONNRESET:1` becomes two. */
function causesSql(where: string, { sampled }: Counting): string {
  const weight = sampled === null ? '' : ', weight';
  return (
    `SELECT "timeMs", split_part(part, ':', 1) AS cause, try_cast(split_part(part, ':', 2) AS BIGINT) AS n${weight} FROM ` +
    `(SELECT "timeMs"${weight}, unnest(string_split("retryCauses", ' ')) AS part FROM all_statements WHERE ${where} ` +
    `AND "retryCauses" IS NOT NULL) UNION ALL ` +
    `SELECT "timeMs", NULL, "retryCount"${weight} FROM all_statements WHERE ${where} AND "retryCauses" IS NULL AND "retryCount" > 0`
  );
}

const GROUPED = ['statements', 'retried', 'retries', 'saved', 'lost'];
const SAVED = `"retryCount" > 0 AND outcome = 'delivered'`;
const LOST = `"retryCount" > 0 AND ${failedCondition}`;

export const retries: Query<{ readonly selection: Selection }, Retries> = {
  async run(database, { selection }) {
    const where = condition(selection);
    const counting = await countingOf(database, selection);
    const { rows: statements, times } = counting;
    const sums =
      `${counting.where('"retryCount" > 0')} AS retried, coalesce(sum("retryCount"${times}), 0) AS retries, ` +
      `${counting.where(SAVED)} AS saved, ${counting.where(LOST)} AS lost FROM all_statements WHERE ${where}`;
    const bucketMs = bucketOf(selection, 130);
    const groups = (name: string): string =>
      `SELECT d."${name}" AS name, ${GROUPED.map((sum) => `sum(${sum})::BIGINT AS ${sum}`).join(', ')} ` +
      `FROM (SELECT dim, ${counting.known('retryCount')} AS statements, ${sums} GROUP BY 1) s LEFT JOIN dims d ON d.dim = s.dim GROUP BY 1 ` +
      'HAVING sum(statements) > 0 ORDER BY 4 DESC, 2 DESC, 1 LIMIT 50';
    const [totals, causes, series, services, hosts, warehouses] = await Promise.all([
      database.rows(`SELECT ${counting.known('retryCount')} AS statements, ${sums}`),
      database.rows(
        `SELECT cause, sum(n${times})::BIGINT AS retries, ${statements}::BIGINT AS statements ` +
          `FROM (${causesSql(where, counting)}) ` +
          'GROUP BY 1 ORDER BY 2 DESC, 1',
      ),
      database.rows(
        `SELECT ("timeMs" // ${bucketMs}) * ${bucketMs} AS "timeMs", cause, sum(n${times})::BIGINT AS retries ` +
          `FROM (${causesSql(where, counting)}) GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
      database.rows(groups('service')),
      database.rows(groups('host')),
      database.rows(groups('warehouse')),
    ]);
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
      causes: causes.map((cause) => ({
        cause: textOrNull(cause['cause']),
        retries: numberOf(cause['retries']),
        statements: numberOf(cause['statements']),
      })),
      bucketMs,
      series: series.map((point) => ({
        timeMs: numberOf(point['timeMs']),
        cause: textOrNull(point['cause']),
        retries: numberOf(point['retries']),
      })),
      services: services.map(groupOf),
      hosts: hosts.map(groupOf),
      warehouses: warehouses.map(groupOf),
      sampled: counting.sampled,
    };
  },
};
