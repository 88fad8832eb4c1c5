import { EventEmitter } from 'node:events';
import type { IClientContext } from '../contracts/IClientContext';
import { isStatementSink, type IStatementSink, type ITelemetryEventSink } from '../contracts/ITelemetryEventSink';
import { debugLog, describeThrown } from '../util/debugLog';
import type {
  CloudFetchChunkEvent,
  ConnectionCloseEvent,
  ConnectionOpenEvent,
  ErrorEvent,
  EventData,
  StatementCompleteEvent,
  StatementStartEvent,
  TelemetryEvent,
} from '../model/events';
import type { StatementAggregate } from '../model/StatementAggregate';
import { TelemetryEventType, type StatementOutcome } from './types';

type EventMap = { [E in TelemetryEvent as E['eventType']]: [E] };
type Listener<K extends keyof EventMap> = (...args: EventMap[K]) => void;

/**
 * Where observations enter the pipeline. Each `emit…` method hands one event to the attached sink and to listeners, and
 * does nothing while telemetry is disabled. None can throw: what a sink, a listener or the logger throws is swallowed.
 *
 * `statementStarted`, `statementEnded` and `chunkDownloaded` are the same for statements that are observed by reference.
 * While nobody has ever listened they make no event.
 */
export class TelemetryEventEmitter extends EventEmitter<EventMap> {
  private sink: ITelemetryEventSink | undefined;
  private statements: IStatementSink | undefined;
  private enabled: boolean;
  /** Whether there ever was a listener. To count them takes 20 ns each time. */
  private isHeard = false;

  /** `parent`, if any, announces the same events to listeners of its own. */
  constructor(
    private readonly context: IClientContext,
    private readonly parent?: TelemetryEventEmitter,
  ) {
    super({ captureRejections: true });
    this.enabled = context.getConfig().telemetryEnabled === true;
  }

  /** What an asynchronous listener rejects with is swallowed as what another throws. */
  override [EventEmitter.captureRejectionSymbol](thrown: unknown, ..._event: unknown[]): void {
    debugLog(this.context, `event listener swallowed ${describeThrown(thrown)}`);
  }

  /** Sends events to `sink`, and to it alone, from now on; undefined detaches. */
  attach(sink: ITelemetryEventSink | undefined): void {
    this.sink = sink;
    this.statements = isStatementSink(sink) ? sink : undefined;
  }

  /** Switches every `emit…` method on or off. */
  setEnabled(enabled: boolean): void {
    this.enabled = enabled;
  }

  // ---- events ----------------------------------------------------------------------------------------------------

  emitConnectionOpen(data: EventData<ConnectionOpenEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.CONNECTION_OPEN, data);
  }

  emitConnectionClose(data: EventData<ConnectionCloseEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.CONNECTION_CLOSE, data);
  }

  emitStatementStart(data: EventData<StatementStartEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.STATEMENT_START, data);
  }

  emitStatementComplete(data: EventData<StatementCompleteEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.STATEMENT_COMPLETE, data);
  }

  emitCloudFetchChunk(data: EventData<CloudFetchChunkEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.CLOUDFETCH_CHUNK, data);
  }

  emitError(data: EventData<ErrorEvent>): void {
    if (!this.enabled) return;
    const eventType = TelemetryEventType.ERROR;
    try {
      // Field by field: errors may come in storms, and spreading is a third of what one costs (200 of 570 ns).
      const { timestamp = Date.now(), connection, sessionId, statementId, stage, error, isTerminal, statement } = data;
      this.hand({ eventType, timestamp, connection, sessionId, statementId, stage, error, isTerminal, statement });
    } catch (thrown) {
      this.swallow(eventType, thrown);
    }
  }

  // ---- statements by reference -----------------------------------------------------------------------------------

  statementStarted(statement: StatementAggregate): void {
    if (!this.enabled) return;
    const sink = this.silentSink;
    if (sink === undefined) {
      const { connection, sessionId, statementId, operationType } = statement;
      this.emitStatementStart({ connection, sessionId, statementId, operationType, statement });
      return;
    }
    try {
      sink.statementStarted(statement);
    } catch (thrown) {
      this.swallow(TelemetryEventType.STATEMENT_START, thrown);
    }
  }

  /** `nowMs` on the monotonic clock. */
  statementEnded(statement: StatementAggregate, outcome: StatementOutcome, nowMs: number): void {
    if (!this.enabled) return;
    const sink = this.silentSink;
    if (sink === undefined) {
      const { connection, sessionId, statementId } = statement;
      this.emitStatementComplete({ connection, sessionId, statementId, outcome, statement });
      return;
    }
    try {
      sink.statementEnded(statement, outcome, nowMs);
    } catch (thrown) {
      this.swallow(TelemetryEventType.STATEMENT_COMPLETE, thrown);
    }
  }

  /** The file at `chunkIndex` of the manifest, counted from 0. */
  chunkDownloaded(statement: StatementAggregate, chunkIndex: number, latencyMs: number, bytes: number): void {
    if (!this.enabled) return;
    const sink = this.silentSink;
    if (sink === undefined) {
      const { connection, sessionId, statementId, compressed } = statement;
      const chunk = { chunkIndex, latencyMs, bytes, compressed };
      this.emitCloudFetchChunk({ connection, sessionId, statementId, ...chunk, statement });
      return;
    }
    try {
      sink.chunkDownloaded(statement, latencyMs, bytes);
    } catch (thrown) {
      this.swallow(TelemetryEventType.CLOUDFETCH_CHUNK, thrown);
    }
  }

  /** The sink to call when nobody listens. */
  private get silentSink(): IStatementSink | undefined {
    return this.isHeard || this.parent?.isHeard === true ? undefined : this.statements;
  }

  // ---- delivery --------------------------------------------------------------------------------------------------

  private deliver<E extends TelemetryEvent>(eventType: E['eventType'], data: EventData<E>): void {
    try {
      this.hand({ timestamp: Date.now(), ...data, eventType } as unknown as E);
    } catch (thrown) {
      this.swallow(eventType, thrown);
    }
  }

  private hand(event: TelemetryEvent): void {
    this.sink?.processEvent(event);
    this.announce(event);
    this.parent?.announce(event);
  }

  private announce(event: TelemetryEvent): void {
    // An 'error' event without a listener would throw.
    if (this.isHeard && this.listenerCount(event.eventType) > 0) this.emit(event.eventType, ...([event] as never));
  }

  private swallow(eventType: TelemetryEventType, thrown: unknown): void {
    debugLog(this.context, `event ${eventType} swallowed ${describeThrown(thrown)}`);
  }

  // Every way to listen leads through one of these three.

  override on<K extends keyof EventMap>(eventName: K, listener: Listener<K>): this {
    this.isHeard = true;
    return super.on(eventName, listener as never);
  }

  override addListener<K extends keyof EventMap>(eventName: K, listener: Listener<K>): this {
    this.isHeard = true;
    return super.addListener(eventName, listener as never);
  }

  override prependListener<K extends keyof EventMap>(eventName: K, listener: Listener<K>): this {
    this.isHeard = true;
    return super.prependListener(eventName, listener as never);
  }
}
