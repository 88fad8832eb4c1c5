import { expect } from 'chai';
import sinon from 'sinon';
import { chunk, completed, failed, started } from '../.stubs/telemetryEvents';
import { newStatement, setUp } from './aggregator';

describe('MetricsAggregator: statements by reference, and statements that nobody ends', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => clock.restore());

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
});
