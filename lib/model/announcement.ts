import type { ConnectionInfo } from './connection';
import type {
  CloudFetchChunkEvent,
  ConnectionCloseEvent,
  ConnectionOpenEvent,
  ErrorEvent,
  StatementCompleteEvent,
  StatementStartEvent,
  TelemetryEvent,
} from './events';
import { TelemetryEventType } from './events';
import { toStatementSummary, type StatementSummary } from './StatementSummary';

/** What a connection is, for those who listen: nothing on it leads to its credentials. */
export type ConnectionDescription = Pick<ConnectionInfo, 'workspaceId' | 'driverConfig'>;

type Announced<E extends TelemetryEvent> = Readonly<
  Omit<E, 'connection' | 'statement' | 'thrown' | 'isLocal'> & { connection?: ConnectionDescription | undefined }
>;

/** What listeners get of each event: plain data, frozen, that can be printed, copied and serialised. */
export interface AnnouncementMap {
  [TelemetryEventType.CONNECTION_OPEN]: [Announced<ConnectionOpenEvent>];
  [TelemetryEventType.CONNECTION_CLOSE]: [Announced<ConnectionCloseEvent>];
  [TelemetryEventType.STATEMENT_START]: [Announced<StatementStartEvent>];
  /** `summary` is there for statements that this library observed, not for those that are known by id alone. */
  [TelemetryEventType.STATEMENT_COMPLETE]: [
    Announced<StatementCompleteEvent> & { readonly summary?: StatementSummary },
  ];
  [TelemetryEventType.CLOUDFETCH_CHUNK]: [Announced<CloudFetchChunkEvent>];
  [TelemetryEventType.ERROR]: [Announced<ErrorEvent>];
}

export type Announcement = AnnouncementMap[keyof AnnouncementMap][0];

/** An event as listeners get it. */
export function announcementOf(event: TelemetryEvent): Announcement {
  switch (event.eventType) {
    case TelemetryEventType.STATEMENT_START: {
      const { operationType, statementType } = event.statement ?? event;
      return Object.freeze({ ...plainOf(event), operationType, statementType });
    }
    case TelemetryEventType.STATEMENT_COMPLETE: {
      const { statement } = event;
      if (statement === undefined) return Object.freeze(plainOf(event));
      const { outcome, operationType, latencyMs, executionResult: resultFormat, pollCount, pollLatencyMs } = statement;
      const facts = { outcome, operationType, latencyMs, resultFormat, pollCount, pollLatencyMs };
      return Object.freeze({ ...plainOf(event), ...facts, summary: toStatementSummary(statement) });
    }
    case TelemetryEventType.ERROR:
      return Object.freeze({ ...plainOf(event), error: Object.freeze({ ...event.error }) });
    case TelemetryEventType.CONNECTION_OPEN:
      return Object.freeze(plainOf(event));
    case TelemetryEventType.CONNECTION_CLOSE:
      return Object.freeze(plainOf(event));
    case TelemetryEventType.CLOUDFETCH_CHUNK:
      return Object.freeze(plainOf(event));
  }
}

/** What an event is made of that may be seen: nothing that leads to credentials, statements or thrown values. */
function plainOf<E extends TelemetryEvent>(event: E): Announced<E> {
  const hidden: Pick<StatementStartEvent, 'statement'> & Pick<ErrorEvent, 'thrown'> & E = event;
  const { connection, statement, thrown: _thrown, isLocal: _isLocal, ...plain } = hidden;
  const sessionId = event.sessionId ?? statement?.sessionId;
  return { ...plain, connection: describe(connection ?? statement?.connection), sessionId } as Announced<E>;
}

function describe(connection: ConnectionInfo | undefined): ConnectionDescription | undefined {
  if (connection === undefined) return undefined;
  const { workspaceId, driverConfig } = connection;
  return Object.freeze({ workspaceId, driverConfig });
}
