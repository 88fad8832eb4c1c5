import type { ConnectionInfo } from './connection';
import type { FieldScope } from './enums';
import type { ExportedRecord, ExportedStatement } from './exportedRecord';
import { keepsRule, type FieldRow, type RecordKind } from './fields/fieldRow';
import { TELEMETRY_FIELDS } from './fields/fieldTable';
import type { ConnectionRecord, ErrorRecord, TelemetryRecord } from './records';
import type { Statement } from './Statement';
import { toStatementSummary, withLine } from './StatementSummary';

/** Scope and wish of an exporter. */
export interface ExportedFields {
  readonly scope: FieldScope;
  readonly includesErrorText: boolean;
}

/** Properties whose name is not the place in the record from which the field table takes them. */
const PLACES: Readonly<Record<string, string>> = {
  closeLatencyMs: 'rare.closeLatencyMs',
  retryCauses: 'rare.retryCauses',
  volumeOperation: 'rare.volumeOperation',
  volumeBytes: 'rare.volumeBytes',
  volumeTransferLatencyMs: 'rare.volumeTransferLatencyMs',
  filesPresent: 'files.present',
  filesIterated: 'files.iterated',
  filesDownloaded: 'files.downloaded',
  filesUnread: 'files.unread',
  filesFailed: 'files.failed',
  filesExpired: 'files.expired',
  filesRetried: 'files.retried',
  failedFile: 'files.firstFailed',
  failedFileStatus: 'files.firstFailedStatus',
  firstFileLatencyMs: 'files.firstMs',
  slowestFileLatencyMs: 'files.slowestMs',
  sumFileLatencyMs: 'files.sumMs',
  // It has no field of its own and goes where the phases go.
  totalLatencyMs: 'submitLatencyMs',
};

const ERROR_PLACES: Readonly<Record<string, string>> = Object.fromEntries(
  ['name', 'code', 'sqlState', 'errorClass', 'httpStatus', 'chunkId'].map((name) => [name, `error.${name}`]),
);

type Rows = ReadonlyMap<string, FieldRow>;

/** The rows of the field table by the place from which they take a kind of record. */
function rowsOf(kind: RecordKind): Rows {
  const rows = TELEMETRY_FIELDS.flatMap((row): [string, FieldRow][] => {
    const { source } = row;
    if (source.from === 'connection') return [[source.at, row]];
    const at = source.from === 'record' ? source.at[kind] : undefined;
    return typeof at === 'string' ? [[at, row]] : [];
  });
  // What Databricks gets comes first in the table: a place that is listed twice has the wider scope.
  return new Map(rows.reverse());
}

const ROWS: Readonly<Record<RecordKind, Rows>> = {
  connection: rowsOf('connection'),
  statement: rowsOf('statement'),
  error: rowsOf('error'),
};

const MESSAGE = TELEMETRY_FIELDS.find(({ path }) => path === 'message');

/**
 * `record` as an exporter with these `fields` gets it; undefined when it gets none of it. `sampleRate`: share of such records
 * that it gets, where that is not all.
 */
export function toExportedRecord(
  record: TelemetryRecord,
  fields: ExportedFields,
  sampleRate?: number,
): ExportedRecord | undefined {
  if (fields.scope === 'None') return undefined;
  switch (record.kind) {
    case 'statement':
      return exportedStatement(record, fields.scope, sampleRate);
    case 'connection':
      return exportedConnection(record, fields.scope, sampleRate);
    case 'error':
      return exportedError(record, fields);
    case 'spooled':
      return undefined;
  }
}

function exportedStatement(statement: Statement, scope: FieldScope, sampleRate: number | undefined): ExportedRecord {
  const all = { ...toStatementSummary(statement), level: statement.level, ...shareOf(sampleRate) };
  const kept: Partial<ExportedStatement> = { kind: 'statement', ...within(scope, ROWS.statement, all, PLACES) };
  // What was left out makes it less than the type says: by the scope that the exporter asked for.
  return Object.freeze(withLine(kept)) as ExportedRecord;
}

function exportedConnection(
  record: ConnectionRecord,
  scope: FieldScope,
  sampleRate: number | undefined,
): ExportedRecord {
  const { connection, timestampMs, sessionId, level, operation, latencyMs } = record;
  const workspaceId = connection?.workspaceId;
  const all = { timestampMs, sessionId, level, operation, latencyMs, workspaceId, ...shareOf(sampleRate) };
  const configuration = configurationOf(connection, scope);
  const kept = { kind: 'connection', ...within(scope, ROWS.connection, all), configuration };
  return Object.freeze(kept) as unknown as ExportedRecord;
}

function shareOf(sampleRate: number | undefined): { readonly sampleRate?: number } {
  return sampleRate === undefined ? {} : { sampleRate };
}

function configurationOf(connection: ConnectionInfo | undefined, scope: FieldScope): object {
  const facts = { ...connection?.driverConfig };
  const places = Object.fromEntries(Object.keys(facts).map((name) => [name, `driverConfig.${name}`]));
  return Object.freeze(within(scope, ROWS.connection, facts, places));
}

function exportedError(record: ErrorRecord, { scope, includesErrorText }: ExportedFields): ExportedRecord {
  const { connection, timestampMs, sessionId, level, statementId, stage, isTerminal, error } = record;
  const workspaceId = connection?.workspaceId;
  const all = { timestampMs, sessionId, level, statementId, stage, isTerminal, workspaceId, ...error };
  const kept = {
    kind: 'error',
    ...within(scope, ROWS.error, all, ERROR_PLACES),
    ...textOf(record, scope, includesErrorText),
  };
  return Object.freeze(kept) as unknown as ExportedRecord;
}

function textOf(record: ErrorRecord, scope: FieldScope, isWanted: boolean): { readonly message?: string } {
  if (!isWanted || MESSAGE === undefined || !isIn(MESSAGE, scope) || MESSAGE.source.from !== 'record') return {};
  const at = MESSAGE.source.at.error;
  const message = typeof at === 'function' ? at(record) : undefined;
  return typeof message === 'string' && keepsRule(MESSAGE.rule, message) ? { message } : {};
}

/** The properties of `all` that `scope` reaches and that keep the rule of their field. One without a field is left out. */
function within(
  scope: FieldScope,
  rows: Rows,
  all: object,
  places: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(all) as [string, unknown][]) {
    const row = rows.get(places[name] ?? name);
    if (row === undefined || !isIn(row, scope)) continue;
    kept[name] = value === undefined || keepsRule(row.rule, value) ? value : undefined;
  }
  return kept;
}

function isIn(row: FieldRow, scope: FieldScope): boolean {
  switch (scope) {
    case 'None':
      return false;
    case 'Local':
    case 'Databricks':
      return row.scope === scope || row.scope === 'All';
    case 'All':
      return row.scope !== 'None';
  }
}
