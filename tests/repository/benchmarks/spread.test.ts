import { expect } from 'chai';
import { ratioOf, spreadOf } from '../../../benchmarks/harness/spread';

describe('benchmarks: spreads and ratios', () => {
  it('a spread is the median and the quartiles, between two values where none stands there', () => {
    expect(spreadOf([5, 1, 3, 2, 4])).to.deep.equal({ median: 3, low: 2, high: 4, count: 5 });
    expect(spreadOf([4, 1, 2, 3])).to.deep.equal({ median: 2.5, low: 1.75, high: 3.25, count: 4 });
  });

  it('a spread of nothing is no number', () => {
    expect(spreadOf([]).median).to.be.NaN;
  });

  it('a ratio is taken round by round, so that what slows down a whole round does not change it', () => {
    const ratio = ratioOf([20, 200, 24, 18], [10, 100, 12, 9]);
    expect([ratio.median, ratio.atLeast, ratio.atMost]).to.deep.equal([2, 2, 2]);
  });

  it('the interval of a ratio leaves out the same number of rounds at both ends', () => {
    const ratios = Array.from({ length: 100 }, (_, round) => round);
    const { atLeast, atMost } = ratioOf(
      ratios,
      ratios.map(() => 1),
    );
    expect([atLeast, atMost]).to.deep.equal([40, 59]);
  });

  it('the interval of a ratio holds its true median in about 95 of 100 runs', () => {
    let held = 0;
    for (let run = 0; run < 500; run += 1) {
      const above = Array.from({ length: 40 }, () => 2 + (Math.random() - 0.5) ** 3);
      const { atLeast, atMost } = ratioOf(
        above,
        above.map(() => 1),
      );
      if (atLeast <= 2 && atMost >= 2) held += 1;
    }
    expect(held).to.be.within(455, 498);
  });
});
