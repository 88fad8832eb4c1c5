import { expect } from 'chai';
import { addedOf, percentOf, seeded, trimmedMean, type Processes, type Round } from '../../../benchmarks/harness/added';

/** Numbers around zero of about a normal distribution with deviation 1. */
function noise(random: () => number): () => number {
  return () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

interface Truth {
  readonly official: number;
  readonly ours: number;
  readonly deviation: number;
}

/** Rounds of processes in which the machine is now slower and now faster, for all subjects alike. */
function measured({ official, ours, deviation }: Truth, seed = 7, processes = 3, rounds = 30): Processes {
  const next = noise(seeded(seed));
  const round = (): Round => {
    const plain = 1000 + 100 * next();
    const around = (added: number): number => plain + added + deviation * next();
    return { plain, again: around(0), official: around(official), ours: around(ours) };
  };
  return Array.from({ length: processes }, () => Array.from({ length: rounds }, round));
}

describe('benchmarks: what subjects add that take turns in one process', () => {
  it('the plain number is the median of all rounds of all processes', () => {
    const processes = [[{ plain: 1, ours: 2 }], [{ plain: 5, ours: 6 }], [{ plain: 3, ours: 4 }]];
    expect(addedOf(processes).plain).to.equal(3);
  });

  it('finds what was added although rounds differ by more than that', () => {
    const { subjects } = addedOf(measured({ official: 40, ours: 110, deviation: 5 }));
    expect(subjects.ours?.value).to.be.closeTo(110, 3);
    expect(subjects.official?.value).to.be.closeTo(40, 3);
    expect(subjects.again?.value).to.be.closeTo(0, 3);
  });

  it('the ratio is what ours adds divided by what the official telemetry adds', () => {
    const { toOfficial } = addedOf(measured({ official: 40, ours: 100, deviation: 5 }));
    expect(toOfficial?.value).to.be.closeTo(2.5, 0.2);
    expect(toOfficial?.low).to.be.below(2.5);
    expect(toOfficial?.high).to.be.above(2.5);
  });

  it('there is no ratio where what the official telemetry adds cannot be told from zero', () => {
    expect(addedOf(measured({ official: 0.5, ours: 100, deviation: 50 })).toOfficial).to.equal(undefined);
  });

  it('one round in ten may be disturbed at each end without changing the number', () => {
    const calm = measured({ official: 40, ours: 100, deviation: 0 }, 7, 1, 20);
    const disturbed = calm.map((rounds) =>
      rounds.map((round, index) => (index < 2 ? { ...round, ours: (round.ours ?? NaN) * 50 } : round)),
    );
    expect(addedOf(disturbed).subjects.ours?.value).to.be.closeTo(100, 1e-6);
  });

  it('the interval grows with the noise and shrinks with the rounds', () => {
    const width = (deviation: number, rounds: number): number => {
      const ours = addedOf(measured({ official: 40, ours: 100, deviation }, 3, 3, rounds)).subjects.ours;
      return (ours?.high ?? NaN) - (ours?.low ?? NaN);
    };
    expect(width(40, 30)).to.be.above(2 * width(10, 30));
    expect(width(40, 120)).to.be.below(width(40, 30));
  });

  it('the interval knows that processes differ, and is wider than they are where they are few', () => {
    const widthOf = (processes: readonly number[]): number => {
      const measured = processes.map((ours) => Array.from({ length: 4 }, () => ({ plain: 1000, ours: 1000 + ours })));
      const { ours } = addedOf(measured).subjects;
      expect(ours?.value).to.be.closeTo(100, 1e-6);
      return (ours?.high ?? NaN) - (ours?.low ?? NaN);
    };
    expect(widthOf([90, 110])).to.be.closeTo(20 * Math.sqrt(2), 1e-6);
    expect(widthOf([90, 100, 110])).to.be.closeTo(20 * Math.sqrt(1.5), 1e-6);
    expect(widthOf([100, 100, 100])).to.be.closeTo(0, 1e-6);
  });

  it('one round is no interval', () => {
    expect(addedOf([[{ plain: 1, ours: 2 }]]).subjects.ours?.low).to.be.NaN;
  });

  it('the interval holds the true number in most runs', () => {
    let held = 0;
    for (let seed = 1; seed <= 25; seed += 1) {
      const { ours } = addedOf(measured({ official: 40, ours: 100, deviation: 20 }, seed * 1000)).subjects;
      if (ours !== undefined && ours.low <= 100 && ours.high >= 100) held += 1;
    }
    expect(held).to.be.at.least(20);
  });

  it('the same measurements give the same interval each time', () => {
    const processes = measured({ official: 40, ours: 100, deviation: 20 });
    expect(addedOf(processes)).to.deep.equal(addedOf(processes));
  });

  it('nothing measured is no number, and no ratio', () => {
    expect(addedOf([]).plain).to.be.NaN;
    expect(addedOf([]).toOfficial).to.equal(undefined);
  });

  it('a percentage is of the plain number, at the middle and at both ends', () => {
    expect(percentOf({ value: 50, low: 40, high: 60 }, 200)).to.deep.equal({ value: 25, low: 20, high: 30 });
  });

  it('a trimmed mean leaves out a tenth at each end, and one of five or more', () => {
    expect(trimmedMean([1000, 1, 2, 3, 4, 5, 6, 7, 8, -1000])).to.equal(4.5);
    expect(trimmedMean([...Array.from({ length: 16 }, () => 7), 1e6, 1e6, -1e6, -1e6])).to.equal(7);
    expect(trimmedMean([1000, 1, 2, 3, -1000])).to.equal(2);
    expect(trimmedMean([1, 2, 6, 7])).to.equal(4);
  });
});
