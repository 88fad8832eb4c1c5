import { expect } from 'chai';
import type { IStatementSink } from '../../../lib/contracts/ITelemetryEventSink';
import type { TelemetryEvent } from '../../../lib/model/events';
import { StatementAggregate } from '../../../lib/model/StatementAggregate';
import { TelemetryEventEmitter } from '../../../lib/telemetry/TelemetryEventEmitter';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { connectionInfo } from '../.stubs/telemetryRecords';
import { ClientContextStub } from '../.stubs/ClientContextStub';

/** Keeps what it is called with. */
class KeepingSink implements IStatementSink {
  readonly calls: unknown[][] = [];
  readonly events: TelemetryEvent[] = [];

  processEvent(event: TelemetryEvent): void {
    this.events.push(event);
  }

  statementStarted(...args: unknown[]): void {
    this.calls.push(['started', ...args]);
  }

  statementEnded(...args: unknown[]): void {
    this.calls.push(['ended', ...args]);
  }

  chunkDownloaded(...args: unknown[]): void {
    this.calls.push(['chunk', ...args]);
  }
}

const statement = (): StatementAggregate =>
  new StatementAggregate(connectionInfo(), 'session-1', 'EXECUTE_STATEMENT', 1, 1);

function life(emitter: TelemetryEventEmitter, one = statement()): StatementAggregate {
  emitter.statementStarted(one);
  emitter.chunkDownloaded(one, 3, 12.5, 1000);
  emitter.statementEnded(one, 'delivered', 99);
  return one;
}

const TYPES = [
  TelemetryEventType.STATEMENT_START,
  TelemetryEventType.CLOUDFETCH_CHUNK,
  TelemetryEventType.STATEMENT_COMPLETE,
];

describe('TelemetryEventEmitter with statements by reference', () => {
  it('calls the sink and makes no event while nobody listens', () => {
    const emitter = new TelemetryEventEmitter(new ClientContextStub());
    const sink = new KeepingSink();
    emitter.attach(sink);
    const one = life(emitter);
    expect(sink.calls).to.deep.equal([
      ['started', one],
      ['chunk', one, 12.5, 1000],
      ['ended', one, 'delivered', 99],
    ]);
    expect(sink.events).to.deep.equal([]);
  });

  for (const listen of ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const) {
    it(`makes events for whoever listens with ${listen}()`, () => {
      const emitter = new TelemetryEventEmitter(new ClientContextStub());
      const sink = new KeepingSink();
      emitter.attach(sink);
      const heard: TelemetryEvent[] = [];
      const method = emitter[listen] as TelemetryEventEmitter['on'];
      for (const type of TYPES) method.call(emitter, type, (event: TelemetryEvent) => void heard.push(event));
      const one = life(emitter);
      expect(heard.map(({ eventType }) => eventType)).to.deep.equal(TYPES);
      expect(heard[1]).to.include({
        chunkIndex: 3,
        latencyMs: 12.5,
        bytes: 1000,
        statement: one,
        sessionId: 'session-1',
      });
      expect(heard[2]).to.include({ outcome: 'delivered', statement: one });
      expect(sink.events).to.deep.equal(heard);
      expect(sink.calls).to.deep.equal([]);
    });
  }

  it('makes events for listeners of the parent', () => {
    const parent = new TelemetryEventEmitter(new ClientContextStub());
    const emitter = new TelemetryEventEmitter(new ClientContextStub(), parent);
    const sink = new KeepingSink();
    emitter.attach(sink);
    const heard: TelemetryEvent[] = [];
    for (const type of TYPES) parent.on(type, (event) => heard.push(event));
    life(emitter);
    expect(heard.map(({ eventType }) => eventType)).to.deep.equal(TYPES);
    expect(sink.events).to.deep.equal(heard);
  });

  it('gives events to a sink that takes nothing else', () => {
    const emitter = new TelemetryEventEmitter(new ClientContextStub());
    const events: TelemetryEvent[] = [];
    emitter.attach({ processEvent: (event) => events.push(event) });
    life(emitter);
    expect(events.map(({ eventType }) => eventType)).to.deep.equal(TYPES);
  });

  it('is silent while it is disabled', () => {
    const emitter = new TelemetryEventEmitter(new ClientContextStub());
    const sink = new KeepingSink();
    emitter.attach(sink);
    emitter.setEnabled(false);
    life(emitter);
    expect([...sink.calls, ...sink.events]).to.deep.equal([]);
  });

  it('swallows what a sink throws', () => {
    const context = new ClientContextStub();
    const emitter = new TelemetryEventEmitter(context);
    const broken = (): never => {
      throw new Error('broken');
    };
    emitter.attach({
      processEvent: broken,
      statementStarted: broken,
      statementEnded: broken,
      chunkDownloaded: broken,
    } as IStatementSink);
    life(emitter);
    expect(context.lines).to.have.length(3);
  });
});
