import { bucketOf, filterConditions, type Selection } from '../Selection';
import { bucketStart, numberOf, numberOrNull, textOrNull, type AnswerRow, type Query } from './Query';

export interface ErrorGroup {
  readonly errorClass: string | null;
  readonly errorName: string | null;
  readonly errorCode: string | null;
  readonly sqlState: string | null;
  readonly httpStatus: number | null;
  readonly stage: string | null;
  readonly errors: number;
  readonly statements: number;
  readonly services: number;
  /** The one that met it most often; null when that one does not say its name. */
  readonly service: string | null;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Ids of the last statements that met it. */
  readonly examples: readonly string[];
}

export interface Errors {
  readonly errors: number;
  readonly bucketMs: number;
  /** By class, or where there is none by SQLSTATE, code or name. */
  readonly series: readonly { readonly timeMs: number; readonly kind: string | null; readonly errors: number }[];
  readonly groups: readonly ErrorGroup[];
}

const GROUPED_BY = ['errorClass', 'errorName', 'errorCode', 'sqlState', 'httpStatus', 'stage'];
const GROUP = GROUPED_BY.map((name) => `"${name}"`).join(', ');
const ID = 'coalesce(CAST("statementUuid" AS VARCHAR), "statementText")';
const EXAMPLES = 5;
const KIND = 'coalesce("errorClass", "sqlState", "errorCode", "errorName")';

export const errors: Query<{ readonly selection: Selection }, Errors> = {
  async run(database, { selection }) {
    const { fromMs, toMs, filters } = selection;
    const { outcome: _outcome, format: _format, operation, ...asked } = filters;
    const own = { ...asked, ...(operation === undefined ? {} : { operation }) };
    const where = [`"timeMs" >= ${fromMs} AND "timeMs" < ${toMs}`, ...filterConditions(own)].join(' AND ');
    const bucketMs = bucketOf(selection, 130);
    const of = `(SELECT * FROM errors WHERE ${where}) e LEFT JOIN dims d ON d.dim = e.dim`;
    const [series, groups, services, examples] = await Promise.all([
      database.rows(
        `SELECT ${bucketStart('"timeMs"', bucketMs)} AS "timeMs", ${KIND} AS kind, count(*) AS errors ` +
          `FROM errors WHERE ${where} GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
      ),
      database.rows(
        `SELECT ${GROUP}, count(*) AS errors, count(DISTINCT ${ID}) AS statements, ` +
          `count(DISTINCT d.service) AS services, min("timeMs") AS "firstMs", max("timeMs") AS "lastMs" ` +
          `FROM ${of} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 7 DESC, "lastMs" DESC LIMIT 200`,
      ),
      database.rows(
        `SELECT ${GROUP}, d.service AS service, count(*) AS errors FROM ${of} WHERE d.service IS NOT NULL ` +
          'GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 8 DESC, 7',
      ),
      database.rows(
        `SELECT ${GROUP}, id FROM (SELECT *, row_number() OVER (PARTITION BY ${GROUP} ORDER BY "timeMs" DESC, id) AS place ` +
          `FROM (SELECT *, ${ID} AS id FROM errors WHERE ${where}) e WHERE id IS NOT NULL) r ` +
          `WHERE place <= ${EXAMPLES} ORDER BY "timeMs" DESC, id`,
      ),
    ]);
    const ids = allOf(examples, 'id');
    const busiest = allOf(services, 'service');
    return {
      errors: series.reduce((sum, row) => sum + numberOf(row['errors']), 0),
      bucketMs,
      series: series.map((row) => ({
        timeMs: numberOf(row['timeMs']),
        kind: textOrNull(row['kind']),
        errors: numberOf(row['errors']),
      })),
      groups: groups.map((row) => ({
        errorClass: textOrNull(row['errorClass']),
        errorName: textOrNull(row['errorName']),
        errorCode: textOrNull(row['errorCode']),
        sqlState: textOrNull(row['sqlState']),
        httpStatus: numberOrNull(row['httpStatus']),
        stage: textOrNull(row['stage']),
        errors: numberOf(row['errors']),
        statements: numberOf(row['statements']),
        services: numberOf(row['services']),
        service: busiest.get(keyOf(row))?.[0] ?? null,
        firstMs: numberOf(row['firstMs']),
        lastMs: numberOf(row['lastMs']),
        examples: ids.get(keyOf(row)) ?? [],
      })),
    };
  },
};

const keyOf = (row: AnswerRow): string => JSON.stringify(GROUPED_BY.map((name) => row[name]));

/** The values of `name` in each group, in the order of the rows. */
function allOf(rows: readonly AnswerRow[], name: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    const value = textOrNull(row[name]);
    if (value === null) continue;
    const known = groups.get(keyOf(row));
    if (known === undefined) groups.set(keyOf(row), [value]);
    else known.push(value);
  }
  return groups;
}
