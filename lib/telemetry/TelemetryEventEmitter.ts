import { EventEmitter } from 'node:events';
import type { IClientContext } from '../contracts/IClientContext';
import type { ITelemetryEventSink } from '../contracts/ITelemetryEventSink';
import {
  errorEventOf,
  TelemetryEventType,
  type CloudFetchChunkEvent,
  type ConnectionCloseEvent,
  type ConnectionOpenEvent,
  type ErrorEvent,
  type EventData,
  type StatementCompleteEvent,
  type StatementStartEvent,
  type TelemetryEvent,
} from '../model/events';
import { announcementOf, type Announcement, type AnnouncementMap } from '../model/announcement';
import { Statement } from '../model/Statement';
import { systemClock, type Clock } from '../util/clock';
import { debugLog } from '../util/debugLog';
import { describeThrown } from '../util/thrown';

type Listener<K extends keyof AnnouncementMap> = (...args: AnnouncementMap[K]) => void;

/**
 * Where observations enter the pipeline. Each `emit…` method hands one event to the attached sink, unless it is a local one, and
 * announces it to listeners; it does nothing while telemetry is disabled. None can throw: what a sink, a listener or the
 * logger throws is swallowed.
 *
 * A listener gets plain, frozen data under the documented names; it is made only when there is a listener.
 */
export class TelemetryEventEmitter extends EventEmitter<AnnouncementMap> {
  private sink: ITelemetryEventSink | undefined;
  private enabled: boolean;
  /** Whether there ever was a listener: to count them takes 20 ns each time. Shared with those who announce here. */
  private readonly audience: { isThere: boolean };

  /** `parent`, if any, is where events are announced. */
  constructor(
    private readonly context: IClientContext,
    private readonly parent?: TelemetryEventEmitter,
    private readonly clock: Clock = systemClock,
  ) {
    super({ captureRejections: true });
    this.enabled = context.getConfig().telemetryEnabled === true;
    this.audience = parent?.audience ?? { isThere: false };
  }

  /** What an asynchronous listener rejects with is swallowed as what another throws. */
  override [EventEmitter.captureRejectionSymbol](thrown: unknown, ..._event: unknown[]): void {
    debugLog(this.context, `event listener swallowed ${describeThrown(thrown)}`);
  }

  /** False while nobody ever listened: an observer need not describe then what the sink learns without it. */
  get hasAudience(): boolean {
    return this.audience.isThere;
  }

  /** Sends events to `sink`, and to it alone, from now on; undefined detaches. */
  attach(sink: ITelemetryEventSink | undefined): void {
    this.sink = sink;
  }

  /** Switches every `emit…` method on or off. */
  setEnabled(enabled: boolean): void {
    this.enabled = enabled;
  }

  /** A session was opened. `timestamp`, here and below: milliseconds since the epoch; default: the present. */
  emitConnectionOpen(data: EventData<ConnectionOpenEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.CONNECTION_OPEN, data);
  }

  /** A session was closed. */
  emitConnectionClose(data: EventData<ConnectionCloseEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.CONNECTION_CLOSE, data);
  }

  /** A statement was submitted. One of this library's is taken by reference, any other is known by its id. */
  emitStatementStart(data: Statement | EventData<StatementStartEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.STATEMENT_START, data);
  }

  /** A statement has ended; the same. */
  emitStatementComplete(data: Statement | EventData<StatementCompleteEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.STATEMENT_COMPLETE, data);
  }

  /** A CloudFetch file was downloaded. */
  emitCloudFetchChunk(data: EventData<CloudFetchChunkEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.CLOUDFETCH_CHUNK, data);
  }

  /** Something failed, at any stage, with or without a statement. */
  emitError(data: EventData<ErrorEvent>): void {
    if (this.enabled) this.deliver(TelemetryEventType.ERROR, data);
  }

  /** Each method takes the data of its own kind of event only. */
  private deliver(eventType: TelemetryEventType, data: Statement | EventData<TelemetryEvent>): void {
    try {
      let event: TelemetryEvent;
      if (data instanceof Statement) {
        const { timestampMs: timestamp, statementId, isLocal } = data;
        event = { eventType, timestamp, statementId, statement: data, isLocal } as TelemetryEvent;
      } else {
        const timestamp = data.timestamp ?? this.clock.epochMs();
        if (eventType === TelemetryEventType.ERROR) event = errorEventOf(data as EventData<ErrorEvent>, timestamp);
        else event = { ...data, eventType, timestamp } as TelemetryEvent;
      }
      if (event.isLocal !== true) this.sink?.processEvent(event);
      if (this.audience.isThere) (this.parent ?? this).announce(announcementOf(event));
    } catch (thrown) {
      debugLog(this.context, `event ${eventType} swallowed ${describeThrown(thrown)}`);
    }
  }

  private announce(event: Announcement): void {
    // An 'error' event without a listener would throw.
    if (this.listenerCount(event.eventType) > 0) this.emit(event.eventType, ...([event] as never));
  }

  // Every way to listen leads through one of these three.

  override on<K extends keyof AnnouncementMap>(eventName: K, listener: Listener<K>): this {
    this.audience.isThere = true;
    return super.on(eventName, listener as never);
  }

  override addListener<K extends keyof AnnouncementMap>(eventName: K, listener: Listener<K>): this {
    this.audience.isThere = true;
    return super.addListener(eventName, listener as never);
  }

  override prependListener<K extends keyof AnnouncementMap>(eventName: K, listener: Listener<K>): this {
    this.audience.isThere = true;
    return super.prependListener(eventName, listener as never);
  }
}
