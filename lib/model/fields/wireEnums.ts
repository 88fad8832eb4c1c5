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
