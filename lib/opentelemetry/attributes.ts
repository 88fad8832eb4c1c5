import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { FailureMessage, ServerMessage, StatementMessage } from '../model/messages';
import type { StatementSummary } from '../model/StatementSummary';
import { ATTRIBUTES as A, SYSTEM } from './names';

const DEFAULT_PORT = 443;
const EXECUTE = 'executeStatement';

/** `attributes` without those that have no value. */
export function known(attributes: Readonly<Record<string, AttributeValue | undefined>>): Attributes {
  const result: Attributes = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** The port where it says something: one that is not the default. */
function portOf({ serverPort }: ServerMessage): number | undefined {
  return serverPort === DEFAULT_PORT ? undefined : serverPort;
}

/** The call's name, where it is one of the catalogue's: what a statement does is not parsed out of its text. */
function operationOf({ operation }: StatementMessage): string | undefined {
  return operation === EXECUTE ? undefined : operation;
}

/** Name of a statement's span: of few values, by the conventions' rule. */
export function spanNameOf(message: StatementMessage): string {
  const port = portOf(message);
  const address = port === undefined ? message.serverAddress : `${message.serverAddress}:${port}`;
  const target = message.database ?? address;
  const operation = operationOf(message);
  return operation === undefined ? target : `${operation} ${target}`;
}

/** What a sampler may decide by: all that is known when the statement starts. */
export function startAttributes(message: StatementMessage, isTextWanted: boolean): Attributes {
  return known({
    ...serverAttributes(message),
    [A.namespace]: message.database,
    [A.operation]: operationOf(message),
    [A.queryText]: isTextWanted ? message.query : undefined,
    [A.sessionId]: message.sessionId,
    [A.warehouseId]: message.warehouseId,
    [A.workspaceId]: message.workspaceId,
  });
}

export function serverAttributes(message: ServerMessage): Record<string, AttributeValue | undefined> {
  return { [A.system]: SYSTEM, [A.serverAddress]: message.serverAddress, [A.serverPort]: portOf(message) };
}

/** What is known once the statement has ended. */
export function endAttributes(message: StatementMessage, areRowsWanted: boolean): Attributes {
  const { error, statementId } = message;
  const summary: Partial<StatementSummary> = message.summary ?? {};
  return known({
    [A.statementId]: statementId,
    [A.statementType]: summary.statementType,
    [A.outcome]: summary.outcome,
    [A.resultFormat]: summary.executionResult,
    [A.resultCompressed]: summary.compressed,
    [A.resultBytes]: summary.byteCount,
    [A.firstRowMs]: summary.firstRowLatencyMs,
    [A.pollCount]: summary.pollCount,
    [A.retryCount]: summary.retryCount,
    [A.retryCause]: causesOf(summary.retryCauses),
    [A.filesPresent]: summary.filesPresent,
    [A.filesDownloaded]: summary.filesDownloaded,
    [A.filesFailed]: summary.filesFailed,
    [A.slowestFileMs]: summary.slowestFileLatencyMs,
    [A.returnedRows]: areRowsWanted ? summary.rowCount : undefined,
    ...failureAttributes(error),
  });
}

/** `503:2 ECONNRESET:1` as a list of its causes. */
function causesOf(retryCauses: string | undefined): string[] | undefined {
  return retryCauses?.split(' ').map((entry) => entry.replace(/:\d+$/, ''));
}

/** The same on span and metric. */
export function failureAttributes(error: FailureMessage | undefined): Record<string, AttributeValue | undefined> {
  if (error === undefined) return {};
  const statusCode = [error.sqlState, error.errorClass].filter((code) => code !== undefined).join('/') || undefined;
  const httpStatus = error.httpStatus === undefined ? undefined : `${error.httpStatus}`;
  return { [A.statusCode]: statusCode, [A.errorType]: statusCode ?? error.code ?? httpStatus ?? error.name };
}

/** What a metric of a statement is told apart by: of few values. */
export function metricAttributes(message: StatementMessage): Attributes {
  return known({
    ...serverAttributes(message),
    [A.namespace]: message.database,
    [A.operation]: operationOf(message),
    ...failureAttributes(message.error),
  });
}
