import { literal } from '../Selection';
import { countingWhere } from './counting';
import { historyOf, type ServerSide } from './history';
import { numberOf, numberOrNull, textOrNull, type AnswerRow, type Database, type Query } from './Query';
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
  /** Total latency of statements of the same service and operation, an hour before and after. */
  readonly peers: Quantiles;
  /** Share of the peers that took less time; null without peers or without a latency. */
  readonly fasterPeers: number | null;
  /** The peers' latencies in logarithmic steps, twenty a decade; only those that hold some. */
  readonly peerHistogram: readonly { readonly fromMs: number; readonly toMs: number; readonly statements: number }[];
  /** The statements before and after it in its session, and itself, by time. */
  readonly around: readonly StatementSummary[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const statement: Query<{ readonly statementId: string }, StatementDetail | null> = {
  async run(database, { statementId }) {
    const id = UUID.test(statementId)
      ? `"statementUuid" = ${literal(statementId.toLowerCase())}`
      : `"statementText" = ${literal(statementId)}`;
    const [row] = await database.rows(summariesSql(`SELECT * FROM all_statements WHERE ${id} LIMIT 1`));
    if (row === undefined) return null;
    const summary = summaryOf(row);
    const service = summary.service === null ? 'service IS NULL' : `service = ${literal(summary.service)}`;
    const operation = summary.operationType === null ? 'IS NULL' : `= ${literal(summary.operationType)}`;
    const near =
      `"timeMs" BETWEEN ${summary.timeMs - 3_600_000} AND ${summary.timeMs + 3_600_000} ` +
      `AND "operationType" ${operation} AND dim IN (SELECT dim FROM dims WHERE ${service})`;
    const { rows, where } = await countingWhere(database, near);
    const [errors, session, server, peers, histogram, around] = await Promise.all([
      database.rows(`SELECT ${ERROR_FIELDS} FROM errors WHERE ${id} ORDER BY "timeMs"`),
      sessionOf(database, summary.sessionId),
      historyOf(database, statementId),
      database.rows(quantilesSql('"totalLatencyMs"', `all_statements WHERE ${near}`, rows)),
      database.rows(
        `SELECT floor(log10(greatest("totalLatencyMs", 1)) * ${STEPS_PER_DECADE}) AS step, ${rows} AS statements, ` +
          `${where(`"totalLatencyMs" < ${summary.totalLatencyMs ?? 0}`)} AS faster ` +
          `FROM all_statements WHERE ${near} AND "totalLatencyMs" IS NOT NULL ` +
          'GROUP BY 1 ORDER BY 1',
      ),
      aroundIt(database, summary),
    ]);
    const peerCount = histogram.reduce((sum, step) => sum + numberOf(step['statements']), 0);
    const faster = histogram.reduce((sum, step) => sum + numberOf(step['faster']), 0);
    return {
      statement: summary,
      session,
      errors: errors.map(errorOf),
      server,
      peers: quantilesOf(peers[0]),
      fasterPeers: summary.totalLatencyMs === null || peerCount === 0 ? null : faster / peerCount,
      peerHistogram: histogram.map((step) => ({
        fromMs: 10 ** (numberOf(step['step']) / STEPS_PER_DECADE),
        toMs: 10 ** ((numberOf(step['step']) + 1) / STEPS_PER_DECADE),
        statements: Math.round(numberOf(step['statements'])),
      })),
      around,
    };
  },
};

const STEPS_PER_DECADE = 20;
const AROUND = 3;

async function aroundIt(database: Database, { sessionId, timeMs }: StatementSummary): Promise<StatementSummary[]> {
  if (sessionId === null) return [];
  const session = `session IN (SELECT session FROM sessions WHERE "sessionId" = ${literal(sessionId)})`;
  const part = (comparison: string, direction: string, limit: number): string =>
    `(SELECT * FROM all_statements WHERE ${session} AND "timeMs" ${comparison} ${timeMs} ` +
    `ORDER BY "timeMs" ${direction} LIMIT ${limit})`;
  const source = `SELECT * FROM ${part('<=', 'DESC', AROUND + 1)} UNION ALL SELECT * FROM ${part('>', 'ASC', AROUND)}`;
  const rows = await database.rows(`${summariesSql(source)} ORDER BY s."timeMs"`);
  return rows.map(summaryOf);
}

export const ERROR_FIELDS =
  '"timeMs", coalesce(CAST("statementUuid" AS VARCHAR), "statementText") AS "statementId", "operationType", stage, "errorName", ' +
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
    "SELECT count(*) AS statements, count(*) FILTER (WHERE outcome = 'failed') AS failed FROM all_statements " +
      `WHERE session IN (SELECT session FROM sessions WHERE "sessionId" = ${literal(sessionId)})`,
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
