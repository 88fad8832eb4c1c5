import {
  columnList,
  createTable,
  DIMENSION_NAMES,
  ERROR_COLUMNS,
  STATEMENT_COLUMNS,
  TOTAL_LATENCY,
  WEIGHT,
} from '../columns';

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

/**
 * One view over the recent rows and, from `keptMs` on, the files of older days. Files of an earlier version lack what
 * came later.
 */
export function allStatements(files: readonly string[], keptMs: number): string {
  const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
  const older =
    files.length === 0
      ? ''
      : ` UNION ALL BY NAME SELECT * FROM read_parquet([${list}], union_by_name = true) WHERE "timeMs" >= ${keptMs}`;
  return (
    `CREATE OR REPLACE VIEW all_statements AS SELECT ${columnList(STATEMENT_COLUMNS)}, ${TOTAL_LATENCY}, ${WEIGHT} ` +
    `FROM (SELECT * FROM statements${older})`
  );
}
