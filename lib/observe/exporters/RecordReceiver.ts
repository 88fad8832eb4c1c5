import type { Attempt, Receiver } from '../../contracts/Receiver';
import type { ITelemetryEventSink } from '../../contracts/ITelemetryEventSink';
import type { ConnectionInfo } from '../../model/connection';
import { TelemetryEventType, type ErrorEvent } from '../../model/events';
import type { SessionOpening } from '../../model/sessionOpening';
import type { Statement } from '../../model/Statement';
import type { Clock } from '../../util/clock';

/** Hands what becomes a record to the pipeline of an exporter. */
export class RecordReceiver implements Receiver {
  constructor(
    private readonly sink: ITelemetryEventSink,
    private readonly clock: Clock,
  ) {}

  sessionEnded({ connection, startedAtMs }: SessionOpening, attempt: Attempt, sessionId: string | undefined): void {
    if (attempt.failed) return;
    const latencyMs = this.clock.now() - startedAtMs;
    const timestamp = this.clock.epochMs();
    const session = { connection, sessionId, latencyMs };
    this.sink.processEvent({ eventType: TelemetryEventType.CONNECTION_OPEN, timestamp, ...session });
  }

  sessionClosed(connection: ConnectionInfo, sessionId: string, latencyMs: number | undefined): void {
    const timestamp = this.clock.epochMs();
    const session = { connection, sessionId, latencyMs };
    this.sink.processEvent({ eventType: TelemetryEventType.CONNECTION_CLOSE, timestamp, ...session });
  }

  statementStarted(statement: Statement): void {
    const { timestampMs: timestamp, statementId } = statement;
    this.sink.processEvent({ eventType: TelemetryEventType.STATEMENT_START, timestamp, statementId, statement });
  }

  statementEnded(statement: Statement): void {
    const { timestampMs: timestamp, statementId } = statement;
    this.sink.processEvent({ eventType: TelemetryEventType.STATEMENT_COMPLETE, timestamp, statementId, statement });
  }

  failed(error: ErrorEvent): void {
    this.sink.processEvent(error);
  }
}
