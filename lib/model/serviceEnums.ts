/** `operation_type` of the telemetry service (closed enum). */
export type OperationType =
  | 'CREATE_SESSION'
  | 'DELETE_SESSION'
  | 'EXECUTE_STATEMENT'
  | 'EXECUTE_STATEMENT_ASYNC'
  | 'CLOSE_STATEMENT'
  | 'CANCEL_STATEMENT'
  | 'LIST_TYPE_INFO'
  | 'LIST_CATALOGS'
  | 'LIST_SCHEMAS'
  | 'LIST_TABLES'
  | 'LIST_TABLE_TYPES'
  | 'LIST_COLUMNS'
  | 'LIST_FUNCTIONS'
  | 'LIST_PRIMARY_KEYS'
  | 'LIST_IMPORTED_KEYS'
  | 'LIST_EXPORTED_KEYS'
  | 'LIST_CROSS_REFERENCES';

/** `statement_type` of the telemetry service. */
export type StatementType = 'QUERY' | 'SQL' | 'UPDATE' | 'METADATA' | 'VOLUME';

/** `execution_result` of the telemetry service: the format the result was really read in. */
export type ExecutionResult = 'INLINE_ARROW' | 'INLINE_JSON' | 'EXTERNAL_LINKS' | 'COLUMNAR_INLINE';
