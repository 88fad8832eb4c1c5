/** One request of each official driver, as it writes them; planted canaries stand where others put free text. */
export const CANARY = 'canary-4711-jane.doe';

interface Sample {
  readonly driver: string;
  readonly statementId: string;
  readonly logs: readonly object[];
  /** What is to be known of the statement. */
  readonly expected: Readonly<Record<string, unknown>>;
}

const context = (userAgent?: string): object => ({
  client_context: {
    timestamp_millis: 1_795_404_435_000,
    ...(userAgent === undefined ? {} : { user_agent: userAgent }),
  },
});

export const SAMPLES: readonly Sample[] = [
  {
    driver: 'JDBC',
    statementId: '01f0aaaa-0000-1000-8000-000000000001',
    logs: [
      {
        workspace_id: 1234567890123456,
        frontend_log_event_id: '4a6f0f0e-0000-4000-8000-000000000001',
        context: context('DatabricksJDBCDriverOSS/1.0.9-oss Java/17.0.1'),
        entry: {
          sql_driver_log: {
            session_id: '01f0aaaa-0000-1000-8000-00000000000a',
            sql_statement_id: '01f0aaaa-0000-1000-8000-000000000001',
            system_configuration: {
              driver_name: 'oss-jdbc',
              driver_version: '1.0.9-oss',
              os_name: 'Linux',
              os_version: '5.15.0',
              os_arch: 'amd64',
              runtime_name: 'OpenJDK 64-Bit Server VM',
              runtime_version: '17.0.1',
              runtime_vendor: 'Eclipse Adoptium',
              client_app_name: 'DBeaver',
              locale_name: 'en_US',
              char_set_encoding: 'UTF-8',
              process_name: null,
            },
            driver_connection_params: {
              http_path: `/sql/1.0/warehouses/jdbcwh01?token=${CANARY}`,
              mode: 'SEA',
              host_info: { host_url: 'https://JDBC.cloud.databricks.test:443/', port: 443 },
              auth_mech: 'OAUTH',
              auth_flow: 'CLIENT_CREDENTIALS',
              enable_arrow: true,
              query_tags: `tag:${CANARY}`,
            },
            sql_operation: {
              statement_type: 'QUERY',
              execution_result: 'EXTERNAL_LINKS',
              is_compressed: true,
              retry_count: 2,
              chunk_details: {
                initial_chunk_latency_millis: 80,
                slowest_chunk_latency_millis: 120,
                total_chunks_present: 4,
                total_chunks_iterated: 4,
                sum_chunks_download_time_millis: 400,
              },
              operation_detail: {
                n_operation_status_calls: 3,
                operation_status_latency_millis: 60,
                operation_type: 'EXECUTE_STATEMENT',
                is_internal_call: false,
              },
            },
            operation_latency_ms: 900,
            error_info: {
              error_name: 'DatabricksSQLException',
              stack_trace:
                `com.databricks.jdbc.exception.DatabricksSQLException: [TABLE_OR_VIEW_NOT_FOUND] The table \`${CANARY}\` ` +
                `cannot be found. SQLSTATE: 42P01\n\tat com.databricks.jdbc.api.impl.${CANARY}`,
            },
          },
        },
      },
    ],
    expected: {
      driver: 'oss-jdbc',
      driverVersion: '1.0.9-oss',
      host: 'jdbc.cloud.databricks.test',
      warehouse: 'jdbcwh01',
      service: 'DBeaver',
      mode: 'SEA',
      latencyMs: 900,
      pollCount: 3,
      retryCount: 2,
      filesPresent: 4,
      outcome: 'failed',
      errorName: 'DatabricksSQLException',
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      workspaceId: '1234567890123456',
    },
  },
  {
    driver: 'Python',
    statementId: '01f0bbbb-0000-1000-8000-000000000002',
    logs: ['EXECUTE_STATEMENT', 'CLOSE_STATEMENT'].map((operation, index) => ({
      frontend_log_event_id: `4a6f0f0e-0000-4000-8000-00000000001${index}`,
      context: context('PyDatabricksSqlConnector/4.1.2 (etl-nightly)'),
      entry: {
        sql_driver_log: {
          session_id: '01f0bbbb-0000-1000-8000-00000000000b',
          sql_statement_id: '01f0bbbb-0000-1000-8000-000000000002',
          system_configuration: {
            driver_name: 'Databricks SQL Python Connector',
            driver_version: '4.1.2',
            runtime_name: 'Python 3.11.9',
            runtime_version: '3.11.9',
            runtime_vendor: 'CPython',
            os_name: 'Linux',
            os_version: '6.1',
            os_arch: 'x86_64',
            locale_name: 'en_US',
            char_set_encoding: 'utf-8',
          },
          driver_connection_params: {
            http_path: 'sql/protocolv1/o/1234567890123456/0709-132523-cnhxf2p6',
            mode: 'THRIFT',
            host_info: { host_url: 'python.cloud.databricks.test', port: 443 },
            auth_mech: 'PAT',
            socket_timeout: null,
          },
          auth_type: 'pat',
          sql_operation: {
            statement_type: 'QUERY',
            is_compressed: true,
            execution_result: 'INLINE_ARROW',
            operation_detail: { operation_type: operation },
          },
          operation_latency_ms: operation === 'CLOSE_STATEMENT' ? 15 : 250,
          error_info:
            operation === 'CLOSE_STATEMENT'
              ? null
              : { error_name: 'ServerOperationError', stack_trace: `SELECT '${CANARY}' failed: syntax error` },
        },
      },
    })),
    expected: {
      driver: 'Databricks SQL Python Connector',
      driverVersion: '4.1.2',
      warehouse: '0709-132523-cnhxf2p6',
      service: 'etl-nightly',
      latencyMs: 250,
      closeLatencyMs: 15,
      operationType: 'EXECUTE_STATEMENT',
      executionResult: 'INLINE_ARROW',
      errorName: 'ServerOperationError',
      errorClass: null,
      rowCount: null,
    },
  },
  {
    driver: 'Go',
    statementId: '01f0cccc-0000-1000-8000-000000000003',
    logs: [
      {
        workspace_id: '1234567890123456',
        frontend_log_event_id: '1795404435000123456',
        context: {
          client_context: {
            client_type: 'golang',
            client_version: '1.7.0',
          },
        },
        entry: {
          sql_driver_log: {
            session_id: 'c0ffee',
            sql_statement_id: '01f0cccc-0000-1000-8000-000000000003',
            operation_latency_ms: '42',
            sql_operation: {
              operation_detail: { operation_type: 'EXECUTE_STATEMENT', is_internal_call: false },
              statement_text: CANARY,
            },
            [`key with ${CANARY}`]: {},
          },
        },
      },
    ],
    expected: { driver: 'golang', driverVersion: '1.7.0', latencyMs: 42, workspaceId: '1234567890123456', host: null },
  },
  {
    // Protocol buffers as JSON: 64-bit numbers are strings, what is not set is left out. The time stands beside the client's context.
    driver: 'C#',
    statementId: '01f0dddd-0000-1000-8000-000000000004',
    logs: [
      {
        workspace_id: 0,
        frontend_log_event_id: '4a6f0f0e-0000-4000-8000-000000000004',
        context: { client_context: { user_agent: 'ADBCDatabricksDriver/0.24.0' }, timestamp_millis: 1_795_404_435_004 },
        entry: {
          sql_driver_log: {
            session_id: '01f0dddd-0000-1000-8000-00000000000d',
            sql_statement_id: '01f0dddd-0000-1000-8000-000000000004',
            system_configuration: {
              driver_name: 'Databricks ADBC Driver',
              driver_version: '0.24.0',
              runtime_name: '.NET 8.0.10',
              runtime_version: '8.0.10',
              runtime_vendor: 'Microsoft',
              os_name: 'Unix',
              os_version: 'Ubuntu 22.04.3 LTS',
              os_arch: 'X64',
              char_set_encoding: 'utf-8',
              process_name: `C:\\Users\\${CANARY}\\PowerBI.exe --secret`,
              client_app_name: 'PowerBI',
            },
            driver_connection_params: {
              http_path: '/sql/1.0/warehouses/adbcwh01',
              mode: 'THRIFT',
              host_info: { host_url: 'https://adbc.cloud.databricks.test:443' },
              auth_mech: 'OAUTH',
              auth_flow: 'CLIENT_CREDENTIALS',
              google_service_account: `${CANARY}@example.com`,
              jwt_key_file: `/home/${CANARY}/key.pem`,
              enable_arrow: true,
              enable_direct_results: true,
              rows_fetched_per_block: '50000',
              socket_timeout: '30000',
              auto_commit: true,
            },
            auth_type: 'oauth-m2m',
            sql_operation: {
              statement_type: 'QUERY',
              execution_result: 'EXTERNAL_LINKS',
              chunk_details: { initial_chunk_latency_millis: '81', total_chunks_present: 3, total_chunks_iterated: 3 },
              result_latency: { result_set_ready_latency_millis: '60', result_set_consumption_latency_millis: '75' },
              operation_detail: {
                n_operation_status_calls: 2,
                operation_status_latency_millis: '40',
                operation_type: 'EXECUTE_STATEMENT',
              },
            },
            vol_operation: { volume_operation_type: 'PUT', volume_path: `/Volumes/${CANARY}`, local_file: CANARY },
            error_info: { error_name: 'DatabricksException', error_message: CANARY },
            operation_latency_ms: '77',
          },
        },
      },
    ],
    expected: {
      driver: 'Databricks ADBC Driver',
      driverVersion: '0.24.0',
      timeMs: 1_795_404_435_004,
      workspaceId: null,
      host: 'adbc.cloud.databricks.test',
      warehouse: 'adbcwh01',
      authFlow: 'CLIENT_CREDENTIALS',
      operationType: 'EXECUTE_STATEMENT',
      executionResult: 'EXTERNAL_LINKS',
      processName: null,
      service: 'PowerBI',
      volumeOperation: 'PUT',
      outcome: 'failed',
      errorName: 'DatabricksException',
      latencyMs: 77,
      pollCount: 2,
      filesPresent: 3,
      resultReadyLatencyMs: 60,
    },
  },
  {
    driver: 'databricks-sql-telemetry',
    statementId: '01f0eeee-0000-1000-8000-000000000005',
    logs: [
      {
        frontend_log_event_id: '4a6f0f0e-0000-4000-8000-000000000005',
        context: context('NodejsDatabricksSqlConnector/2.1.0 (checkout; Node.js 20.20.2; Linux)'),
        entry: {
          sql_driver_log: {
            session_id: '01f0eeee-0000-1000-8000-00000000000e',
            sql_statement_id: '01f0eeee-0000-1000-8000-000000000005',
            operation_latency_ms: 1200,
            sql_operation: {
              statement_type: 'QUERY',
              retry_count: 3,
              operation_detail: { n_operation_status_calls: 0, operation_type: 'EXECUTE_STATEMENT' },
            },
            error_info: {
              error_name: 'OperationStateError',
              stack_trace:
                'stage=execute code=ERROR sqlstate=42P01 class=TABLE_OR_VIEW_NOT_FOUND http=400 retryable=false\n' +
                `    at ${CANARY} (@databricks/sql/dist/x.js:1)`,
            },
          },
          local: {
            version: 1,
            outcome: 'failed',
            rowCount: 0,
            byteCount: 0,
            submitLatency: 100,
            firstRowLatencyMs: 900,
            retryCauses: '503:2 ECONNRESET:1',
            message: `free text ${CANARY}`,
          },
        },
      },
    ],
    expected: {
      driver: 'nodejs-sql-driver',
      outcome: 'failed',
      rowCount: 0,
      pollCount: 0,
      submitLatencyMs: 100,
      firstRowLatencyMs: 900,
      retryCauses: '503:2 ECONNRESET:1',
      stage: 'execute',
      errorCode: 'ERROR',
      sqlState: '42P01',
      httpStatus: 400,
    },
  },
];
