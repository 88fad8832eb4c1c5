import { DIMENSION_NAMES, STATEMENT_COLUMNS } from '../columns';
import type { AnswerRow } from './Query';

const HIDDEN = new Set(['statementUuid', 'statementText', 'session', 'dim']);
const FACTS = STATEMENT_COLUMNS.filter(({ name }) => !HIDDEN.has(name));

type FactName =
  | 'operationType'
  | 'statementType'
  | 'executionResult'
  | 'outcome'
  | 'directResults'
  | 'retryCauses'
  | 'volumeOperation'
  | 'stage'
  | 'errorName'
  | 'errorCode'
  | 'errorClass'
  | 'sqlState';
type NumberName =
  | 'latencyMs'
  | 'totalLatencyMs'
  | 'submitLatencyMs'
  | 'resultReadyLatencyMs'
  | 'firstRowLatencyMs'
  | 'resultConsumptionLatencyMs'
  | 'closeLatencyMs'
  | 'pollCount'
  | 'pollLatencyMs'
  | 'retryCount'
  | 'pageCount'
  | 'httpStatus'
  | 'filesPresent'
  | 'filesIterated'
  | 'filesDownloaded'
  | 'filesUnread'
  | 'filesFailed'
  | 'filesExpired'
  | 'filesRetried'
  | 'firstFileLatencyMs'
  | 'slowestFileLatencyMs'
  | 'sumFileLatencyMs'
  | 'failedFile'
  | 'failedFileStatus'
  | 'volumeTransferLatencyMs'
  | 'rowCount'
  | 'byteCount'
  | 'volumeBytes'
  | 'sampleRate';

/** A statement as the API shows it. Null is "its sender does not tell", never 0. */
export type StatementSummary = {
  readonly statementId: string | null;
  readonly sessionId: string | null;
  readonly timeMs: number;
  readonly receivedMs: number;
  readonly compressed: boolean | null;
} & Readonly<Record<FactName | (typeof DIMENSION_NAMES)[number], string | null>> &
  Readonly<Record<NumberName, number | null>>;

/** Names and types of a summary, in the order in which they are shown; the schema and the exports derive from it. */
export const SUMMARY_FIELDS: readonly { readonly name: string; readonly type: 'string' | 'number' | 'boolean' }[] = [
  { name: 'statementId', type: 'string' },
  { name: 'sessionId', type: 'string' },
  ...FACTS.map(({ name, type }) => ({
    name,
    type:
      type === 'VARCHAR' || type === 'UUID'
        ? ('string' as const)
        : type === 'BOOLEAN'
          ? ('boolean' as const)
          : ('number' as const),
  })),
  { name: 'totalLatencyMs', type: 'number' },
  ...DIMENSION_NAMES.map((name) => ({ name, type: 'string' as const })),
];

const COLUMNS = [
  'coalesce(CAST(s."statementUuid" AS VARCHAR), s."statementText") AS "statementId"',
  'x."sessionId" AS "sessionId"',
  ...FACTS.map(({ name }) => `s."${name}" AS "${name}"`),
  's."totalLatencyMs" AS "totalLatencyMs"',
  ...DIMENSION_NAMES.map((name) => `d."${name}" AS "${name}"`),
].join(', ');

/** Whole summaries of the rows of `source`, a subquery on `all_statements`. */
export function summariesSql(source: string): string {
  return `SELECT ${COLUMNS} FROM (${source}) s LEFT JOIN dims d ON d.dim = s.dim LEFT JOIN sessions x ON x.session = s.session`;
}

export function summaryOf(row: AnswerRow): StatementSummary {
  const { latencyMs, resultConsumptionLatencyMs } = row;
  const total = typeof latencyMs === 'number' ? latencyMs + Number(resultConsumptionLatencyMs ?? 0) : null;
  const whole: AnswerRow = { ...row, totalLatencyMs: total };
  return Object.fromEntries(SUMMARY_FIELDS.map(({ name }) => [name, whole[name] ?? null])) as StatementSummary;
}
