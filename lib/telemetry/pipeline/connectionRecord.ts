import type { ConnectionCloseEvent, ConnectionOpenEvent } from '../../model/events';
import { TelemetryEventType, type ConnectionRecord } from '../types';

/** The record of a session that was opened or closed. */
export function connectionRecord(event: ConnectionOpenEvent | ConnectionCloseEvent): ConnectionRecord {
  return {
    kind: 'connection',
    connection: event.connection,
    timestampMs: event.timestamp,
    sessionId: event.sessionId,
    level: 'INFO',
    operation: event.eventType === TelemetryEventType.CONNECTION_OPEN ? 'CREATE_SESSION' : 'DELETE_SESSION',
    latencyMs: event.latencyMs,
  };
}
