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
  const {
    connection,
    statement,
    isLocal: _isLocal,
    ...plain
  } = event as TelemetryEvent & Pick<StatementStartEvent, 'statement'>;
  const described = describe(connection ?? statement?.connection);
  const sessionId = plain.sessionId ?? statement?.sessionId;
  const common = { ...plain, connection: described, sessionId };
  switch (event.eventType) {
    case TelemetryEventType.STATEMENT_START: {
      const { operationType, statementType } = statement ?? event;
      return Object.freeze({ ...common, operationType, statementType } as Announcement);
    }
    case TelemetryEventType.STATEMENT_COMPLETE: {
      if (statement === undefined) break;
      const { outcome, operationType, latencyMs, executionResult: resultFormat, pollCount, pollLatencyMs } = statement;
      const facts = { outcome, operationType, latencyMs, resultFormat, pollCount, pollLatencyMs };
      return Object.freeze({ ...common, ...facts, summary: toStatementSummary(statement) } as Announcement);
    }
    case TelemetryEventType.ERROR: {
      const { thrown: _thrown, error, ...rest } = common as typeof common & Pick<ErrorEvent, 'thrown' | 'error'>;
      return Object.freeze({ ...rest, error: Object.freeze({ ...error }) } as Announcement);
    }
    case TelemetryEventType.CONNECTION_OPEN:
    case TelemetryEventType.CONNECTION_CLOSE:
    case TelemetryEventType.CLOUDFETCH_CHUNK:
      break;
  }
  return Object.freeze(common as Announcement);
}

function describe(connection: ConnectionInfo | undefined): ConnectionDescription | undefined {
  if (connection === undefined) return undefined;
  const { workspaceId, driverConfig } = connection;
  return Object.freeze({ workspaceId, driverConfig });
}
