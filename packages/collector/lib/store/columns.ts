/** How two logs of one statement become one row: the larger value, the smaller one, or the one that was there first. */
type Merge = 'max' | 'min' | 'first';

interface Column {
  readonly name: string;
  readonly type: 'INTEGER' | 'BIGINT' | 'VARCHAR' | 'BOOLEAN' | 'DOUBLE' | 'UUID';
  readonly merge: Merge;
}

const column = (name: string, type: Column['type'], merge: Merge): Column => ({ name, type, merge });
const words = (names: string): Column[] => names.split(' ').map((name) => column(name, 'VARCHAR', 'first'));
const counts = (names: string): Column[] => names.split(' ').map((name) => column(name, 'INTEGER', 'max'));

/** Of the columns of a statement; Parquet files say it in their metadata. */
export const STATEMENT_VERSION = 3;
export const PARQUET_MARK = `KV_METADATA {databricks_telemetry_version: '${STATEMENT_VERSION}'}`;

/** What a statement is kept as. `statementText` holds ids that are no UUIDs; NULL is "unknown", never 0. */
export const STATEMENT_COLUMNS: readonly Column[] = [
  column('timeMs', 'BIGINT', 'min'),
  column('receivedMs', 'BIGINT', 'min'),
  column('statementUuid', 'UUID', 'first'),
  column('statementText', 'VARCHAR', 'first'),
  column('session', 'INTEGER', 'first'),
  column('dim', 'INTEGER', 'first'),
  ...words('operationType statementType executionResult outcome directResults retryCauses volumeOperation'),
  ...words('stage errorName errorCode errorClass sqlState'),
  ...counts('latencyMs submitLatencyMs resultReadyLatencyMs firstRowLatencyMs resultConsumptionLatencyMs'),
  ...counts('closeLatencyMs pollCount pollLatencyMs retryCount pageCount httpStatus'),
  ...counts('filesPresent filesIterated filesDownloaded filesUnread filesFailed filesExpired filesRetried'),
  ...counts('firstFileLatencyMs slowestFileLatencyMs sumFileLatencyMs failedFile volumeTransferLatencyMs'),
  column('rowCount', 'BIGINT', 'max'),
  column('byteCount', 'BIGINT', 'max'),
  column('volumeBytes', 'BIGINT', 'max'),
  column('compressed', 'BOOLEAN', 'first'),
  column('sampleRate', 'DOUBLE', 'first'),
  // Since version 3: a column that comes later stands last, as in a table that has got it by a migration.
  column('failedFileStatus', 'INTEGER', 'first'),
];

/**
 * Backend and reading together, an INTEGER as they are; those who do not tell of reading count with the backend alone. One
 * statement whose sum is none must not make every answer fail.
 */
export const TOTAL_LATENCY =
  '"latencyMs" + least(coalesce("resultConsumptionLatencyMs", 0), 2147483647 - "latencyMs") AS "totalLatencyMs"';

/**
 * How many statements a stored one stands for: itself, or with a rate as many as one of them was chosen from. A rate
 * below a millionth counts as that, so that no sender makes a sum overflow.
 */
export const WEIGHT =
  'CAST(CASE WHEN "sampleRate" > 0 AND "sampleRate" < 1 THEN 1 / greatest("sampleRate", 1e-6) ELSE 1 END AS DOUBLE) AS weight';

export const ERROR_COLUMNS: readonly Column[] = [
  column('timeMs', 'BIGINT', 'min'),
  column('receivedMs', 'BIGINT', 'min'),
  column('statementUuid', 'UUID', 'first'),
  column('statementText', 'VARCHAR', 'first'),
  column('session', 'INTEGER', 'first'),
  column('dim', 'INTEGER', 'first'),
  ...words('operationType stage errorName errorCode errorClass sqlState'),
  column('httpStatus', 'INTEGER', 'max'),
  column('isTerminal', 'BOOLEAN', 'first'),
];

/** What a connection is known by. Statements share these through `dim`; a few hundred combinations serve a fleet. */
export const DIMENSION_NAMES = [
  'service',
  'host',
  'warehouse',
  'driver',
  'driverVersion',
  'runtime',
  'runtimeVersion',
  'runtimeVendor',
  'os',
  'osVersion',
  'osArch',
  'clientAppName',
  'processName',
  'locale',
  'encoding',
  'mode',
  'authType',
  'authMech',
  'authFlow',
  'workspaceId',
  'libraryVersion',
] as const;

export type DimensionName = (typeof DIMENSION_NAMES)[number];

/** Settings of a connection, kept together as JSON beside its dimensions. */
export const SETTING_NAMES = [
  'useProxy',
  'arrowEnabled',
  'directResultsEnabled',
  'socketTimeoutSeconds',
  'asyncPollIntervalMs',
  'rowsFetchedPerBlock',
  'metricViewMetadataEnabled',
  'complexTypesEnabled',
  'selfSignedAllowed',
  'port',
  'cloudFetchEnabled',
  'lz4Enabled',
  'cloudFetchConcurrentDownloads',
  'retryMaxAttempts',
  'retryTimeoutMs',
  'retryDelayMinMs',
  'retryDelayMaxMs',
] as const;

export const createTable = (name: string, columns: readonly Column[]): string =>
  `CREATE TABLE IF NOT EXISTS ${name} (${columns.map((c) => `"${c.name}" ${c.type}`).join(', ')})`;

export const columnList = (columns: readonly Column[]): string => columns.map((c) => `"${c.name}"`).join(', ');

/** `SET …` of an update of `target` from a row of `patch`: unknown stays what the other one knows. */
export const mergeAssignments = (columns: readonly Column[], target: string, patch: string): string =>
  columns
    .map(({ name, merge }) => {
      const [set, old, other] = [`"${name}"`, `${target}."${name}"`, `${patch}."${name}"`];
      switch (merge) {
        case 'max':
          return `${set} = greatest(${old}, ${other})`;
        case 'min':
          return `${set} = least(${old}, ${other})`;
        case 'first':
          return `${set} = coalesce(${old}, ${other})`;
      }
    })
    .join(', ');
