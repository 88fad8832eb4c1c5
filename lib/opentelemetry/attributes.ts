import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { DEFAULT_PORT } from '../model/connection';
import type { FailureMessage, ServerMessage, StatementMessage } from '../model/messages';
import type { StatementSummary } from '../model/StatementSummary';
import { ATTRIBUTES as A, DB_SYSTEM } from './names';

const EXECUTE = 'executeStatement';

/** `attributes` without those that have no value. */
export function knownOnly(attributes: Readonly<Record<string, AttributeValue | undefined>>): Attributes {
  const result: Attributes = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Name of a statement's span: of few values, by the conventions' rule. */
export function spanNameOf({ operation, database, serverAddress, serverPort }: StatementMessage): string {
  const target = database ?? (serverPort === DEFAULT_PORT ? serverAddress : `${serverAddress}:${serverPort}`);
  return operation === EXECUTE ? target : `${operation} ${target}`;
}

/** What a sampler may decide by: all that is known when the statement starts. */
export function startAttributes(message: StatementMessage, isTextWanted: boolean): Attributes {
  const attributes = statementAttributes(message);
  const { query, sessionId, warehouseId, workspaceId } = message;
  if (isTextWanted && query !== undefined) attributes[A.queryText] = query;
  if (sessionId !== undefined) attributes[A.sessionId] = sessionId;
  if (warehouseId !== undefined) attributes[A.warehouseId] = warehouseId;
  if (workspaceId !== undefined) attributes[A.workspaceId] = workspaceId;
  return attributes;
}

/** Beside the server the database, and the call's name where it is one of the catalogue's: a text is not parsed. */
export function statementAttributes(message: StatementMessage): Attributes {
  const { database, operation } = message;
  const attributes = serverAttributes(message);
  if (database !== undefined) attributes[A.namespace] = database;
  if (operation !== EXECUTE) attributes[A.operation] = operation;
  return attributes;
}

/** The server, with its port where that says something: one that is not the default. */
export function serverAttributes({ serverAddress, serverPort }: ServerMessage): Attributes {
  const attributes: Attributes = { [A.system]: DB_SYSTEM, [A.serverAddress]: serverAddress };
  if (serverPort !== DEFAULT_PORT) attributes[A.serverPort] = serverPort;
  return attributes;
}

/** What is known once the statement has ended. */
export function endAttributes(message: StatementMessage, areRowsWanted: boolean): Attributes {
  const { error, statementId } = message;
  const summary: Partial<StatementSummary> = message.summary ?? {};
  return knownOnly({
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
