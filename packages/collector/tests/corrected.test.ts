import { expect } from 'chai';
import { holm } from '../lib/store/statistics/contingency';

describe('chances of several questions', () => {
  it('are corrected for how many were asked (Holm): the smallest most, none below a smaller one, none above 1', () => {
    const corrected = holm([0.01, 0.04, 0.03, 0.005, 0.9]).map((p) => Number(p.toFixed(6)));
    expect(corrected).to.deep.equal([0.04, 0.09, 0.09, 0.025, 0.9]);
    expect(holm([0.6, 0.7])).to.deep.equal([1, 1]);
    expect(holm([0.02])).to.deep.equal([0.02]);
  });
});
