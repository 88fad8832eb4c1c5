import { ConnectionObserver } from '../../../lib/observe/connection/ConnectionObserver';
import type { StatementObservation } from '../../../lib/observe/statement/StatementObservation';
import type { TelemetryEvent } from '../../../lib/model/events';
import { TelemetryEventEmitter } from '../../../lib/telemetry/TelemetryEventEmitter';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { connectionInfo } from './telemetryRecords';
import { ClientContextStub } from './ClientContextStub';

const EXECUTE = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined } as const;

/** An observer whose events are kept, with a few things that tests do on it. */
export class ObservedConnection {
  readonly context = new ClientContextStub();
  readonly events: TelemetryEvent[] = [];
  readonly observer: ConnectionObserver;

  constructor() {
    const emitter = new TelemetryEventEmitter(this.context);
    for (const type of Object.values(TelemetryEventType)) emitter.on(type, (event) => this.events.push(event));
    this.observer = new ConnectionObserver(connectionInfo(), emitter, this.context);
  }

  eventsOf<T extends TelemetryEventType>(type: T): Extract<TelemetryEvent, { eventType: T }>[] {
    return this.events.filter((event) => event.eventType === type) as Extract<TelemetryEvent, { eventType: T }>[];
  }

  /** A statement that the application has just called for in `sessionId`. */
  start(sessionId = 'session-1'): StatementObservation {
    return this.observer.statementStarted(sessionId, EXECUTE);
  }
}
