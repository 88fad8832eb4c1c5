import { expect } from 'chai';
import { Statement } from '../../../../lib/model/Statement';
import { StatementsInFlight } from '../../../../lib/telemetry/pipeline/StatementsInFlight';
import { collectGarbage, countAlive } from '../../.stubs/garbage';
import { errorRecord } from '../../.stubs/telemetryRecords';

const LIMITS = { maxStatementMetrics: 3, statementTtlMs: 1000, maxErrorsPerStatement: 2, maxPendingMetrics: 3 };

const startedAt = (startedAtMs: number): Statement => new Statement(undefined, 's', undefined, 0, startedAtMs);

describe('StatementsInFlight', () => {
  let inFlight: StatementsInFlight;
  beforeEach(() => {
    inFlight = new StatementsInFlight(LIMITS);
  });

  it('counts each statement once, from when it is added until it is removed', () => {
    const [one, two] = [startedAt(0), startedAt(0)];
    for (const statement of [one, two, one]) inFlight.add(statement);
    expect(inFlight.size).to.equal(2);
    inFlight.remove(one);
    inFlight.remove(one);
    expect(inFlight.size).to.equal(1);
    expect(inFlight.oldest()).to.equal(two);
  });

  it('gives up none before its time, and then the oldest, each at its own', () => {
    const [one, two] = [startedAt(0), startedAt(400)];
    inFlight.add(one);
    inFlight.add(two);
    expect(inFlight.overdue(999)).to.equal(undefined);
    expect(inFlight.overdue(1000)).to.equal(one);
    inFlight.remove(one);
    expect(inFlight.overdue(1399)).to.equal(undefined);
    expect(inFlight.overdue(1400)).to.equal(two);
  });

  it('finds what is overdue also after the one it has waited for has ended', () => {
    const [one, two] = [startedAt(0), startedAt(400)];
    inFlight.add(one);
    inFlight.add(two);
    inFlight.remove(one);
    expect(inFlight.overdue(1000)).to.equal(undefined);
    expect(inFlight.overdue(1400)).to.equal(two);
  });

  it('gives up none for which a call waits, but those behind it, and that one when nobody waits any more', () => {
    const [waited, forgotten, young] = [startedAt(0), startedAt(400), startedAt(2000)];
    waited.activeCalls = 1;
    for (const statement of [waited, forgotten, young]) inFlight.add(statement);
    expect(inFlight.overdue(2000)).to.equal(forgotten);
    inFlight.remove(forgotten);
    expect(inFlight.overdue(2000)).to.equal(undefined);
    waited.activeCalls = 0;
    expect(inFlight.overdue(2000)).to.equal(waited);
  });

  it('starts anew after it was empty', () => {
    const [one, two] = [startedAt(0), startedAt(5000)];
    inFlight.add(one);
    inFlight.remove(one);
    inFlight.add(two);
    expect(inFlight.overdue(5999)).to.equal(undefined);
    expect(inFlight.overdue(6000)).to.equal(two);
  });

  it('gives up the oldest of too many at once', () => {
    const statements = [startedAt(0), startedAt(0), startedAt(0), startedAt(0)];
    for (const statement of statements) inFlight.add(statement);
    expect(inFlight.overdue(0)).to.equal(statements[0]);
    inFlight.remove(startedAt(0));
    expect(inFlight.overdue(0)).to.equal(statements[0]);
    for (const statement of statements.slice(0, 1)) inFlight.remove(statement);
    expect(inFlight.overdue(0)).to.equal(undefined);
  });

  it('has nothing overdue when nothing is in flight', () => {
    expect(inFlight.overdue(Infinity)).to.equal(undefined);
    expect(inFlight.oldest()).to.equal(undefined);
  });

  it('keeps errors with their statement until that ends, in their order', () => {
    const [one, two] = [startedAt(0), startedAt(0)];
    const errors = [errorRecord(), errorRecord()];
    for (const error of errors) expect(inFlight.hold(one, error)).to.equal(true);
    expect(inFlight.remove(two)).to.equal(undefined);
    expect(inFlight.heldErrors).to.equal(2);
    expect(inFlight.remove(one)).to.deep.equal(errors);
    expect(inFlight.heldErrors).to.equal(0);
    expect(inFlight.remove(one)).to.equal(undefined);
  });

  it('keeps no more errors with one statement than it may have, and says when all together have enough', () => {
    const [one, two] = [startedAt(0), startedAt(0)];
    expect([1, 2, 3].map(() => inFlight.hold(one, errorRecord()))).to.deep.equal([true, true, false]);
    expect(inFlight.isFull).to.equal(false);
    inFlight.hold(two, errorRecord());
    expect(inFlight.isFull).to.equal(true);
    inFlight.remove(one);
    expect(inFlight.isFull).to.equal(false);
  });

  it('forgets everything, and says how many errors are lost with it', () => {
    const one = startedAt(0);
    inFlight.add(one);
    inFlight.hold(one, errorRecord());
    expect(inFlight.clear()).to.equal(1);
    expect([inFlight.size, inFlight.heldErrors, inFlight.clear()]).to.deep.equal([0, 0, 0]);
    expect(inFlight.remove(one)).to.equal(undefined);
  });

  it('keeps alive no statement that has ended', async () => {
    const ended: WeakRef<Statement>[] = [];
    for (let i = 0; i < 100; i += 1) {
      const statement = startedAt(i);
      inFlight.add(statement);
      inFlight.hold(statement, errorRecord());
      inFlight.remove(statement);
      ended.push(new WeakRef(statement));
    }
    await collectGarbage();
    expect(countAlive(ended)).to.be.below(3);
    expect(inFlight.size).to.equal(0);
  });
});
