import { bucketOf, filterConditions, type Selection } from '../Selection';
import { numberOf, numberOrNull, textOrNull, type Query } from './Query';

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

const KIND = 'coalesce("errorClass", "sqlState", "errorCode", "errorName")';

export const errors: Query<{ readonly selection: Selection }, Errors> = {
  async run(database, { selection }) {
    const { fromMs, toMs, filters } = selection;
    const { outcome: _outcome, format: _format, operation, ...asked } = filters;
    const own = { ...asked, ...(operation === undefined ? {} : { operation }) };
    const where = [`"timeMs" >= ${fromMs} AND "timeMs" < ${toMs}`, ...filterConditions(own)].join(' AND ');
    const bucketMs = bucketOf(selection, 130);
    const [series, groups] = await Promise.all([
      database.rows(
        `SELECT ("timeMs" // ${bucketMs}) * ${bucketMs} AS "timeMs", ${KIND} AS kind, count(*) AS errors ` +
          `FROM errors WHERE ${where} GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
      ),
      database.rows(
        'SELECT "errorClass", "errorName", "errorCode", "sqlState", "httpStatus", stage, count(*) AS errors, ' +
          'count(DISTINCT coalesce("statementUuid"::VARCHAR, "statementText")) AS statements, ' +
          'count(DISTINCT d.service) AS services, mode(d.service) AS service, min("timeMs") AS "firstMs", max("timeMs") AS "lastMs", ' +
          `to_json(max_by(coalesce("statementUuid"::VARCHAR, "statementText"), "timeMs", 5))::VARCHAR AS examples ` +
          `FROM (SELECT * FROM errors WHERE ${where}) e LEFT JOIN dims d ON d.dim = e.dim ` +
          'GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY errors DESC, "lastMs" DESC LIMIT 200',
      ),
    ]);
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
        service: textOrNull(row['service']),
        firstMs: numberOf(row['firstMs']),
        lastMs: numberOf(row['lastMs']),
        examples: (JSON.parse(textOrNull(row['examples']) ?? '[]') as (string | null)[]).flatMap((id) => id ?? []),
      })),
    };
  },
};
