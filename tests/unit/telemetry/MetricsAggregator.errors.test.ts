import { expect } from 'chai';
import sinon from 'sinon';
import { completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { connectionInfo, errorFacts } from '../.stubs/telemetryRecords';
import { newStatement, setUp } from './aggregator';

describe('MetricsAggregator: errors and levels', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => clock.restore());

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
