/** What a field of a telemetry log must be. */
export type FieldRule =
  | { kind: 'string' }
  | { kind: 'uuid' }
  | { kind: 'int64' }
  | { kind: 'boolean' }
  | { kind: 'enum'; values: readonly string[] }
  | { kind: 'texts' }
  | { kind: 'object'; fields: Readonly<Record<string, FieldRule>> };

const text: FieldRule = { kind: 'string' };
const integer: FieldRule = { kind: 'int64' };
const flag: FieldRule = { kind: 'boolean' };
const oneOf = (values: string): FieldRule => ({ kind: 'enum', values: values.split(' ') });
const object = (fields: Readonly<Record<string, FieldRule>>): FieldRule => ({ kind: 'object', fields });
const each = (names: string, rule: FieldRule): Record<string, FieldRule> =>
  Object.fromEntries(names.split(' ').map((name) => [name, rule]));

const hostInfo = object({ host_url: text, port: integer, proxy_auth_type: text });
const proxyInfo = object({ host_url: text, port: integer, non_proxy_hosts: text, proxy_auth_type: text });

/** Settings that only the drivers for Java, Python and C# have, and send. */
const OTHER_PARAMETERS: Readonly<Record<string, FieldRule>> = {
  cf_proxy_host_info: proxyInfo,
  non_proxy_hosts: { kind: 'texts' },
  ...each('use_system_proxy use_cf_proxy use_system_trust_store use_empty_metadata support_many_parameters', flag),
  ...each('check_certificate_revocation accept_undetermined_certificate_revocation discovery_mode_enabled', flag),
  ...each('enable_sea_hybrid_results enable_geospatial_support enable_jwt_assertion enable_token_cache', flag),
  ...each('auto_commit fetch_auto_commit_from_server', flag),
  ...each('http_connection_pool_size string_column_length', integer),
  ...each(
    'allowed_volume_ingestion_paths auth_endpoint auth_scope token_endpoint discovery_url ssl_trust_store_type',
    text,
  ),
  ...each('azure_tenant_id azure_workspace_resource_id google_credential_file_path google_service_account', text),
  ...each('identity_federation_client_id jwt_algorithm jwt_key_file', text),
};

const connectionParameters = object({
  http_path: text,
  mode: oneOf('TYPE_UNSPECIFIED THRIFT SEA'),
  host_info: hostInfo,
  proxy_host_info: proxyInfo,
  auth_mech: oneOf('TYPE_UNSPECIFIED OTHER PAT OAUTH'),
  auth_flow: oneOf('TYPE_UNSPECIFIED TOKEN_PASSTHROUGH CLIENT_CREDENTIALS BROWSER_BASED_AUTHENTICATION'),
  ...each('use_proxy enable_arrow enable_direct_results', flag),
  ...each('enable_metric_view_metadata enable_complex_datatype_support allow_self_signed_support', flag),
  ...each('socket_timeout async_poll_interval_millis rows_fetched_per_block', integer),
  query_tags: text,
  ...OTHER_PARAMETERS,
});

const operation = object({
  statement_type: oneOf('TYPE_UNSPECIFIED QUERY SQL UPDATE METADATA VOLUME'),
  ...each('is_compressed java_uses_patched_arrow', flag),
  execution_result: oneOf('FORMAT_UNSPECIFIED INLINE_ARROW INLINE_JSON EXTERNAL_LINKS COLUMNAR_INLINE'),
  ...each('chunk_id retry_count', integer),
  chunk_details: object(
    each(
      'initial_chunk_latency_millis slowest_chunk_latency_millis total_chunks_present total_chunks_iterated ' +
        'sum_chunks_download_time_millis',
      integer,
    ),
  ),
  result_latency: object(each('result_set_ready_latency_millis result_set_consumption_latency_millis', integer)),
  operation_detail: object({
    ...each('n_operation_status_calls operation_status_latency_millis', integer),
    operation_type: oneOf(
      'TYPE_UNSPECIFIED CREATE_SESSION DELETE_SESSION EXECUTE_STATEMENT EXECUTE_STATEMENT_ASYNC CLOSE_STATEMENT ' +
        'CANCEL_STATEMENT LIST_TYPE_INFO LIST_CATALOGS LIST_SCHEMAS LIST_TABLES LIST_TABLE_TYPES LIST_COLUMNS ' +
        'LIST_FUNCTIONS LIST_PRIMARY_KEYS LIST_IMPORTED_KEYS LIST_EXPORTED_KEYS LIST_CROSS_REFERENCES',
    ),
    is_internal_call: flag,
  }),
});

/** Every field that a log may have, as the service defines them. */
export const TELEMETRY_LOG: FieldRule & { kind: 'object' } = {
  kind: 'object',
  fields: {
    workspace_id: integer,
    frontend_log_event_id: { kind: 'uuid' },
    context: object({ client_context: object({ timestamp_millis: integer, user_agent: text }) }),
    entry: object({
      sql_driver_log: object({
        ...each('session_id sql_statement_id auth_type', text),
        operation_latency_ms: integer,
        system_configuration: object(
          each(
            'driver_version driver_name runtime_name runtime_version runtime_vendor os_name os_version os_arch ' +
              'client_app_name locale_name char_set_encoding process_name',
            text,
          ),
        ),
        driver_connection_params: connectionParameters,
        sql_operation: operation,
        vol_operation: object({
          volume_operation_type: oneOf('TYPE_UNSPECIFIED PUT GET DELETE LIST QUERY'),
          ...each('volume_path local_file', text),
        }),
        error_info: object(each('error_name stack_trace', text)),
      }),
    }),
  },
};

/** Paths that every log has. */
export const REQUIRED_PATHS: readonly string[] = [
  'frontend_log_event_id',
  'context.client_context.timestamp_millis',
  'entry.sql_driver_log',
];
