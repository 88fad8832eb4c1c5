import type {
  CloudFetchChunkEvent,
  ConnectionCloseEvent,
  ConnectionOpenEvent,
  ErrorEvent,
  StatementCompleteEvent,
  StatementStartEvent,
} from '../../../lib/model/events';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { errorFacts } from './telemetryRecords';

const BASE = { timestamp: 1_700_000_000_000, sessionId: 'session-1' };

export function opened(overrides: Partial<ConnectionOpenEvent> = {}): ConnectionOpenEvent {
  return { ...BASE, eventType: TelemetryEventType.CONNECTION_OPEN, latencyMs: 5, ...overrides };
}

export function closed(overrides: Partial<ConnectionCloseEvent> = {}): ConnectionCloseEvent {
  return { ...BASE, eventType: TelemetryEventType.CONNECTION_CLOSE, latencyMs: 6, ...overrides };
}

export function started(statementId?: string, overrides: Partial<StatementStartEvent> = {}): StatementStartEvent {
  return { ...BASE, eventType: TelemetryEventType.STATEMENT_START, statementId, ...overrides };
}

export function completed(
  statementId?: string,
  overrides: Partial<StatementCompleteEvent> = {},
): StatementCompleteEvent {
  return { ...BASE, eventType: TelemetryEventType.STATEMENT_COMPLETE, statementId, ...overrides };
}

export function chunk(
  statementId?: string,
  chunkIndex = 0,
  overrides: Partial<CloudFetchChunkEvent> = {},
): CloudFetchChunkEvent {
  const event = { eventType: TelemetryEventType.CLOUDFETCH_CHUNK, chunkIndex, latencyMs: 10, bytes: 100 } as const;
  return { ...BASE, ...event, statementId, ...overrides };
}

export function failed(statementId?: string, overrides: Partial<ErrorEvent> = {}): ErrorEvent {
  const event = {
    eventType: TelemetryEventType.ERROR,
    stage: 'execute',
    error: errorFacts(),
    isTerminal: true,
  } as const;
  return { ...BASE, ...event, statementId, ...overrides };
}
