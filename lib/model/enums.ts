/**
 * The closed enums of the telemetry service, in its own spelling. A value outside its list becomes NULL there, so a
 * field of an enum type leaves only with one of these.
 */
export const WIRE_ENUMS = {
  mode: ['TYPE_UNSPECIFIED', 'THRIFT', 'SEA'],
  statement_type: ['TYPE_UNSPECIFIED', 'QUERY', 'SQL', 'UPDATE', 'METADATA', 'VOLUME'],
  operation_type: [
    'TYPE_UNSPECIFIED',
    'CREATE_SESSION',
    'DELETE_SESSION',
    'EXECUTE_STATEMENT',
    'EXECUTE_STATEMENT_ASYNC',
    'CLOSE_STATEMENT',
    'CANCEL_STATEMENT',
    'LIST_TYPE_INFO',
    'LIST_CATALOGS',
    'LIST_SCHEMAS',
    'LIST_TABLES',
    'LIST_TABLE_TYPES',
    'LIST_COLUMNS',
    'LIST_FUNCTIONS',
    'LIST_PRIMARY_KEYS',
    'LIST_IMPORTED_KEYS',
    'LIST_EXPORTED_KEYS',
    'LIST_CROSS_REFERENCES',
  ],
  execution_result: ['FORMAT_UNSPECIFIED', 'INLINE_ARROW', 'INLINE_JSON', 'EXTERNAL_LINKS', 'COLUMNAR_INLINE'],
  volume_operation_type: ['TYPE_UNSPECIFIED', 'PUT', 'GET', 'DELETE', 'LIST', 'QUERY'],
  auth_mech: ['TYPE_UNSPECIFIED', 'OTHER', 'PAT', 'OAUTH'],
  auth_flow: ['TYPE_UNSPECIFIED', 'TOKEN_PASSTHROUGH', 'CLIENT_CREDENTIALS', 'BROWSER_BASED_AUTHENTICATION'],
  auth_type: ['pat', 'external-browser', 'oauth-m2m', 'custom', 'token-provider', 'external-token', 'static-token'],
} as const satisfies Record<string, readonly string[]>;

export type WireEnumName = keyof typeof WIRE_ENUMS;

type Value<Name extends WireEnumName> = Exclude<
  (typeof WIRE_ENUMS)[Name][number],
  'TYPE_UNSPECIFIED' | 'FORMAT_UNSPECIFIED'
>;

export type OperationType = Value<'operation_type'>;
export type StatementType = Value<'statement_type'>;
/** The format in which a result was really read. */
export type ExecutionResult = Value<'execution_result'>;
export type VolumeOperation = 'PUT' | 'GET' | 'DELETE';

/** How a statement ended. */
export type StatementOutcome =
  | 'delivered'
  | 'failed'
  | 'cancelled'
  | 'cancelled_by_server'
  | 'timed_out'
  | 'closed_unfetched'
  | 'session_closed'
  | 'connection_lost'
  | 'abandoned';

/** Where an error came up. */
export type ErrorStage =
  | 'connect'
  | 'open_session'
  | 'execute'
  | 'poll'
  | 'metadata'
  | 'fetch'
  | 'download'
  | 'cancel'
  | 'close'
  | 'close_session'
  | 'volume';

/** Severity of a record. */
export type TelemetryLevel = 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';

/** Why a record that was collected will never arrive. A counter each. */
export const DROP_REASONS = [
  'queue_full',
  'too_large',
  'flag_off',
  'flag_unknown',
  'expired',
  'close_timeout',
  'no_credentials',
  'retries_exhausted',
  'redirected',
  'invalid',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/** Where a field may go: nowhere, in-process sinks and files, the Databricks service, or both. */
export type FieldScope = 'None' | 'Local' | 'Databricks' | 'All';
