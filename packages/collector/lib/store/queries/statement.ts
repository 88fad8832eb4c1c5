import { literal } from '../Selection';
import { historyOf, type ServerSide } from './history';
import { numberOf, numberOrNull, textOrNull, type AnswerRow, type Query } from './Query';
import { quantilesOf, quantilesSql, type Quantiles } from './quantiles';
import { summariesSql, summaryOf, type StatementSummary } from './summary';

export interface StatementError {
  readonly timeMs: number;
  readonly statementId: string | null;
  readonly operationType: string | null;
  readonly stage: string | null;
  readonly errorName: string | null;
  readonly errorCode: string | null;
  readonly errorClass: string | null;
  readonly sqlState: string | null;
  readonly httpStatus: number | null;
  readonly isTerminal: boolean | null;
}

export interface SessionView {
  readonly sessionId: string;
  readonly startMs: number | null;
  readonly openLatencyMs: number | null;
  readonly endMs: number | null;
  readonly closeLatencyMs: number | null;
  readonly statements: number;
  readonly failed: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface StatementDetail {
  readonly statement: StatementSummary;
  readonly session: SessionView | null;
  readonly errors: readonly StatementError[];
  readonly server: ServerSide | null;
  /** Latency of statements of the same service and operation, an hour before and after. */
  readonly peers: Quantiles;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const statement: Query<{ readonly statementId: string }, StatementDetail | null> = {
  async run(database, { statementId }) {
    const id = UUID.test(statementId)
      ? `"statementUuid" = ${literal(statementId.toLowerCase())}::UUID`
      : `"statementText" = ${literal(statementId)}`;
    const [row] = await database.rows(summariesSql(`SELECT * FROM all_statements WHERE ${id} LIMIT 1`));
    if (row === undefined) return null;
    const summary = summaryOf(row);
    const service = summary.service === null ? 'service IS NULL' : `service = ${literal(summary.service)}`;
    const operation = summary.operationType === null ? 'IS NULL' : `= ${literal(summary.operationType)}`;
    const near =
      `all_statements WHERE "timeMs" BETWEEN ${summary.timeMs - 3_600_000} AND ${summary.timeMs + 3_600_000} ` +
      `AND "operationType" ${operation} AND dim IN (SELECT dim FROM dims WHERE ${service})`;
    const [errors, session, server, peers] = await Promise.all([
      database.rows(`SELECT ${ERROR_FIELDS} FROM errors WHERE ${id} ORDER BY "timeMs"`),
      sessionOf(database, summary.sessionId),
      historyOf(database, statementId),
      database.rows(quantilesSql('"latencyMs"', 'NULL', near)),
    ]);
    return { statement: summary, session, errors: errors.map(errorOf), server, peers: quantilesOf(peers[0]) };
  },
};

export const ERROR_FIELDS =
  '"timeMs", coalesce("statementUuid"::VARCHAR, "statementText") AS "statementId", "operationType", stage, "errorName", ' +
  '"errorCode", "errorClass", "sqlState", "httpStatus", "isTerminal"';

export function errorOf(row: AnswerRow): StatementError {
  return {
    timeMs: numberOf(row['timeMs']),
    statementId: textOrNull(row['statementId']),
    operationType: textOrNull(row['operationType']),
    stage: textOrNull(row['stage']),
    errorName: textOrNull(row['errorName']),
    errorCode: textOrNull(row['errorCode']),
    errorClass: textOrNull(row['errorClass']),
    sqlState: textOrNull(row['sqlState']),
    httpStatus: numberOrNull(row['httpStatus']),
    isTerminal: typeof row['isTerminal'] === 'boolean' ? row['isTerminal'] : null,
  };
}

async function sessionOf(
  database: { rows(sql: string): Promise<AnswerRow[]> },
  sessionId: string | null,
): Promise<SessionView | null> {
  if (sessionId === null) return null;
  const [row] = await database.rows(
    `SELECT x.*, d.settings FROM sessions x LEFT JOIN dims d ON d.dim = x.dim WHERE "sessionId" = ${literal(sessionId)}`,
  );
  if (row === undefined) return null;
  const [counts] = await database.rows(
    "SELECT count(*) AS statements, count(*) FILTER (outcome = 'failed') AS failed FROM all_statements " +
      `WHERE session = ${numberOf(row['session'])}`,
  );
  const settings = textOrNull(row['settings']);
  return {
    sessionId,
    startMs: numberOrNull(row['startMs']),
    openLatencyMs: numberOrNull(row['openLatencyMs']),
    endMs: numberOrNull(row['endMs']),
    closeLatencyMs: numberOrNull(row['closeLatencyMs']),
    statements: numberOf(counts?.['statements']),
    failed: numberOf(counts?.['failed']),
    settings: settings === null ? {} : (JSON.parse(settings) as Record<string, unknown>),
  };
}
