import type { IClientContext } from '../contracts/IClientContext';
import type { ITelemetryEventSink } from '../contracts/ITelemetryEventSink';
import type { IBatchExporter } from '../contracts/IBatchExporter';
import type { Account } from '../model/account';
import type { ConnectionInfo } from '../model/connection';
import { ThrownValue } from '../model/errorFacts';
import {
  TelemetryEventType,
  type ConnectionCloseEvent,
  type ConnectionOpenEvent,
  type ErrorEvent,
  type TelemetryEvent,
} from '../model/events';
import { givenIn, resolveConfiguration } from '../model/options';
import { errorLevel, type TelemetryRecord } from '../model/records';
import { Statement } from '../model/Statement';
import { systemClock, type Clock } from '../util/clock';
import { debugLog } from '../util/debugLog';
import { isObject } from '../util/foreign';
import { describeThrown } from '../util/thrown';
import type { DropCounts } from './pipeline/Ledger';
import { isMode, type PipelineMode } from './pipeline/Gate';
import { Pipeline } from './pipeline/Pipeline';
import type { PipelineParts } from './pipeline/PipelineParts';
import { StatementsById } from './pipeline/StatementsById';

export type { PipelineMode, PipelineParts };

/** What a flush is asked for. */
export interface FlushRequest {
  /** Longest wait in milliseconds; default `telemetryCloseTimeoutMs` for a client, any time for its aggregator. */
  readonly deadlineMs?: number | undefined;
  /** Send the records of this connection first and wait for them alone. */
  readonly connection?: ConnectionInfo | undefined;
}

/** What `given` asks for, as far as it says anything usable. Cannot throw, whatever was given. */
export function flushRequest(given: object): FlushRequest {
  const [deadlineMs, connection] = [givenIn(given, 'deadlineMs'), givenIn(given, 'connection')];
  return {
    deadlineMs: typeof deadlineMs === 'number' && !Number.isNaN(deadlineMs) ? deadlineMs : undefined,
    connection: isConnection(connection) ? connection : undefined,
  };
}

/** Records are looked for by the very object: one that is no connection has none. */
function isConnection(value: unknown): value is ConnectionInfo {
  return isObject(value);
}

/** The account of a pipeline, and its statements. */
export interface AggregatorStats extends Account {
  readonly dropped: DropCounts;
  readonly inFlightStatements: number;
  /** Statements given up: too old, too many, or still in flight at the end. */
  readonly abandonedStatements: number;
}

/**
 * Turns events into records, one for each statement, and sees to it that they are sent. A statement that an event has by
 * reference is taken as it is; others are put together by their id. Bounded in everything that it keeps. No method throws.
 */
export class MetricsAggregator implements ITelemetryEventSink {
  private readonly closeTimeoutMs: number;
  private readonly pipeline: Pipeline;
  private readonly byId: StatementsById;

  constructor(
    private readonly context: Pick<IClientContext, 'getConfig' | 'getLogger'>,
    exporter: IBatchExporter<TelemetryRecord>,
    parts: PipelineParts = {},
    private readonly clock: Clock = systemClock,
  ) {
    const configuration = resolveConfiguration(context.getConfig());
    this.closeTimeoutMs = configuration.closeTimeoutMs;
    this.pipeline = new Pipeline(configuration, exporter, parts, clock);
    this.byId = new StatementsById(this.pipeline, clock);
  }

  /** Takes an event into account, at once and in memory alone. */
  processEvent(event: TelemetryEvent): void {
    try {
      switch (event.eventType) {
        case TelemetryEventType.STATEMENT_START:
          if (!(event.statement instanceof Statement)) break;
          return this.pipeline.started(event.statement);
        case TelemetryEventType.STATEMENT_COMPLETE:
          if (!(event.statement instanceof Statement)) break;
          return this.pipeline.ended(event.statement);
        case TelemetryEventType.CLOUDFETCH_CHUNK:
          // A statement by reference counts its own files.
          if (!(event.statement instanceof Statement)) break;
          return;
        default:
          break;
      }
      if (this.pipeline.isCollecting(this.clock.now())) this.take(event);
    } catch (thrown) {
      debugLog(this.context, `event swallowed ${describeThrown(thrown)}`);
    }
  }

  /** Ends a statement by its id, for one without a `statement.complete` event; otherwise does nothing. */
  completeStatement(statementId: string): void {
    if (this.pipeline.isCollecting(this.clock.now())) this.byId.complete(statementId);
  }

  /** Sends what is pending, unless the mode forbids it. Resolves at the deadline at the latest; never rejects. */
  flush(request: FlushRequest = {}): Promise<void> {
    const { deadlineMs, connection } = flushRequest(request);
    return this.pipeline.flush(deadlineMs, connection);
  }

  /** `connection` leaves: its statements in flight end as abandoned, since nobody will say how they do. */
  abandon(connection: ConnectionInfo): void {
    if (isObject(connection)) this.pipeline.abandon(connection);
  }

  /**
   * Ends every statement in flight as abandoned, sends what is pending, and drops what is left at the deadline (default:
   * the close timeout). Never rejects; a second call gets the first one's promise.
   */
  close(request: Pick<FlushRequest, 'deadlineMs'> = {}): Promise<void> {
    const { deadlineMs = this.closeTimeoutMs } = flushRequest(request);
    const closed = this.pipeline.close(deadlineMs);
    this.byId.clear();
    return closed;
  }

  /** `standsForMs`: when `onModeExpired` is called, if something happens then. What is no mode changes nothing. */
  setMode(mode: PipelineMode, standsForMs?: number): void {
    if (!isMode(mode)) return;
    this.pipeline.setMode(mode, typeof standsForMs === 'number' ? standsForMs : undefined);
    if (mode.kind === 'off') this.byId.clear();
  }

  /** What became of all records so far: `collected` is the sum, at any time. */
  getStats(): AggregatorStats {
    const { ledger, pending, statementsInFlight, abandonedStatements } = this.pipeline;
    return {
      collected: ledger.collected,
      delivered: ledger.delivered,
      rejected: ledger.rejected,
      dropped: ledger.drops,
      sampled: ledger.sampled,
      pending,
      inFlightStatements: statementsInFlight,
      abandonedStatements,
    };
  }

  /** Everything but statements by reference. */
  private take(event: TelemetryEvent): void {
    switch (event.eventType) {
      case TelemetryEventType.STATEMENT_START:
        return this.byId.started(event);
      case TelemetryEventType.STATEMENT_COMPLETE:
        return this.byId.completed(event);
      case TelemetryEventType.CLOUDFETCH_CHUNK:
        return this.byId.chunkDownloaded(event);
      case TelemetryEventType.ERROR:
        return this.takeError(event);
      case TelemetryEventType.CONNECTION_OPEN:
      case TelemetryEventType.CONNECTION_CLOSE:
        return this.takeConnection(event);
    }
  }

  private takeConnection(event: ConnectionOpenEvent | ConnectionCloseEvent): void {
    const isOpen = event.eventType === TelemetryEventType.CONNECTION_OPEN;
    this.pipeline.add(
      {
        kind: 'connection',
        connection: event.connection,
        timestampMs: event.timestamp,
        sessionId: event.sessionId,
        level: 'INFO',
        operation: isOpen ? 'CREATE_SESSION' : 'DELETE_SESSION',
        latencyMs: event.latencyMs,
        eventId: undefined,
        queuedAtMs: 0,
      },
      this.clock.now(),
    );
  }

  private takeError(event: ErrorEvent): void {
    const { stage, isTerminal, thrown } = event;
    const statement = event.statement instanceof Statement ? event.statement : undefined;
    const record = {
      kind: 'error' as const,
      connection: event.connection ?? statement?.connection,
      timestampMs: event.timestamp,
      sessionId: event.sessionId ?? statement?.sessionId,
      level: errorLevel(stage, isTerminal),
      statementId: event.statementId ?? statement?.statementId,
      stage,
      error: event.error,
      thrown: thrown instanceof ThrownValue ? thrown : undefined,
      isTerminal,
      eventId: undefined,
      queuedAtMs: 0,
    };
    this.pipeline.failed(record, statement ?? this.byId.failed(event));
  }
}
