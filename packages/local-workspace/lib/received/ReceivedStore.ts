import { EventEmitter } from 'node:events';
import { BoundedList } from './BoundedList';
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

/** Estimated memory of each list. */
const MAX_BYTES = 128 * 1024 * 1024;

export class ReceivedStore implements ReceivedLog {
  private readonly requestList = new BoundedList<ReceivedRequest>(MAX_KEPT, MAX_BYTES, requestBytes);
  private readonly telemetryList = new BoundedList<ReceivedTelemetryRequest>(MAX_KEPT, MAX_BYTES, telemetryBytes);
  private readonly statementList = new BoundedList<StatementRecord>(MAX_KEPT, MAX_BYTES, statementBytes);
  private readonly sessionList = new BoundedList<SessionRecord>(MAX_KEPT, MAX_BYTES, sessionBytes);
  private readonly changes = new EventEmitter().setMaxListeners(0);

  addRequest(request: ReceivedRequest): void {
    this.requestList.add(request);
  }

  addTelemetry(request: ReceivedTelemetryRequest): void {
    this.telemetryList.add(request);
    this.changes.emit('telemetry');
  }

  addStatement(record: StatementRecord): void {
    this.statementList.add(record);
  }

  addSession(record: SessionRecord): void {
    this.sessionList.add(record);
  }

  requests(filter: RequestFilter = {}): ReceivedRequest[] {
    return this.requestList
      .all()
      .filter(
        (request) =>
          (filter.route === undefined || request.route === filter.route) &&
          (filter.rpc === undefined || request.rpc === filter.rpc) &&
          (filter.tenant === undefined || request.tenant === filter.tenant) &&
          (filter.path === undefined || request.path === filter.path) &&
          (filter.since === undefined || request.at >= filter.since),
      );
  }

  telemetryRequests(filter: { tenant?: string } = {}): ReceivedTelemetryRequest[] {
    return this.telemetryList
      .all()
      .filter(({ request }) => filter.tenant === undefined || request.tenant === filter.tenant);
  }

  telemetryLogs(filter: TelemetryLogFilter = {}): ReceivedTelemetryLog[] {
    const accepted = filter.accepted ?? true;
    return this.telemetryList
      .all()
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
    return this.statementList
      .all()
      .filter((record) =>
        (['statementId', 'sessionId', 'tenant', 'rpc', 'outcome'] as const).every(
          (key) => filter[key] === undefined || record[key] === filter[key],
        ),
      );
  }

  sessions(): SessionRecord[] {
    return [...this.sessionList.all()];
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

  get keptBytes(): number {
    return [this.requestList, this.telemetryList, this.statementList, this.sessionList].reduce(
      (sum, list) => sum + list.bytes,
      0,
    );
  }

  clear(): void {
    this.requestList.clear();
    this.telemetryList.clear();
    this.statementList.clear();
    this.sessionList.clear();
  }
}

/** Text counts two bytes a character, an object about two hundred. */
const OBJECT_BYTES = 200;

function requestBytes({ url, headers }: ReceivedRequest): number {
  const names = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  return OBJECT_BYTES + 2 * (url.length + names);
}

/** A log is kept as its text and as the objects that were read from it. */
function telemetryBytes({ logs }: ReceivedTelemetryRequest): number {
  return OBJECT_BYTES + logs.reduce((sum, log) => sum + OBJECT_BYTES + 6 * log.raw.length, 0);
}

function statementBytes({ sql }: StatementRecord): number {
  return 3 * OBJECT_BYTES + 2 * (sql?.length ?? 0);
}

function sessionBytes({ configuration }: SessionRecord): number {
  return 2 * OBJECT_BYTES + 2 * JSON.stringify(configuration).length;
}

function statementIdOf({ log }: ReceivedTelemetryLog): unknown {
  const driverLog = asObject(asObject(log['entry'])?.['sql_driver_log']);
  return driverLog?.['sql_statement_id'];
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
