import type { Announcement } from '../../../lib/model/announcement';
import type { Statement } from '../../../lib/model/Statement';
import { ConnectionObserver } from '../../../lib/observe/connection/ConnectionObserver';
import { TelemetryEventEmitter } from '../../../lib/telemetry/TelemetryEventEmitter';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { ClientContextStub } from './ClientContextStub';
import { globalClock } from './globalClock';
import { connectionInfo } from './telemetryRecords';

const EXECUTE = { rpc: 'executeStatement', operationType: 'EXECUTE_STATEMENT', statementType: undefined } as const;

/** An observer whose events are kept, with a few things that tests do on it. */
export class ObservedConnection {
  readonly context = new ClientContextStub();
  readonly events: Announcement[] = [];
  readonly observer: ConnectionObserver;

  constructor() {
    const emitter = new TelemetryEventEmitter(this.context, undefined, globalClock);
    for (const type of Object.values(TelemetryEventType)) emitter.on(type, (event) => void this.events.push(event));
    this.observer = new ConnectionObserver(connectionInfo(), emitter, globalClock, this.context);
  }

  eventsOf<T extends TelemetryEventType>(type: T): Extract<Announcement, { eventType: T }>[] {
    return this.events.filter((event) => event.eventType === type) as Extract<Announcement, { eventType: T }>[];
  }

  /** A statement that the application has just called for in `sessionId`. */
  start(sessionId = 'session-1'): Statement {
    return this.observer.statementStarted(sessionId, EXECUTE);
  }
}
