import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { chunk, closed, completed, failed, opened, started } from '../.stubs/telemetryEvents';
import { connectionInfo } from '../.stubs/telemetryRecords';
import { setUp } from './aggregator';

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

  it('remembers the ids of thousands of ended statements, in bounded memory', async () => {
    const { aggregator, send } = setUp();
    for (let i = 0; i < 4096; i += 1) send(completed(`s${i}`));
    send(chunk('s0'));
    expect(aggregator.getStats().inFlightStatements).to.equal(0);
    for (let i = 4096; i < 3 * 4096; i += 1) send(completed(`s${i}`));
    send(chunk('s0'));
    expect(aggregator.getStats().inFlightStatements).to.equal(1);
  });
});
