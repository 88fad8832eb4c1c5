import {
  BOOLEAN,
  CAUSES,
  CLASS,
  CODE,
  DERIVED,
  ID,
  INTEGER,
  LABEL,
  LARGE_INTEGER,
  LOWER,
  NUMBER,
  SQLSTATE,
  WORD,
  WORDS,
  oneOf,
  type Rule,
} from './rules';

/** One field of a log that is understood: where it stands, under which name it is kept, and what it must look like. */
interface Field {
  readonly path: string;
  readonly key: string;
  readonly rule: Rule;
}

const LOG = 'entry.sql_driver_log';
const CONTEXT = 'context.client_context';
const SYSTEM = `${LOG}.system_configuration`;
const PARAMETERS = `${LOG}.driver_connection_params`;
const OPERATION = `${LOG}.sql_operation`;
const CHUNKS = `${OPERATION}.chunk_details`;
const DETAIL = `${OPERATION}.operation_detail`;
const LOCAL = 'entry.local';

const field = <P extends string, K extends string, R extends Rule>(path: P, key: K, rule: R) => ({ path, key, rule });

const OPERATION_TYPES =
  'TYPE_UNSPECIFIED CREATE_SESSION DELETE_SESSION EXECUTE_STATEMENT EXECUTE_STATEMENT_ASYNC CLOSE_STATEMENT ' +
  'CANCEL_STATEMENT LIST_TYPE_INFO LIST_CATALOGS LIST_SCHEMAS LIST_TABLES LIST_TABLE_TYPES LIST_COLUMNS LIST_FUNCTIONS ' +
  'LIST_PRIMARY_KEYS LIST_IMPORTED_KEYS LIST_EXPORTED_KEYS LIST_CROSS_REFERENCES';

/** What identifies a log and its sender. */
const IDENTITY: readonly Field[] = [
  field('frontend_log_event_id', 'eventId', ID),
  field('workspace_id', 'workspaceId', ID),
  field(`${CONTEXT}.timestamp_millis`, 'timeMs', LARGE_INTEGER),
  // Where the ADBC driver for C# writes it.
  field('context.timestamp_millis', 'timeMs', LARGE_INTEGER),
  field(`${CONTEXT}.user_agent`, 'userAgent', DERIVED),
  field(`${CONTEXT}.client_type`, 'clientType', DERIVED),
  field(`${CONTEXT}.client_version`, 'clientVersion', DERIVED),
  field(`${LOG}.session_id`, 'sessionId', ID),
  field(`${LOG}.sql_statement_id`, 'statementId', ID),
];

const CONNECTION: readonly Field[] = [
  field(`${LOG}.auth_type`, 'authType', WORD),
  field(`${SYSTEM}.driver_version`, 'driverVersion', WORD),
  field(`${SYSTEM}.driver_name`, 'driver', WORDS),
  field(`${SYSTEM}.runtime_name`, 'runtime', WORDS),
  field(`${SYSTEM}.runtime_version`, 'runtimeVersion', WORDS),
  field(`${SYSTEM}.runtime_vendor`, 'runtimeVendor', WORDS),
  field(`${SYSTEM}.os_name`, 'os', WORDS),
  field(`${SYSTEM}.os_version`, 'osVersion', WORDS),
  field(`${SYSTEM}.os_arch`, 'osArch', WORD),
  field(`${SYSTEM}.client_app_name`, 'clientAppName', LABEL),
  field(`${SYSTEM}.locale_name`, 'locale', WORD),
  field(`${SYSTEM}.char_set_encoding`, 'encoding', WORD),
  field(`${SYSTEM}.process_name`, 'processName', WORD),
  field(`${PARAMETERS}.http_path`, 'httpPath', DERIVED),
  field(`${PARAMETERS}.mode`, 'mode', oneOf('TYPE_UNSPECIFIED THRIFT SEA')),
  field(`${PARAMETERS}.host_info.host_url`, 'hostUrl', DERIVED),
  field(`${PARAMETERS}.host_info.port`, 'port', INTEGER),
  field(`${PARAMETERS}.use_proxy`, 'useProxy', BOOLEAN),
  field(`${PARAMETERS}.auth_mech`, 'authMech', oneOf('TYPE_UNSPECIFIED OTHER PAT OAUTH')),
  field(
    `${PARAMETERS}.auth_flow`,
    'authFlow',
    oneOf('TYPE_UNSPECIFIED TOKEN_PASSTHROUGH CLIENT_CREDENTIALS BROWSER_BASED_AUTHENTICATION'),
  ),
  field(`${PARAMETERS}.enable_arrow`, 'arrowEnabled', BOOLEAN),
  field(`${PARAMETERS}.enable_direct_results`, 'directResultsEnabled', BOOLEAN),
  field(`${PARAMETERS}.socket_timeout`, 'socketTimeoutSeconds', INTEGER),
  field(`${PARAMETERS}.async_poll_interval_millis`, 'asyncPollIntervalMs', INTEGER),
  field(`${PARAMETERS}.rows_fetched_per_block`, 'rowsFetchedPerBlock', INTEGER),
  field(`${PARAMETERS}.enable_metric_view_metadata`, 'metricViewMetadataEnabled', BOOLEAN),
  field(`${PARAMETERS}.enable_complex_datatype_support`, 'complexTypesEnabled', BOOLEAN),
  field(`${PARAMETERS}.allow_self_signed_support`, 'selfSignedAllowed', BOOLEAN),
];

const STATEMENT: readonly Field[] = [
  field(`${LOG}.operation_latency_ms`, 'latencyMs', INTEGER),
  field(`${OPERATION}.statement_type`, 'statementType', oneOf('TYPE_UNSPECIFIED QUERY SQL UPDATE METADATA VOLUME')),
  field(`${OPERATION}.is_compressed`, 'compressed', BOOLEAN),
  field(
    `${OPERATION}.execution_result`,
    'executionResult',
    oneOf('FORMAT_UNSPECIFIED INLINE_ARROW INLINE_JSON EXTERNAL_LINKS COLUMNAR_INLINE'),
  ),
  field(`${OPERATION}.chunk_id`, 'failedFile', INTEGER),
  field(`${OPERATION}.retry_count`, 'retryCount', INTEGER),
  field(`${CHUNKS}.initial_chunk_latency_millis`, 'firstFileLatencyMs', INTEGER),
  field(`${CHUNKS}.slowest_chunk_latency_millis`, 'slowestFileLatencyMs', INTEGER),
  field(`${CHUNKS}.total_chunks_present`, 'filesPresent', INTEGER),
  field(`${CHUNKS}.total_chunks_iterated`, 'filesIterated', INTEGER),
  field(`${CHUNKS}.sum_chunks_download_time_millis`, 'sumFileLatencyMs', INTEGER),
  field(`${OPERATION}.result_latency.result_set_ready_latency_millis`, 'resultReadyLatencyMs', INTEGER),
  field(`${OPERATION}.result_latency.result_set_consumption_latency_millis`, 'resultConsumptionLatencyMs', INTEGER),
  field(`${DETAIL}.n_operation_status_calls`, 'pollCount', INTEGER),
  field(`${DETAIL}.operation_status_latency_millis`, 'pollLatencyMs', INTEGER),
  field(`${DETAIL}.operation_type`, 'operationType', oneOf(OPERATION_TYPES)),
  field(`${DETAIL}.is_internal_call`, 'internalCall', BOOLEAN),
  field(
    `${LOG}.vol_operation.volume_operation_type`,
    'volumeOperation',
    oneOf('TYPE_UNSPECIFIED PUT GET DELETE LIST QUERY'),
  ),
  field(`${LOG}.error_info.error_name`, 'errorName', WORD),
  field(`${LOG}.error_info.stack_trace`, 'stackTrace', DERIVED),
];

const count = (name: string): Field => field(`${LOCAL}.${name}`, name, INTEGER);
/** Durations of `local` carry their unit in their name here; the field table of the library names the unit apart. */
const duration = (name: string): Field[] => [
  field(`${LOCAL}.${name}`, `${name}Ms`, INTEGER),
  field(`${LOCAL}.${name}Ms`, `${name}Ms`, INTEGER),
];

/** Version 1 of `local`: what drivers other than `databricks-sql-telemetry` do not send. */
const LOCAL_FIELDS: readonly Field[] = [
  field(`${LOCAL}.version`, 'localVersion', INTEGER),
  field(`${LOCAL}.service`, 'service', LABEL),
  field(`${LOCAL}.processId`, 'processId', ID),
  field(`${LOCAL}.libraryVersion`, 'libraryVersion', WORD),
  field(`${LOCAL}.sampleRate`, 'sampleRate', NUMBER),
  field(`${LOCAL}.outcome`, 'outcome', LOWER),
  field(`${LOCAL}.stage`, 'stage', LOWER),
  field(`${LOCAL}.isTerminal`, 'isTerminal', BOOLEAN),
  field(`${LOCAL}.code`, 'errorCode', CODE),
  field(`${LOCAL}.sqlState`, 'sqlState', SQLSTATE),
  field(`${LOCAL}.errorClass`, 'errorClass', CLASS),
  field(`${LOCAL}.httpStatus`, 'httpStatus', INTEGER),
  field(`${LOCAL}.directResults`, 'directResults', LOWER),
  field(`${LOCAL}.retryCauses`, 'retryCauses', CAUSES),
  ...['submitLatency', 'firstRowLatency', 'closeLatency', 'volumeTransferLatency'].flatMap(duration),
  ...['filesDownloaded', 'filesUnread', 'filesRetried', 'filesFailed', 'filesExpired', 'failedFileStatus'].map(count),
  ...['rowCount', 'byteCount', 'volumeBytes'].map((name) => field(`${LOCAL}.${name}`, name, LARGE_INTEGER)),
  count('pageCount'),
  field(`${LOCAL}.cloudFetchEnabled`, 'cloudFetchEnabled', BOOLEAN),
  field(`${LOCAL}.lz4Enabled`, 'lz4Enabled', BOOLEAN),
  ...['retryMaxAttempts', 'cloudFetchConcurrentDownloads'].map(count),
  ...['retryTimeout', 'retryDelayMin', 'retryDelayMax'].flatMap(duration),
];

/** Settings of a connection that drivers tell beside those above. */
const OTHER_PARAMETERS =
  'query_tags proxy_host_info cf_proxy_host_info non_proxy_hosts use_system_proxy use_cf_proxy auth_scope discovery_mode_enabled ' +
  'discovery_url token_endpoint auth_endpoint enable_token_cache enable_jwt_assertion jwt_key_file jwt_algorithm ' +
  'google_service_account google_credential_file_path azure_workspace_resource_id azure_tenant_id use_empty_metadata ' +
  'support_many_parameters ssl_trust_store_type use_system_trust_store check_certificate_revocation ' +
  'accept_undetermined_certificate_revocation http_connection_pool_size enable_sea_hybrid_results string_column_length ' +
  'allowed_volume_ingestion_paths identity_federation_client_id auto_commit fetch_auto_commit_from_server enable_geospatial_support';

/** Understood and deliberately not kept: personal data, free text, or of no use here. Not counted as unknown. */
export const IGNORED: readonly string[] = [
  ...OTHER_PARAMETERS.split(' ').map((name) => `${PARAMETERS}.${name}`),
  `${PARAMETERS}.host_info.proxy_auth_type`,
  `${OPERATION}.java_uses_patched_arrow`,
  `${LOG}.error_info.error_message`,
  `${LOG}.vol_operation.volume_path`,
  `${LOG}.vol_operation.local_file`,
  `${LOCAL}.message`,
  `${LOCAL}.level`,
];

/** The one table of fields that are read from a log. What it does not name is counted and forgotten. */
export const FIELDS: readonly Field[] = [...IDENTITY, ...CONNECTION, ...STATEMENT, ...LOCAL_FIELDS];
