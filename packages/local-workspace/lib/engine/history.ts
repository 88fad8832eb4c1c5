import type { DuckDBConnection } from '@duckdb/node-api';
import type { Change } from '../sql/changes';
import { identifier, literal } from '../sql/quote';
import { CATALOG_PREFIX } from '../sql/rewrite';
import type { SqlSession } from '../sql/session';
import { notView, qualify } from './notes';
import type { CommandContext } from './showQueries';

/** In the catalog's hidden schema `main`: what was done to each table, in the order in which it was. */
const tableOf = (catalog: string): string => `${identifier(CATALOG_PREFIX + catalog.toLowerCase())}.main.history`;

export function historyTable(catalog: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${tableOf(catalog)} (schema_name VARCHAR, table_name VARCHAR, made_at TIMESTAMPTZ, ` +
    `user_name VARCHAR, operation VARCHAR, parameters MAP(VARCHAR, VARCHAR), metrics MAP(VARCHAR, VARCHAR))`
  );
}

export function mapOf(entries: Readonly<Record<string, string>>): string {
  const keys = Object.keys(entries).map(literal).join(', ');
  const values = Object.values(entries).map(literal).join(', ');
  return `MAP(CAST([${keys}] AS VARCHAR[]), CAST([${values}] AS VARCHAR[]))`;
}

/** Remembers a change that was made. */
export async function recordChange(
  connection: DuckDBConnection,
  session: SqlSession,
  { table, operation, parameters, rowsAs }: Change,
  rows: number,
): Promise<void> {
  const [catalog = '', schema = '', name = ''] = qualify(table, session, 3);
  const metrics = rowsAs === undefined ? {} : { [rowsAs]: String(rows) };
  await connection.run(
    `INSERT INTO ${tableOf(catalog)} VALUES (${literal(schema.toLowerCase())}, ${literal(name.toLowerCase())}, now(), ` +
      `${literal(session.user)}, ${literal(operation)}, ${mapOf(parameters)}, ${mapOf(metrics)})`,
  );
}

/** When the table was changed last, as a subquery. */
export function lastChange(catalog: string, schema: string, table: string): string {
  return (
    `(SELECT max(made_at) FROM ${tableOf(catalog)} ` +
    `WHERE schema_name = ${literal(schema.toLowerCase())} AND table_name = ${literal(table.toLowerCase())})`
  );
}

/** A statement that forgets a table's history, or that of all tables of a schema. */
export function forgetHistory(catalog: string, schema: string, table?: string): string {
  const one = table === undefined ? '' : ` AND table_name = ${literal(table.toLowerCase())}`;
  return `DELETE FROM ${tableOf(catalog)} WHERE schema_name = ${literal(schema.toLowerCase())}${one}`;
}

const JOB =
  'STRUCT("jobId" VARCHAR, "jobName" VARCHAR, "jobRunId" VARCHAR, "runId" VARCHAR, "jobOwnerId" VARCHAR, "triggerType" VARCHAR)';

/** The query of DESCRIBE HISTORY. Rejects with a SqlError for what is no table. */
export async function describeHistory(
  name: readonly string[],
  limit: number | undefined,
  { connection, session }: CommandContext,
): Promise<string> {
  await notView(name, 'DESCRIBE HISTORY', connection, session);
  return historyQuery(qualify(name, session, 3), limit);
}

/** Newest change first. */
function historyQuery([catalog = '', schema = '', table = '']: readonly string[], limit: number | undefined): string {
  const numbered =
    `SELECT *, row_number() OVER (ORDER BY rowid) - 1 AS version FROM ${tableOf(catalog)} ` +
    `WHERE schema_name = ${literal(schema.toLowerCase())} AND table_name = ${literal(table.toLowerCase())}`;
  const none = (type: string, name: string): string => `CAST(NULL AS ${type}) AS "${name}"`;
  return (
    `SELECT CAST(version AS BIGINT) AS version, made_at AS "timestamp", ${none('VARCHAR', 'userId')}, user_name AS "userName", ` +
    `operation, parameters AS "operationParameters", ${none(JOB, 'job')}, ${none('STRUCT("notebookId" VARCHAR)', 'notebook')}, ` +
    `${none('VARCHAR', 'clusterId')}, CASE WHEN version > 0 THEN CAST(version - 1 AS BIGINT) END AS "readVersion", ` +
    `'WriteSerializable' AS "isolationLevel", operation = 'WRITE' AND coalesce(parameters['mode'] = 'Append', false) AS "isBlindAppend", ` +
    `metrics AS "operationMetrics", ${none('VARCHAR', 'userMetadata')}, 'databricks-local-workspace' AS "engineInfo" ` +
    `FROM (${numbered}) ORDER BY version DESC${limit === undefined ? '' : ` LIMIT ${limit}`}`
  );
}
