import { SUMMARY_FIELDS } from '../store/queries/summary';
import { all, boolean, integer, list, mapOf, nullable, number, object, reference, string } from './shapes';

const SUMMARY_SHAPES = { string: nullable(string), number: nullable(number), boolean: nullable(boolean) };
const known = { timeMs: integer, receivedMs: integer };

const StatementSummary = object({
  ...Object.fromEntries(SUMMARY_FIELDS.map(({ name, type }) => [name, SUMMARY_SHAPES[type]])),
  ...known,
});
const StatementError = object({
  timeMs: integer,
  ...all('statementId operationType stage errorName errorCode errorClass sqlState', nullable(string)),
  httpStatus: nullable(integer),
  isTerminal: nullable(boolean),
});
const ServerSide = object({
  ...all('startMs endMs totalMs waitingForComputeMs waitingAtCapacityMs compilationMs executionMs', nullable(integer)),
  ...all('resultFetchMs readBytes readRows producedRows spilledBytes', nullable(integer)),
  fromResultCache: nullable(boolean),
  executionStatus: nullable(string),
});
const Statements = object({ statements: list(reference('StatementSummary')), next: nullable(string) });
const StatementDetail = object({
  statement: reference('StatementSummary'),
  session: nullable(
    object({
      sessionId: string,
      ...all('startMs openLatencyMs endMs closeLatencyMs', nullable(integer)),
      ...all('statements failed', integer),
      settings: mapOf({}),
    }),
  ),
  errors: list(reference('StatementError')),
  server: nullable(reference('ServerSide')),
  peers: reference('Quantiles'),
  fasterPeers: nullable(number),
  peerHistogram: list(object({ ...all('fromMs toMs', number), statements: integer })),
  around: list(reference('StatementSummary')),
});

/** What the API tells of single statements, by name. */
export const STATEMENT_SCHEMAS = { StatementSummary, StatementError, ServerSide, Statements, StatementDetail } as const;
