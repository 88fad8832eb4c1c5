import { inspect } from 'node:util';
import { expect } from 'chai';
import type { Announcement } from '../../../lib/model/announcement';
import type { TelemetryEvent } from '../../../lib/model/events';
import { FileTotals, RareFacts, Statement } from '../../../lib/model/Statement';
import { ThrownValue } from '../../../lib/model/errorFacts';
import { TelemetryEventEmitter } from '../../../lib/telemetry/TelemetryEventEmitter';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { connectionInfo, errorFacts } from '../.stubs/telemetryRecords';
import { ClientContextStub } from '../.stubs/ClientContextStub';

const TYPES = Object.values(TelemetryEventType);
const SECRET = 'cnry-token';

function newStatement(): Statement {
  const connection = connectionInfo();
  const origin = {
    ...connection.origin,
    headers: { 'x-secret': SECRET },
    authenticate: () => Promise.resolve({ Authorization: `Bearer ${SECRET}` }),
  };
  return new Statement({ ...connection, origin }, 'session-1', 'EXECUTE_STATEMENT', 1_700_000_000_000, 1);
}

/** One event of each kind, of one statement. */
function live(emitter: TelemetryEventEmitter, statement = newStatement()): void {
  const { connection } = statement;
  emitter.emitConnectionOpen({ connection, sessionId: 'session-1', latencyMs: 3 });
  emitter.emitStatementStart(statement);
  emitter.emitCloudFetchChunk({ statementId: 'a', chunkIndex: 3, latencyMs: 12.5, bytes: 1000, statement });
  const thrown = new ThrownValue(new Error(SECRET));
  emitter.emitError({ stage: 'fetch', error: errorFacts({ code: 'X' }), thrown, isTerminal: false, statement });
  Object.assign(statement, { statementId: 'a', outcome: 'delivered', latencyMs: 99 });
  emitter.emitStatementComplete(statement);
  emitter.emitConnectionClose({ connection, sessionId: 'session-1', latencyMs: 4 });
}

function hear(emitter: TelemetryEventEmitter): Announcement[] {
  const heard: Announcement[] = [];
  for (const type of TYPES) emitter.on(type, (event) => void heard.push(event));
  return heard;
}

const byType = (heard: readonly Announcement[]): string[] => heard.map(({ eventType }) => eventType).sort();

describe('TelemetryEventEmitter', () => {
  let context: ClientContextStub;
  let emitter: TelemetryEventEmitter;
  beforeEach(() => {
    context = new ClientContextStub();
    emitter = new TelemetryEventEmitter(context);
  });

  it('gives the sink every event, a statement by reference', () => {
    const events: TelemetryEvent[] = [];
    emitter.attach({ processEvent: (event) => events.push(event) });
    const statement = newStatement();
    live(emitter, statement);
    expect(byType(events as Announcement[])).to.deep.equal([...TYPES].sort());
    for (const event of events) if ('statement' in event) expect(event.statement).to.equal(statement);
    expect(events.filter((event) => 'statement' in event)).to.have.length(4);
  });

  it('takes statements that are described by their id, too', () => {
    const events: TelemetryEvent[] = [];
    emitter.attach({ processEvent: (event) => events.push(event) });
    emitter.emitStatementStart({ statementId: 'a', timestamp: 7 });
    emitter.emitStatementComplete({ statementId: 'a', outcome: 'failed' });
    expect(events[0]).to.deep.equal({ eventType: TelemetryEventType.STATEMENT_START, statementId: 'a', timestamp: 7 });
    expect(events[1]).to.include({ statementId: 'a', outcome: 'failed' });
    expect(events[1]?.timestamp).to.be.closeTo(Date.now(), 1000);
  });

  it('gives events to the sink that was attached last alone, and to none after it was detached', () => {
    const events: string[] = [];
    emitter.attach({ processEvent: () => events.push('first') });
    emitter.attach({ processEvent: () => events.push('second') });
    emitter.emitConnectionOpen({});
    emitter.attach(undefined);
    emitter.emitConnectionOpen({});
    expect(events).to.deep.equal(['second']);
  });

  for (const listen of ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const) {
    it(`announces to whoever listens with ${listen}()`, () => {
      const heard: Announcement[] = [];
      const method = emitter[listen] as TelemetryEventEmitter['on'];
      for (const type of TYPES) method.call(emitter, type, (event: Announcement) => void heard.push(event));
      live(emitter);
      expect(byType(heard)).to.deep.equal([...TYPES].sort());
    });
  }

  it('announces to the listeners of its parent', () => {
    const child = new TelemetryEventEmitter(context, emitter);
    const heard = hear(emitter);
    live(child);
    expect(byType(heard)).to.deep.equal([...TYPES].sort());
  });

  it('says of a statement that has ended all that is known of it', () => {
    const heard = hear(emitter);
    live(emitter);
    const complete = heard.find(({ eventType }) => eventType === TelemetryEventType.STATEMENT_COMPLETE);
    expect(complete).to.include({ statementId: 'a', sessionId: 'session-1', outcome: 'delivered', latencyMs: 99 });
    const { summary } = complete as Extract<Announcement, { summary?: object }>;
    expect(summary).to.include({ statementId: 'a', workspaceId: '1234567890123456', filesPresent: undefined });
  });

  it('is silent while it is disabled, also by its context', () => {
    const events: TelemetryEvent[] = [];
    const disabled = new TelemetryEventEmitter(new ClientContextStub({ telemetryEnabled: false }));
    emitter.setEnabled(false);
    for (const silent of [disabled, emitter]) {
      silent.attach({ processEvent: (event) => events.push(event) });
      const heard = hear(silent);
      live(silent);
      expect([...events, ...heard]).to.deep.equal([]);
    }
    disabled.setEnabled(true);
    live(disabled);
    expect(events).to.have.length(6);
  });

  it('swallows what a sink throws, with a debug line for each event', () => {
    emitter.attach({
      processEvent: () => {
        throw new Error('broken');
      },
    });
    live(emitter);
    expect(context.lines).to.have.length(6);
    expect(context.lines.join()).to.not.include('broken');
  });

  it('swallows what a listener throws or rejects with; the sink has the event', async () => {
    const events: TelemetryEvent[] = [];
    emitter.attach({ processEvent: (event) => events.push(event) });
    emitter.on(TelemetryEventType.CONNECTION_OPEN, () => {
      throw new Error('broken');
    });
    emitter.on(TelemetryEventType.ERROR, (() => Promise.reject(new Error('broken later'))) as never);
    live(emitter);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).to.have.length(6);
    expect(context.lines).to.have.length(2);
  });

  it('throws nothing for an error that nobody listens for', () => {
    emitter.on(TelemetryEventType.CONNECTION_OPEN, () => undefined);
    live(emitter);
    expect(context.lines).to.deep.equal([]);
  });

  describe('announces with several statements in flight', () => {
    let heard: Announcement[];
    beforeEach(() => {
      heard = hear(emitter);
      const statements = Array.from({ length: 3 }, newStatement);
      for (const statement of statements) {
        statement.files = Object.assign(new FileTotals(), { present: 3, firstMs: 1.5 });
        statement.rare = Object.assign(new RareFacts(), { retryCauses: '503:2' });
        emitter.emitStatementStart(statement);
      }
      for (const statement of statements) live(emitter, statement);
    });

    it('every kind of event so that it can be printed, without a thrown value or credentials', () => {
      expect(new Set(byType(heard))).to.deep.equal(new Set(TYPES));
      for (const event of heard) {
        const printed = inspect(event, { depth: Infinity, showHidden: true, getters: true });
        expect(printed).to.include(event.eventType).and.not.include(SECRET);
        expect(printed).to.not.match(/Circular|authenticate|getAgent|origin|ThrownValue|\[Getter/);
      }
    });

    it('every kind of event so that it can be serialised and read again', () => {
      for (const event of heard) {
        const text = JSON.stringify(event);
        expect(text).to.not.include(SECRET);
        const known = Object.entries(event).filter(([, value]) => value !== undefined);
        expect(JSON.parse(text)).to.have.all.keys(known.map(([name]) => name));
      }
    });

    it('every kind of event so that a spread and a structured clone have all of it', () => {
      for (const event of heard) {
        expect({ ...event }).to.deep.equal(event);
        expect(structuredClone(event)).to.deep.equal(event);
        expect(Object.getPrototypeOf(event)).to.equal(Object.prototype);
      }
    });

    it('every kind of event frozen, with what it holds', () => {
      for (const event of heard) {
        expect(event).to.be.frozen;
        for (const part of [event.connection, 'error' in event && event.error, 'summary' in event && event.summary]) {
          if (typeof part === 'object') expect(part).to.be.frozen;
        }
      }
    });
  });
});
