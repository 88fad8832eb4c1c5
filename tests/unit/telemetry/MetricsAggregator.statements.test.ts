import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import { MetricsAggregator } from '../../../lib/telemetry/MetricsAggregator';
import type { TelemetryOptions } from '../../../lib/model/options';
import { Statement } from '../../../lib/model/Statement';
import { TelemetryEventType, type ErrorRecord, type TelemetryRecord } from '../../../lib/telemetry/types';
import { chunk, closed, completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { connectionInfo, errorFacts } from '../.stubs/telemetryRecords';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { globalClock } from '../.stubs/globalClock';
import { TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';

function setUp(options: TelemetryOptions = {}) {
  const exporter = new TelemetryExporterStub();
  const aggregator = new MetricsAggregator(new ClientContextStub(options), exporter, {}, globalClock);
  const records = async (): Promise<TelemetryRecord[]> => {
    await aggregator.flush();
    return exporter.records;
  };
  const rows = async (): Promise<Statement[]> => (await records()).filter((record) => record.kind === 'statement');
  const errors = async (): Promise<ErrorRecord[]> => (await records()).filter((record) => record.kind === 'error');
  const send = (...events: Parameters<MetricsAggregator['processEvent']>[0][]): void =>
    events.forEach((event) => aggregator.processEvent(event));
  return { aggregator, exporter, records, rows, errors, send };
}

function newStatement(): Statement {
  return new Statement(connectionInfo(), 'session-1', 'EXECUTE_STATEMENT', Date.now(), performance.now());
}

describe('MetricsAggregator: statements', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => clock.restore());

  it('makes a record of each opened and closed session', async () => {
    const { send, records } = setUp();
    const connection = connectionInfo();
    send(opened({ connection }), closed({ connection, latencyMs: undefined }));
    const common = { kind: 'connection', connection, sessionId: 'session-1', level: 'INFO' };
    const [open, close] = await records();
    expect(open).to.include({ ...common, operation: 'CREATE_SESSION', latencyMs: 5, timestampMs: 1_700_000_000_000 });
    expect(close).to.include({ ...common, operation: 'DELETE_SESSION', latencyMs: undefined });
  });

  it('puts everything that was said of a statement into one row', async () => {
    const { send, rows } = setUp();
    const connection = connectionInfo();
    send(started('a', { connection, operationType: 'LIST_TABLES', statementType: 'METADATA', timestamp: 7 }));
    send(chunk('a', 0, { latencyMs: 30 }), chunk('a', 1, { latencyMs: 50, compressed: true }));
    send(completed('a', { latencyMs: 99, resultFormat: 'EXTERNAL_LINKS', pollCount: 3, pollLatencyMs: 12 }));
    const [row, ...more] = await rows();
    expect(more).to.deep.equal([]);
    expect(row).to.include({ connection, sessionId: 'session-1', timestampMs: 7, level: 'INFO' });
    expect(row).to.include({
      statementId: 'a',
      operationType: 'LIST_TABLES',
      statementType: 'METADATA',
      outcome: 'delivered',
      latencyMs: 99,
      executionResult: 'EXTERNAL_LINKS',
      pollCount: 3,
      pollLatencyMs: 12,
      byteCount: 200,
      compressed: true,
    });
    expect(row?.files).to.include({ downloaded: 2, iterated: 2, firstMs: 30, slowestMs: 50, sumMs: 80 });
  });

  it('measures a statement whose end brings no latency', async () => {
    const { send, rows } = setUp();
    send(started('a'));
    clock.tick(40);
    send(completed('a', { outcome: 'cancelled' }));
    expect((await rows())[0]).to.include({ latencyMs: 40, outcome: 'cancelled' });
  });

  it('keeps what the start said where the end is silent', async () => {
    const { send, rows } = setUp();
    send(started('a', { operationType: 'LIST_TABLES' }), completed('a'));
    expect((await rows())[0]).to.include({ operationType: 'LIST_TABLES', pollCount: 0, pollLatencyMs: 0 });
  });

  it('takes from the end what the start did not say', async () => {
    const { send, rows } = setUp();
    send(started('a'), completed('a', { operationType: 'LIST_CATALOGS' }));
    expect((await rows())[0]?.operationType).to.equal('LIST_CATALOGS');
  });

  it('takes connection and session from the first event that has them', async () => {
    const { send, rows } = setUp();
    const connection = connectionInfo();
    send(chunk('a', 0, { sessionId: undefined }), completed('a', { connection, sessionId: 's' }));
    expect((await rows())[0]).to.include({ connection, sessionId: 's' });
  });

  it('counts chunks that come before the start', async () => {
    const { send, rows } = setUp();
    send(chunk('a', 1), started('a'), chunk('a', 0), completed('a'));
    expect((await rows()).map(({ files }) => files?.iterated)).to.deep.equal([2]);
  });

  it('counts a chunk that is reported twice once', async () => {
    const { send, rows } = setUp();
    send(started('a'), chunk('a', 0), chunk('a', 0), completed('a'));
    const [row] = await rows();
    expect(row?.files?.iterated).to.equal(1);
    expect(row?.byteCount).to.equal(100);
  });

  it('starts no row for a chunk, an error or an end that comes late', async () => {
    const { aggregator, send, rows, errors } = setUp();
    send(started('a'), completed('a'), chunk('a'), completed('a'), started('a'));
    send(failed('a', { isTerminal: false }), failed('a'));
    expect(aggregator.getStats().inFlightStatements).to.equal(0);
    expect(await rows()).to.have.length(1);
    expect(await errors()).to.have.length(2);
  });

  it('makes a row of an end without a start', async () => {
    const { send, rows } = setUp();
    send(completed('a', { latencyMs: 5 }));
    expect((await rows()).map(({ statementId }) => statementId)).to.deep.equal(['a']);
  });

  it('ignores events that name no statement', async () => {
    const { aggregator, send, records } = setUp();
    send(started(undefined), chunk(undefined), completed(undefined));
    expect(aggregator.getStats().inFlightStatements).to.equal(0);
    expect(await records()).to.deep.equal([]);
  });

  it('ends a statement by completeStatement where no end was reported', async () => {
    const { aggregator, send, rows } = setUp();
    send(started('a'));
    clock.tick(15);
    aggregator.completeStatement('a');
    aggregator.completeStatement('a');
    expect((await rows()).map(({ outcome }) => outcome)).to.deep.equal(['delivered']);
    expect((await rows())[0]?.latencyMs).to.equal(15);
  });

  it('does nothing on completeStatement after the end, and for a statement that nobody knows', async () => {
    const { aggregator, send, rows } = setUp();
    send(started('a'), completed('a'));
    aggregator.completeStatement('a');
    aggregator.completeStatement('b');
    expect(await rows()).to.have.length(1);
  });

  it('says failed of a statement that had a terminal error, unless its end says otherwise', async () => {
    const { aggregator, send, rows } = setUp();
    send(started('a'), failed('a'), started('b'), failed('b'), started('c'), failed('c'));
    aggregator.completeStatement('a');
    send(completed('b'), completed('c', { outcome: 'timed_out' }));
    const outcomes = (await rows()).map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(['failed', 'failed', 'timed_out']);
  });

  it('makes one row of one statement, whatever the order and number of its events', async () => {
    const events = fc.constantFrom(
      () => started('a'),
      () => chunk('a', 0),
      () => chunk('a', 1),
      () => completed('a', { outcome: 'delivered' }),
      () => completed('a', { outcome: 'failed' }),
      () => failed('a'),
      () => failed('a', { isTerminal: false }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(events, { maxLength: 12 }), async (sequence) => {
        const { aggregator, send, rows, errors } = setUp();
        const list = [...sequence.map((make) => make()), completed('a')];
        send(...list);
        aggregator.completeStatement('a');
        expect(await rows()).to.have.length(1);
        expect(await errors()).to.have.length(
          list.filter(({ eventType }) => eventType === TelemetryEventType.ERROR).length,
        );
        expect(aggregator.getStats()).to.include({ inFlightStatements: 0, pending: 0 });
      }),
    );
  });

  describe('by reference', () => {
    it('exports the statement itself as its row', async () => {
      const { send, records } = setUp();
      const statement = newStatement();
      send(started(undefined, { statement }));
      statement.outcome = 'failed';
      send(completed(undefined, { statement }));
      const [row, ...more] = await records();
      expect(row).to.equal(statement);
      expect(more).to.deep.equal([]);
    });

    it('follows it from its start to its end', () => {
      const { aggregator, send } = setUp();
      const statement = newStatement();
      send(started(undefined, { statement }), started(undefined, { statement }));
      expect(aggregator.getStats().inFlightStatements).to.equal(1);
      statement.outcome = 'cancelled';
      send(completed(undefined, { statement }));
      expect(aggregator.getStats().inFlightStatements).to.equal(0);
    });

    it('makes a row of an end without a start', async () => {
      const { send, rows } = setUp();
      const statement = Object.assign(newStatement(), { outcome: 'delivered' } as const);
      send(completed(undefined, { statement }));
      expect(await rows()).to.deep.equal([statement]);
    });

    it('counts no file for it: it counts its own', async () => {
      const { send, rows } = setUp();
      const statement = Object.assign(newStatement(), { outcome: 'delivered' } as const);
      send(chunk('a', 0, { statement }), completed('a', { statement }));
      expect((await rows()).map(({ files, byteCount }) => [files, byteCount])).to.deep.equal([[undefined, 0]]);
    });

    it('follows a statement whose first event is a retryable error', () => {
      const { aggregator, send } = setUp();
      send(failed(undefined, { statement: newStatement(), isTerminal: false }));
      expect(aggregator.getStats().inFlightStatements).to.equal(1);
    });

    it('sends an error of a statement that has ended at once', async () => {
      const { aggregator, send, errors } = setUp();
      const statement = Object.assign(newStatement(), { outcome: 'delivered' } as const);
      send(completed(undefined, { statement }), failed(undefined, { statement, isTerminal: false }));
      expect(await errors()).to.have.length(1);
      expect(aggregator.getStats().inFlightStatements).to.equal(0);
    });

    it('is ignored while the mode is off and after close', async () => {
      const { aggregator, send } = setUp();
      const live = (): void => {
        const statement = newStatement();
        send(started(undefined, { statement }));
        statement.outcome = 'delivered';
        send(completed(undefined, { statement }));
      };
      aggregator.setMode({ kind: 'off', reason: 'flag_off' });
      live();
      aggregator.setMode({ kind: 'open' });
      await aggregator.close();
      live();
      expect(aggregator.getStats()).to.include({ collected: 0, inFlightStatements: 0 });
    });

    it('keeps any number of statements in flight apart, whatever the order in which they end', async () => {
      const { aggregator, send, rows } = setUp();
      const statements = Array.from({ length: 5 }, newStatement);
      for (const statement of statements) send(started(undefined, { statement }));
      for (const index of [2, 0, 4, 1, 3]) {
        const statement = statements[index];
        if (statement === undefined) throw new Error(`no statement ${index}`);
        statement.outcome = 'delivered';
        send(completed(undefined, { statement }));
      }
      expect(aggregator.getStats().inFlightStatements).to.equal(0);
      expect(await rows()).to.deep.equal([2, 0, 4, 1, 3].map((index) => statements[index]));
    });
  });

  describe('errors', () => {
    it('takes identity and facts from the event', async () => {
      const { send, errors } = setUp();
      const connection = connectionInfo();
      const error = errorFacts({ code: 'X' });
      send(failed('a', { connection, error, stage: 'fetch', timestamp: 3 }));
      expect((await errors())[0]).to.include({
        connection,
        error,
        stage: 'fetch',
        timestampMs: 3,
        sessionId: 'session-1',
        statementId: 'a',
        isTerminal: true,
        level: 'ERROR',
      });
    });

    it('takes from the statement what the event does not say', async () => {
      const { send, errors } = setUp();
      const statement = newStatement();
      statement.statementId = 'a';
      send(failed(undefined, { statement, sessionId: undefined }));
      expect((await errors())[0]).to.include({
        connection: statement.connection,
        sessionId: 'session-1',
        statementId: 'a',
      });
    });

    it('keeps a retryable error with its statement until that ends', async () => {
      const { aggregator, send, errors } = setUp();
      send(started('a'), failed('a', { isTerminal: false }));
      expect(await errors()).to.deep.equal([]);
      expect(aggregator.getStats()).to.include({ collected: 1, pending: 1 });
      send(completed('a'));
      expect(await errors()).to.have.length(1);
      expect(aggregator.getStats()).to.include({ collected: 2, delivered: 2, pending: 0 });
    });

    it('gives a kept error the id that its statement got later', async () => {
      const { send, errors } = setUp();
      const statement = newStatement();
      send(failed(undefined, { statement, isTerminal: false }), failed('other', { statement, isTerminal: false }));
      Object.assign(statement, { statementId: 'a', outcome: 'delivered' });
      send(completed(undefined, { statement }));
      expect((await errors()).map(({ statementId }) => statementId)).to.deep.equal(['a', 'other']);
    });

    it('sends an error without a statement by itself', async () => {
      const { send, errors } = setUp();
      send(failed(undefined, { stage: 'open_session' }), failed(undefined, { isTerminal: false }));
      expect((await errors()).map(({ level }) => level)).to.deep.equal(['FATAL', 'WARN']);
    });

    it('follows no statement for a terminal error alone', async () => {
      const { aggregator, send, errors } = setUp();
      send(failed('a'));
      expect(await errors()).to.have.length(1);
      expect(aggregator.getStats().inFlightStatements).to.equal(0);
    });

    it('keeps at most telemetryMaxErrorsPerStatement with one statement; the rest is dropped as queue_full', async () => {
      const { aggregator, send, errors } = setUp({ telemetryMaxErrorsPerStatement: 2 });
      for (let i = 0; i < 5; i += 1) send(failed('a', { isTerminal: false, timestamp: i }));
      send(completed('a'));
      expect((await errors()).map(({ timestampMs }) => timestampMs)).to.deep.equal([0, 1]);
      expect(aggregator.getStats().dropped.queue_full).to.equal(3);
      expect(aggregator.getStats()).to.include({ collected: 6, delivered: 3 });
    });

    it('sends errors at once when all statements together keep too many', async () => {
      const { send, errors } = setUp({ telemetryMaxPendingMetrics: 2 });
      for (const id of ['a', 'b', 'c']) send(failed(id, { isTerminal: false }));
      expect((await errors()).map(({ statementId }) => statementId)).to.deep.equal(['c']);
    });
  });

  describe('abandonment', () => {
    it('gives up a statement after telemetryStatementTtlMs, at the next sign of life', async () => {
      const { aggregator, exporter, send } = setUp({ telemetryStatementTtlMs: 10_000 });
      send(started('a'), failed('a', { isTerminal: false }));
      await clock.tickAsync(9_999);
      send(started('b'));
      expect(aggregator.getStats()).to.include({ inFlightStatements: 2, abandonedStatements: 0 });
      await clock.tickAsync(1);
      expect(aggregator.getStats()).to.include({ inFlightStatements: 2, abandonedStatements: 0 });
      send(started('c'));
      expect(aggregator.getStats()).to.include({ inFlightStatements: 2, abandonedStatements: 1 });
      await clock.tickAsync(5_000);
      expect(exporter.records.map(({ kind, level }) => `${kind} ${level}`)).to.deep.equal([
        'error WARN',
        'statement WARN',
      ]);
      expect(exporter.records[1]).to.include({ statementId: 'a', outcome: 'abandoned' });
      expect(clock.countTimers()).to.equal(0);
    });

    it('gives up the oldest first, each at its time', async () => {
      const { aggregator, send, rows } = setUp({ telemetryStatementTtlMs: 10_000 });
      send(started('a'));
      await clock.tickAsync(6_000);
      send(started('b'));
      await clock.tickAsync(4_000);
      expect((await rows()).map(({ statementId }) => statementId)).to.deep.equal(['a']);
      aggregator.completeStatement('a');
      await clock.tickAsync(6_000);
      expect((await rows()).map(({ statementId }) => statementId)).to.deep.equal(['a', 'b']);
      expect(aggregator.getStats()).to.include({ inFlightStatements: 0, abandonedStatements: 2 });
    });

    it('gives up what is too old at an explicit flush of a process that slept', async () => {
      const { send, rows } = setUp({ telemetryStatementTtlMs: 10_000 });
      send(started('a'));
      clock.tick(10_000);
      expect(await rows()).to.have.length(1);
    });

    it('gives up the oldest when there are more than telemetryMaxStatementMetrics', async () => {
      const { aggregator, send, rows } = setUp({ telemetryMaxStatementMetrics: 2 });
      send(started('a'), started('b'), started('c'));
      expect(aggregator.getStats()).to.include({ inFlightStatements: 2, abandonedStatements: 1 });
      send(completed('a'), completed('c'));
      expect((await rows()).map(({ statementId, outcome }) => [statementId, outcome])).to.deep.equal([
        ['a', 'abandoned'],
        ['c', 'delivered'],
      ]);
    });
  });

  it('remembers the ids of thousands of ended statements, in bounded memory', async () => {
    const { aggregator, send } = setUp();
    for (let i = 0; i < 4096; i += 1) send(completed(`s${i}`));
    send(chunk('s0'));
    expect(aggregator.getStats().inFlightStatements).to.equal(0);
    for (let i = 4096; i < 3 * 4096; i += 1) send(completed(`s${i}`));
    send(chunk('s0'));
    expect(aggregator.getStats().inFlightStatements).to.equal(1);
  });

  describe('telemetryLogLevel', () => {
    const EVENTS = [
      opened(),
      completed('a'),
      completed('b', { outcome: 'failed' }),
      failed(undefined, { isTerminal: false }),
      failed(undefined),
      failed(undefined, { stage: 'connect' }),
    ];
    const EXPECTED = {
      OFF: [],
      FATAL: ['FATAL'],
      ERROR: ['ERROR', 'FATAL'],
      WARN: ['WARN', 'ERROR', 'FATAL', 'WARN'],
      INFO: ['WARN', 'ERROR', 'FATAL', 'INFO', 'WARN', 'INFO'],
      TRACE: ['WARN', 'ERROR', 'FATAL', 'INFO', 'WARN', 'INFO'],
    };
    for (const [name, levels] of Object.entries(EXPECTED)) {
      const telemetryLogLevel = name as keyof typeof EXPECTED;
      it(`lets out ${levels.join(', ') || 'nothing'} with ${telemetryLogLevel}`, async () => {
        const { aggregator, send, records } = setUp({ telemetryLogLevel });
        send(...EVENTS);
        expect((await records()).map(({ level }) => level)).to.deep.equal(levels);
        expect(aggregator.getStats()).to.include({ collected: levels.length, delivered: levels.length });
      });
    }

    it('counts no statement row that is not let out, and still ends the statement', async () => {
      const { aggregator, send } = setUp({ telemetryLogLevel: 'ERROR' });
      send(started('a'), completed('a'));
      expect(aggregator.getStats()).to.include({ collected: 0, inFlightStatements: 0 });
    });

    it('is that of the connection where the connection has one, whatever others on its host want', async () => {
      const { send, records } = setUp({ telemetryLogLevel: 'ERROR' });
      const connection = connectionInfo();
      send(opened({ connection: { ...connection, logLevel: 'INFO' }, sessionId: 'mine' }));
      send(opened({ connection: { ...connection, logLevel: 'WARN' } }), opened({ connection }));
      expect((await records()).map(({ sessionId }) => sessionId)).to.deep.equal(['mine']);
    });
  });
});
