import { expect } from 'chai';
import { brokenBudgets, type Budget } from '../../../benchmarks/harness/budgets';
import { addedResult, resultOf, factOf, type Result } from '../../../benchmarks/harness/report';
import committed from '../../../benchmarks/budgets.json';

const EASE = { shareOfRatio: 0.75, factorOfOurs: 2 };

function broken(results: readonly Result[], cases: Record<string, Budget>, isShort = false): string[] {
  return brokenBudgets(
    results,
    { short: EASE, fleet: { maxPeakToMean: 2, maxFlagPeakToMean: 2, maxLost: 0 }, structure: {}, cases },
    isShort,
  );
}

/** Ten rounds in which the official telemetry takes about `ratio` times what ours takes. */
function measured(ratio: number, ours = 100): Result {
  const rounds = Array.from({ length: 10 }, (_, round) => ours + round);
  return resultOf('case', 'a case', 'ns', { ours: rounds, official: rounds.map((value) => value * ratio) });
}

/** Three processes in which subjects add these numbers to the 1000 of the plain driver. */
function turns(added: Partial<Record<'ours' | 'official', readonly number[]>>): Result {
  const processes = [0, 1, 2].map((process) => [
    {
      plain: 1000,
      ...Object.fromEntries(Object.entries(added).map(([name, numbers]) => [name, 1000 + (numbers[process] ?? NaN)])),
    },
  ]);
  return addedResult('case', 'a case', 'µs', processes, 'ours');
}

describe('benchmarks: budgets', () => {
  it('a ratio below its budget breaks it, one above does not', () => {
    expect(broken([measured(1.9)], { case: { minRatio: 2 } })).to.deep.equal([
      'case: ratio 1.900, at least 2.000 allowed',
    ]);
    expect(broken([measured(2.1)], { case: { minRatio: 2 } })).to.deep.equal([]);
  });

  it('a ratio breaks its budget when its whole interval lies below it, not when its median does', () => {
    const official = [150, 190, 190, 190, 190, 190, 190, 190, 210, 210];
    const wide = resultOf('case', 'a case', 'ns', { ours: official.map(() => 100), official });
    expect(wide.ratio?.median).to.equal(1.9);
    expect(broken([wide], { case: { minRatio: 2 } })).to.deep.equal([]);
    expect(broken([wide], { case: { minRatio: 2.2 } })).to.have.length(1);
  });

  it('a number above its budget breaks it', () => {
    expect(broken([measured(3, 200)], { case: { maxOurs: 150 } })).to.deep.equal(['case: 205 ns, at most 150 allowed']);
    expect(broken([measured(3, 100)], { case: { maxOurs: 150 } })).to.deep.equal([]);
  });

  it('a number breaks its budget when its lower quartile lies above it, not when its median does', () => {
    expect(broken([measured(3, 147)], { case: { maxOurs: 150 } })).to.deep.equal([]);
    expect(broken([measured(3, 149)], { case: { maxOurs: 150 } })).to.have.length(1);
  });

  it('a number may grow as the official one does on a slow machine, and has no less on a fast one', () => {
    const cases = { case: { maxOurs: 150, official: 400 } };
    expect(broken([measured(3, 200)], cases)).to.deep.equal([]);
    expect(broken([measured(2, 200)], cases)).to.have.length(1);
    expect(broken([measured(1, 145)], cases)).to.deep.equal([]);
  });

  it('the short form allows three quarters of what a ratio is above 1, and twice the time', () => {
    const cases = { case: { minRatio: 5, maxOurs: 60 } };
    expect(broken([measured(4.1)], cases, true)).to.deep.equal([]);
    expect(broken([measured(3.9)], cases, true)).to.have.length(1);
    expect(broken([measured(5.1)], cases)).to.have.length(1);
  });

  it('what was not measured breaks its budget', () => {
    const nothing = resultOf('case', 'a case', 'ns', { ours: [], official: [] });
    expect(broken([nothing], { case: { minRatio: 2, maxOurs: 5 } })).to.have.length(2);
  });

  it('what is added breaks its budget when its whole interval lies above it, as a percentage of the plain driver', () => {
    const added = turns({ ours: [90, 100, 110], official: [40, 40, 40] });
    expect(broken([added], { case: { maxAdded: 8 } })).to.deep.equal(['case: 10.0 % added, at most 8 allowed']);
    expect(broken([added], { case: { maxAdded: 9.5 } })).to.deep.equal([]);
  });

  it('what is added beside the official telemetry breaks its budget in the same way', () => {
    const added = turns({ ours: [90, 100, 110], official: [40, 40, 40] });
    expect(broken([added], { case: { maxToOfficial: 2 } })).to.deep.equal([
      'case: 2.50 times what official adds, at most 2 allowed',
    ]);
    expect(broken([added], { case: { maxToOfficial: 2.4 } })).to.deep.equal([]);
  });

  it('the short form allows twice what may be added', () => {
    const added = turns({ ours: [90, 100, 110], official: [40, 40, 40] });
    expect(broken([added], { case: { maxAdded: 5, maxToOfficial: 1.2 } }, true)).to.deep.equal([]);
    expect(broken([added], { case: { maxAdded: 4, maxToOfficial: 1 } }, true)).to.have.length(2);
  });

  it('there is nothing to compare where the official telemetry adds nothing, but what is added has its limit', () => {
    const added = turns({ ours: [90, 100, 110], official: [-5, 0, 5] });
    expect(broken([added], { case: { maxToOfficial: 1 } })).to.deep.equal([]);
    expect(broken([added], { case: { maxToOfficial: 1, maxAdded: 1 } })).to.have.length(1);
  });

  it('what a subject adds that had no turn breaks its budget', () => {
    expect(broken([turns({ official: [1, 1, 1] })], { case: { maxAdded: 50 } })).to.have.length(1);
    expect(broken([measured(2)], { case: { maxAdded: 50 } })).to.have.length(1);
  });

  it('a fact that does not hold is a broken budget of its own', () => {
    expect(broken([factOf('fact', 'a fact', false)], {})).to.deep.equal(['fact: does not hold']);
    expect(broken([factOf('fact', 'a fact', true)], {})).to.deep.equal([]);
  });

  it('each goal that is not the budget has its reason beside it', () => {
    for (const [id, budget] of Object.entries<Budget>(committed.cases)) {
      expect(budget.reason === undefined, id).to.equal(budget.goal === undefined);
    }
  });
});
