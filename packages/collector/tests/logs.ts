import { randomUUID } from 'node:crypto';

export interface StatementFacts {
  eventId?: string;
  statementId?: string;
  sessionId?: string;
  timeMs?: number;
  latencyMs?: number;
  operationType?: string;
  local?: Record<string, unknown>;
  operation?: Record<string, unknown>;
  error?: { error_name: string; stack_trace?: string };
}

interface SessionFacts {
  sessionId?: string;
  timeMs?: number;
  service?: string;
  driverVersion?: string;
  host?: string;
  warehouse?: string;
}

interface LogFacts {
  readonly eventId?: string | undefined;
  readonly timeMs?: number | undefined;
  readonly driverLog: object;
  readonly local?: object | undefined;
}

function log({ eventId, timeMs, driverLog, local }: LogFacts): object {
  return {
    frontend_log_event_id: eventId ?? randomUUID(),
    context: { client_context: { timestamp_millis: timeMs ?? Date.now(), user_agent: 'Connector/1.0 (app; Node.js)' } },
    entry: { sql_driver_log: driverLog, ...(local === undefined ? {} : { local }) },
  };
}

/** The log of a statement, as this library sends it. */
export function statementLog(facts: StatementFacts = {}): object {
  return log({
    eventId: facts.eventId,
    timeMs: facts.timeMs,
    local: facts.local === undefined ? undefined : { version: 1, ...facts.local },
    driverLog: {
      session_id: facts.sessionId ?? 'session-1',
      sql_statement_id: facts.statementId ?? randomUUID(),
      ...(facts.latencyMs === undefined ? {} : { operation_latency_ms: facts.latencyMs }),
      sql_operation: {
        operation_detail: { operation_type: facts.operationType ?? 'EXECUTE_STATEMENT' },
        ...facts.operation,
      },
      ...(facts.error === undefined ? {} : { error_info: facts.error }),
    },
  });
}

/** The log of a session: the only one that describes the connection. */
export function sessionLog(facts: SessionFacts = {}): object {
  return log({
    timeMs: facts.timeMs,
    driverLog: {
      session_id: facts.sessionId ?? 'session-1',
      operation_latency_ms: 12,
      auth_type: 'pat',
      sql_operation: { operation_detail: { operation_type: 'CREATE_SESSION' } },
      system_configuration: {
        driver_name: 'nodejs-sql-driver',
        driver_version: facts.driverVersion ?? '2.1.0',
        runtime_name: 'Node.js',
        runtime_version: 'v20.20.2',
        client_app_name: facts.service ?? 'checkout',
        os_name: 'linux',
      },
      driver_connection_params: {
        mode: 'THRIFT',
        host_info: { host_url: facts.host ?? 'workspace.test', port: 443 },
        http_path: `/sql/1.0/warehouses/${facts.warehouse ?? 'abc123'}`,
        enable_arrow: true,
      },
    },
  });
}
