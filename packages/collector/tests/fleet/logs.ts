import type { ErrorFacts, FleetSession, FleetStatement } from './facts';
import { HOST } from './services';

/** What the drivers call themselves. */
const DRIVERS = {
  library: { name: 'nodejs-sql-driver', agent: 'NodejsDatabricksSqlConnector', runtime: 'Node.js' },
  python: { name: 'Databricks SQL Python Connector', agent: 'PyDatabricksSqlConnector', runtime: 'Python 3.11' },
  jdbc: { name: 'oss-jdbc', agent: 'DatabricksJDBCDriverOSS', runtime: 'OpenJDK 64-Bit Server VM' },
  go: { name: 'golang', agent: 'godatabrickssqlconnector', runtime: 'go' },
} as const;

interface Log {
  readonly timeMs: number;
  readonly log: object;
}

/** Logs of a fleet as its drivers send them, in order of time. */
export function logsOf(sessions: readonly FleetSession[], statements: readonly FleetStatement[]): Log[] {
  const logs = [
    ...sessions.filter(({ sender }) => sender !== 'go').map(sessionLog),
    ...statements.flatMap((statement) => [
      statementLog(statement),
      ...(statement.error === null || statement.sender !== 'library' ? [] : [errorLog(statement, statement.error)]),
    ]),
  ];
  return logs.sort((a, b) => a.timeMs - b.timeMs);
}

function sessionLog(session: FleetSession): Log {
  const driver = DRIVERS[session.sender];
  return log(session.timeMs, `${session.id}-open`, session.sender, {
    driverLog: {
      session_id: session.id,
      operation_latency_ms: 120,
      auth_type: 'pat',
      sql_operation: { operation_detail: { operation_type: 'CREATE_SESSION' } },
      system_configuration: {
        driver_name: driver.name,
        driver_version: session.driverVersion,
        runtime_name: driver.runtime,
        runtime_version: session.runtimeVersion,
        client_app_name: session.service,
        os_name: 'linux',
        os_arch: 'x64',
      },
      driver_connection_params: {
        mode: 'THRIFT',
        host_info: { host_url: HOST, port: 443 },
        http_path: `/sql/1.0/warehouses/${session.warehouse}`,
        enable_arrow: true,
        socket_timeout: 900,
      },
    },
    local: { libraryVersion: '0.1.0' },
  });
}

function statementLog(statement: FleetStatement): Log {
  const { sender, error } = statement;
  return log(statement.timeMs, `${statement.id}-done`, sender, {
    driverLog: {
      session_id: statement.sessionId,
      sql_statement_id: statement.id,
      operation_latency_ms: statement.latencyMs,
      sql_operation: operationOf(statement),
      ...(error === null || sender === 'library'
        ? {}
        : {
            error_info: {
              error_name: error.name,
              stack_trace: `${error.errorClass === null ? '' : `[${error.errorClass}] `}refused. SQLSTATE: ${error.sqlState ?? 'HY000'}`,
            },
          }),
    },
    local: localOf(statement),
  });
}

function operationOf(statement: FleetStatement): object {
  const { files } = statement;
  return {
    statement_type: statement.operation === 'EXECUTE_STATEMENT' ? 'QUERY' : 'METADATA',
    ...(statement.format === null ? {} : { execution_result: statement.format, is_compressed: true }),
    ...(statement.retries === null ? {} : { retry_count: statement.retries }),
    ...(files === null
      ? {}
      : {
          chunk_details: {
            total_chunks_present: files.count,
            total_chunks_iterated: files.count,
            initial_chunk_latency_millis: files.firstMs,
            slowest_chunk_latency_millis: files.slowestMs,
            sum_chunks_download_time_millis: files.sumMs,
          },
        }),
    result_latency: {
      result_set_ready_latency_millis: statement.latencyMs,
      ...(statement.consumeMs === null ? {} : { result_set_consumption_latency_millis: statement.consumeMs }),
    },
    operation_detail: {
      operation_type: statement.operation,
      n_operation_status_calls: statement.polls,
      operation_status_latency_millis: statement.waitMs,
    },
  };
}

function localOf(statement: FleetStatement): object {
  const { files } = statement;
  return withoutNull({
    outcome: statement.outcome,
    submitLatency: statement.submitMs,
    firstRowLatency: statement.firstRowMs,
    closeLatency: statement.closeMs,
    rowCount: statement.rows,
    byteCount: statement.bytes,
    retryCauses: statement.causes,
    ...(files === null
      ? {}
      : { filesDownloaded: files.count, filesUnread: 0, filesRetried: files.retried, filesFailed: 0, filesExpired: 0 }),
  });
}

function errorLog(statement: FleetStatement, error: ErrorFacts): Log {
  const facts = [
    `stage=${error.stage} code=ERROR`,
    ...(error.sqlState === null ? [] : [`sqlstate=${error.sqlState}`]),
    ...(error.errorClass === null ? [] : [`class=${error.errorClass}`]),
    ...(error.httpStatus === null ? [] : [`http=${error.httpStatus}`]),
    'retryable=false',
  ];
  return log(statement.timeMs, `${statement.id}-error`, statement.sender, {
    driverLog: {
      session_id: statement.sessionId,
      sql_statement_id: statement.id,
      error_info: { error_name: error.name, stack_trace: facts.join(' ') },
    },
    local: {},
  });
}

function log(
  timeMs: number,
  eventId: string,
  sender: FleetSession['sender'],
  { driverLog, local }: { readonly driverLog: object; readonly local: object },
): Log {
  const context =
    sender === 'go'
      ? { client_type: 'golang', client_version: '1.7.0' }
      : { user_agent: `${DRIVERS[sender].agent}/1 (Linux)` };
  return {
    timeMs,
    log: {
      frontend_log_event_id: eventId,
      context: { client_context: { timestamp_millis: timeMs, ...context } },
      entry: { sql_driver_log: driverLog, ...(sender === 'library' ? { local: { version: 1, ...local } } : {}) },
    },
  };
}

function withoutNull(facts: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
