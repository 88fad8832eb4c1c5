import {
  columnList,
  createTable,
  DIMENSION_NAMES,
  ERROR_COLUMNS,
  STATEMENT_COLUMNS,
  TOTAL_LATENCY,
  WEIGHT,
} from '../columns';
import { literal } from '../Selection';

export const STORE_VERSION = 3;

const dimensionColumns = DIMENSION_NAMES.map((name) => `"${name}" VARCHAR`).join(', ');

/** Everything that a new database holds. */
export const TABLES: readonly string[] = [
  'CREATE TABLE IF NOT EXISTS meta (name VARCHAR PRIMARY KEY, value VARCHAR)',
  createTable('statements', STATEMENT_COLUMNS),
  createTable('errors', ERROR_COLUMNS),
  `CREATE TABLE IF NOT EXISTS dims (dim INTEGER, ${dimensionColumns}, settings VARCHAR, firstMs BIGINT)`,
  'CREATE TABLE IF NOT EXISTS sessions (session INTEGER, "sessionId" VARCHAR, dim INTEGER, resolved BOOLEAN, ' +
    '"startMs" BIGINT, "openLatencyMs" INTEGER, "endMs" BIGINT, "closeLatencyMs" INTEGER, "lastMs" BIGINT)',
  'CREATE TABLE IF NOT EXISTS event_keys (high BIGINT, low BIGINT, "receivedMs" BIGINT)',
  'CREATE TABLE IF NOT EXISTS intake ("minuteMs" BIGINT, received INTEGER, accepted INTEGER, duplicate INTEGER, ' +
    'rejected INTEGER, "lagMs" INTEGER)',
  'CREATE TABLE IF NOT EXISTS intake_names ("minuteMs" BIGINT, kind VARCHAR, name VARCHAR, count INTEGER)',
  'CREATE TABLE IF NOT EXISTS archive ("day" VARCHAR, file VARCHAR, "rowCount" BIGINT, "fromMs" BIGINT, "toMs" BIGINT)',
  'CREATE TABLE IF NOT EXISTS history ("statementId" VARCHAR, "statementUuid" UUID, "startMs" BIGINT, "endMs" BIGINT, ' +
    '"updatedMs" BIGINT, "totalMs" BIGINT, "waitingForComputeMs" BIGINT, "waitingAtCapacityMs" BIGINT, ' +
    '"compilationMs" BIGINT, "executionMs" BIGINT, "resultFetchMs" BIGINT, "taskMs" BIGINT, "readBytes" BIGINT, ' +
    '"readRows" BIGINT, "producedRows" BIGINT, "spilledBytes" BIGINT, "fromResultCache" BOOLEAN, warehouse VARCHAR, ' +
    '"executionStatus" VARCHAR, "statementType" VARCHAR)',
];

/** SQL for the rows of `files`, paths. Files of an earlier version lack what came later. */
export function rowsOfFiles(files: readonly string[]): string {
  return `read_parquet([${files.map(literal).join(', ')}], union_by_name = true)`;
}

/** Of a row of a file: whether its statement stands in the table as well, among those before `endMs`. */
export function isSuperseded(endMs: number): string {
  const stands = (id: string): string =>
    `coalesce("${id}" IN (SELECT s."${id}" FROM statements s WHERE s."timeMs" < ${endMs} AND s."${id}" IS NOT NULL), false)`;
  return `(${stands('statementUuid')} OR ${stands('statementText')})`;
}

/** One view over the rows of the table and those of the files of older days that `shown` holds for. */
export function allStatements(files: readonly string[], shown: string): string {
  const older = files.length === 0 ? '' : ` UNION ALL BY NAME SELECT * FROM ${rowsOfFiles(files)} WHERE ${shown}`;
  return (
    `CREATE OR REPLACE VIEW all_statements AS SELECT ${columnList(STATEMENT_COLUMNS)}, ${TOTAL_LATENCY}, ${WEIGHT} ` +
    `FROM (SELECT * FROM statements${older})`
  );
}
