import { EventEmitter } from 'node:events';
import type {
  ReceivedLog,
  ReceivedRequest,
  ReceivedTelemetryLog,
  ReceivedTelemetryRequest,
  RequestFilter,
  SessionRecord,
  StatementFilter,
  StatementRecord,
  TelemetryLogFilter,
} from './types';

/** Requests, statements and sessions kept; the oldest are dropped so that a long-running workspace stays bounded. */
const MAX_KEPT = 200_000;

export class ReceivedStore implements ReceivedLog {
  private requestList: ReceivedRequest[] = [];
  private telemetryList: ReceivedTelemetryRequest[] = [];
  private statementList: StatementRecord[] = [];
  private sessionList: SessionRecord[] = [];
  private readonly changes = new EventEmitter().setMaxListeners(0);

  addRequest(request: ReceivedRequest): void {
    append(this.requestList, request);
  }

  addTelemetry(request: ReceivedTelemetryRequest): void {
    append(this.telemetryList, request);
    this.changes.emit('telemetry');
  }

  addStatement(record: StatementRecord): void {
    append(this.statementList, record);
  }

  addSession(record: SessionRecord): void {
    append(this.sessionList, record);
  }

  requests(filter: RequestFilter = {}): ReceivedRequest[] {
    return this.requestList.filter(
      (request) =>
        (filter.route === undefined || request.route === filter.route) &&
        (filter.rpc === undefined || request.rpc === filter.rpc) &&
        (filter.tenant === undefined || request.tenant === filter.tenant) &&
        (filter.path === undefined || request.path === filter.path) &&
        (filter.since === undefined || request.at >= filter.since),
    );
  }

  telemetryRequests(filter: { tenant?: string } = {}): ReceivedTelemetryRequest[] {
    return this.telemetryList.filter(({ request }) => filter.tenant === undefined || request.tenant === filter.tenant);
  }

  telemetryLogs(filter: TelemetryLogFilter = {}): ReceivedTelemetryLog[] {
    const accepted = filter.accepted ?? true;
    return this.telemetryList
      .flatMap(({ logs }) => logs)
      .filter(
        (log) =>
          (accepted === 'any' || log.accepted === accepted) &&
          (filter.tenant === undefined || log.tenant === filter.tenant) &&
          (filter.authenticated === undefined || log.authenticated === filter.authenticated) &&
          (filter.statementId === undefined || statementIdOf(log) === filter.statementId),
      );
  }

  statements(filter: StatementFilter = {}): StatementRecord[] {
    return this.statementList.filter((record) =>
      (['statementId', 'sessionId', 'tenant', 'rpc', 'outcome'] as const).every(
        (key) => filter[key] === undefined || record[key] === filter[key],
      ),
    );
  }

  sessions(): SessionRecord[] {
    return [...this.sessionList];
  }

  waitForTelemetry(
    predicate: (logs: readonly ReceivedTelemetryLog[]) => boolean,
    timeoutMs = 10_000,
  ): Promise<ReceivedTelemetryLog[]> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const logs = this.telemetryLogs();
        let holds: boolean;
        try {
          holds = predicate(logs);
        } catch (error) {
          finish(() => reject(error));
          return;
        }
        if (holds) finish(() => resolve(logs));
      };
      const timer = setTimeout(() => {
        const count = this.telemetryLogs().length;
        finish(() => reject(new Error(`Telemetry did not arrive within ${timeoutMs} ms (${count} logs received)`)));
      }, timeoutMs);
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.changes.off('telemetry', check);
        settle();
      };
      this.changes.on('telemetry', check);
      check();
    });
  }

  clear(): void {
    this.requestList = [];
    this.telemetryList = [];
    this.statementList = [];
    this.sessionList = [];
  }
}

function append<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > MAX_KEPT) list.splice(0, MAX_KEPT / 10);
}

function statementIdOf({ log }: ReceivedTelemetryLog): unknown {
  const driverLog = asObject(asObject(log['entry'])?.['sql_driver_log']);
  return driverLog?.['sql_statement_id'];
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
