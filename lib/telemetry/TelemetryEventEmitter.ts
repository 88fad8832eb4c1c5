import { EventEmitter } from 'node:events';
import type { IClientContext } from '../contracts/IClientContext';
import type { ITelemetryEventSink } from '../contracts/ITelemetryEventSink';
import { debugLog, describeThrown } from './debugLog';
import type {
  CloudFetchChunkEvent,
  ConnectionCloseEvent,
  ConnectionOpenEvent,
  ErrorEvent,
  EventData,
  StatementCompleteEvent,
  StatementStartEvent,
  TelemetryEvent,
} from './events';
import { TelemetryEventType } from './types';

type EventMap = { [E in TelemetryEvent as E['eventType']]: [E] };

/**
 * Where observations enter the pipeline. Each `emit…` method hands one event to the attached sink and to listeners, and
 * does nothing while telemetry is disabled. None can throw: what a sink, a listener or the logger throws is swallowed.
 */
export class TelemetryEventEmitter extends EventEmitter<EventMap> {
  private sink: ITelemetryEventSink | undefined;
  private enabled: boolean;

  /** `parent`, if any, announces the same events to listeners of its own. */
  constructor(
    private readonly context: IClientContext,
    private readonly parent?: TelemetryEventEmitter,
  ) {
    super();
    this.enabled = context.getConfig().telemetryEnabled === true;
  }

  /** Sends events to `sink`, and to it alone, from now on; undefined detaches. */
  attach(sink: ITelemetryEventSink | undefined): void {
    this.sink = sink;
  }

  /** Switches every `emit…` method on or off. */
  setEnabled(enabled: boolean): void {
    this.enabled = enabled;
  }

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
    if (this.enabled) this.deliver(TelemetryEventType.ERROR, data);
  }

  /** The one outer edge of event delivery. */
  private deliver<E extends TelemetryEvent>(eventType: E['eventType'], data: EventData<E>): void {
    try {
      const event = { timestamp: Date.now(), ...data, eventType } as unknown as E;
      this.sink?.processEvent(event);
      this.announce(event);
      this.parent?.announce(event);
    } catch (thrown) {
      debugLog(this.context, `event ${eventType} swallowed ${describeThrown(thrown)}`);
    }
  }

  private announce(event: TelemetryEvent): void {
    // An 'error' event without a listener would throw.
    if (this.listenerCount(event.eventType) > 0) this.emit(event.eventType, ...([event] as never));
  }
}
