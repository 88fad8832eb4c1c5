import { expect } from 'chai';
import type { LocalWorkspace, StatementRecord } from 'databricks-local-workspace';
import { TelemetryEventType, type StatementSummary } from 'databricks-sql-telemetry';
import { connectTo } from '../support/application';
import { driverLogs, errorRows, statementRows, type DriverLog } from '../support/telemetry';
import type { ExpectedError, ExpectedFiles, ExpectedRow, Scenario } from './Scenario';

/** Runs a scenario and compares what arrived with its table entry, the workspace's record, and the application. */
export async function check(workspace: LocalWorkspace, scenario: Scenario): Promise<void> {
  workspace.received.clear();
  const client = await connectTo(workspace);
  Object.assign(client.getConfig(), scenario.config);
  const totals = new Map<string, StatementSummary>();
  client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, ({ statementId, summary }) => {
    if (summary !== undefined && statementId !== undefined) totals.set(statementId, summary);
  });
  const seen = new Map<string, number>();
  try {
    const session = await client.openSession();
    await scenario.run({ workspace, client, session, saw: (operation, rows) => seen.set(operation.id, rows) });
  } finally {
    workspace.faults.clear();
    await client.close();
  }
  const stats = client.getTelemetryStats();
  expect(stats?.collected, 'everything collected was delivered').to.equal(stats?.delivered);
  compareRows(scenario, workspace, totals);
  if (scenario.errors !== 'any') compareErrors(scenario.errors ?? [], errorRows(workspace));
  compareWithServer(workspace, totals, scenario.unobserved ?? 0);
  for (const [id, rows] of seen) expect(totals.get(id)?.rowCount, 'rows counted').to.equal(rows);
  expectEventIdsOnce(workspace);
}

function compareRows(
  scenario: Scenario,
  workspace: LocalWorkspace,
  totals: ReadonlyMap<string, StatementSummary>,
): void {
  const rows = statementRows(workspace).sort(bySubmission(workspace));
  expect(rows.length, `rows: ${JSON.stringify(rows)}`).to.equal(scenario.rows.length);
  scenario.rows.forEach((expected, index) => {
    const row = rows[index];
    if (row !== undefined) compareRow(expected, row, totals.get(row.sql_statement_id ?? ''));
  });
}

/** Rows in the order in which the workspace saw their statements; those it never saw come last. */
function bySubmission(workspace: LocalWorkspace): (a: DriverLog, b: DriverLog) => number {
  const order = new Map(workspace.received.statements().map(({ statementId }, index) => [statementId, index]));
  const rank = (row: DriverLog): number => order.get(row.sql_statement_id ?? '') ?? Number.MAX_SAFE_INTEGER;
  return (a, b) => rank(a) - rank(b);
}

function compareRow(expected: ExpectedRow, row: DriverLog, totals: StatementSummary | undefined): void {
  const operation = row.sql_operation;
  if (expected.operation !== undefined) {
    expect(operation?.operation_detail?.operation_type, 'operation').to.equal(expected.operation);
  }
  if (expected.type !== undefined) expect(operation?.statement_type, 'type').to.equal(expected.type);
  if ('format' in expected) expect(operation?.execution_result, 'format').to.equal(expected.format);
  if (expected.compressed !== undefined) expect(operation?.is_compressed, 'compressed').to.equal(expected.compressed);
  if (expected.retries !== undefined) expect(operation?.retry_count ?? 0, 'retries').to.equal(expected.retries);
  if (totals !== undefined) compareTotals(expected, totals);
  if (expected.consumed !== undefined) {
    const consumption = operation?.result_latency?.result_set_consumption_latency_millis;
    expect(consumption !== undefined, 'consumed').to.equal(expected.consumed);
  }
  if (expected.volumeOperation !== undefined) {
    expect(row.vol_operation?.volume_operation_type, 'volume operation').to.equal(expected.volumeOperation);
  }
  if (expected.files !== undefined) compareFiles(expected.files, operation?.chunk_details, totals);
  expect(row.operation_latency_ms, 'latency').to.be.a('number');
}

/** What stays in the process. */
function compareTotals(expected: ExpectedRow, totals: StatementSummary): void {
  if (expected.outcome !== undefined) expect(totals.outcome, 'outcome').to.equal(expected.outcome);
  if (expected.direct !== undefined) expect(totals.directResults, 'direct results').to.equal(expected.direct);
  if ('causes' in expected || expected.retries === undefined) {
    expect(totals.retryCauses, 'causes of retries').to.equal(expected.causes);
  }
  if ('bytes' in expected) expect(totals.volumeBytes, 'bytes').to.equal(expected.bytes);
  if (expected.closed !== undefined) {
    expect(totals.closeLatencyMs !== undefined, 'close phase').to.equal(expected.closed);
  }
  const { firstRowLatencyMs } = totals;
  if (expected.firstRow !== undefined) {
    expect(firstRowLatencyMs !== undefined, 'first-row phase').to.equal(expected.firstRow);
  }
  if (firstRowLatencyMs === undefined) return;
  const { latencyMs, resultConsumptionLatencyMs = Infinity } = totals;
  expect(firstRowLatencyMs, 'first row').to.be.within(latencyMs, latencyMs + resultConsumptionLatencyMs);
}

function compareFiles(
  expected: ExpectedFiles,
  chunks: NonNullable<DriverLog['sql_operation']>['chunk_details'],
  totals: StatementSummary | undefined,
): void {
  const present = chunks?.total_chunks_present ?? 0;
  if (expected.present === 'some') expect(present, 'files present').to.be.greaterThan(1);
  else expect(present, 'files present').to.equal(expected.present);
  const { unread, failed, expired, retried } = expected;
  if (failed !== undefined) expect(totals?.filesFailed, 'files failed').to.equal(failed);
  if (expired !== undefined) expect(totals?.filesExpired, 'files expired').to.equal(expired);
  if (retried !== undefined) expect(totals?.filesRetried, 'files retried').to.equal(retried);
  if ('status' in expected) expect(totals?.failedFileStatus, 'status of the failed file').to.equal(expected.status);
  const others = present - (chunks?.total_chunks_iterated ?? 0);
  if (unread !== undefined) expect(totals?.filesUnread, 'unread').to.equal(unread === 'others' ? others : unread);
  if (expected.read === undefined) return;
  expect(chunks?.total_chunks_iterated, 'files read').to.equal(expected.read === 'all' ? present : expected.read);
}

function compareErrors(expected: readonly ExpectedError[], errors: readonly DriverLog[]): void {
  expect(errors.length, `errors: ${JSON.stringify(errors.map((log) => log.error_info))}`).to.equal(expected.length);
  for (const { name, stage, code, sqlState, httpStatus, file } of expected) {
    const match = errors.find(({ error_info: info, sql_operation: operation }) => {
      const facts = info?.stack_trace?.split('\n')[0]?.split(' ') ?? [];
      return (
        (name === undefined || info?.error_name === name) &&
        facts.includes(`stage=${stage}`) &&
        (code === undefined || facts.includes(`code=${code}`)) &&
        (sqlState === undefined || facts.includes(`sqlstate=${sqlState}`)) &&
        (httpStatus === undefined || facts.includes(`http=${httpStatus}`)) &&
        (file === undefined || operation?.chunk_id === file)
      );
    });
    expect(
      match,
      `an error ${JSON.stringify({ name, stage, code, sqlState, httpStatus, file })} among ${JSON.stringify(errors)}`,
    ).to.not.equal(undefined);
  }
}

/** Ids, polls, files and bytes as the workspace itself recorded them. */
function compareWithServer(
  workspace: LocalWorkspace,
  totals: ReadonlyMap<string, StatementSummary>,
  unobserved: number,
): void {
  const served = workspace.received.statements();
  const counts = served.map(({ statementId }) => driverLogs(workspace).filter(isRowOf(statementId)).length);
  expect(counts.filter((count) => count === 0).length, 'statements without a row').to.equal(unobserved);
  expect(counts.filter((count) => count > 1).length, 'statements with several rows').to.equal(0);
  for (const record of served) {
    const row = statementRows(workspace, record.statementId)[0];
    const own = totals.get(record.statementId);
    if (row === undefined || own === undefined) continue;
    expect(row.session_id, 'session').to.equal(record.sessionId);
    const polls = row.sql_operation?.operation_detail?.n_operation_status_calls ?? 0;
    // A driver that is cancelled asks once more, after the end.
    if (own.outcome === 'cancelled') expect(polls, 'polls').to.be.within(record.polls - 1, record.polls);
    else expect(polls, 'polls').to.equal(record.polls);
    if (own.directResults !== undefined) {
      expect(own.directResults === 'complete', 'direct close').to.equal(record.closedBy === 'direct-results');
    }
    compareDownloads(record, own);
  }
  for (const row of statementRows(workspace)) {
    if (row.sql_statement_id === undefined) continue;
    const known = served.some(({ statementId }) => statementId === row.sql_statement_id);
    expect(known, 'the workspace knows the statement').to.equal(true);
  }
}

function isRowOf(statementId: string): (log: DriverLog) => boolean {
  return (log) => log.sql_statement_id === statementId && log.error_info === undefined;
}

function compareDownloads(record: StatementRecord, own: StatementSummary): void {
  if (own.executionResult !== 'EXTERNAL_LINKS') return;
  const downloaded = record.files.flatMap(({ downloads }) => downloads.filter(({ status }) => status === 200));
  expect(own.filesDownloaded, 'files downloaded').to.be.at.most(downloaded.length);
  if (own.outcome !== 'delivered') return;
  expect(own.filesPresent, 'files offered').to.equal(record.filesOffered);
  expect(own.filesDownloaded, 'files downloaded').to.equal(downloaded.length);
  expect(own.filesUnread, 'files unread').to.equal(0);
  const bytes = downloaded.reduce((sum, download) => sum + download.bytes, 0);
  expect(own.byteCount, 'bytes of files').to.equal(bytes);
}

function expectEventIdsOnce(workspace: LocalWorkspace): void {
  const ids = workspace.received.telemetryLogs().map(({ log }) => log['frontend_log_event_id']);
  expect(new Set(ids).size, 'event ids are unique').to.equal(ids.length);
  expect(driverLogs(workspace).length).to.equal(ids.length);
}
