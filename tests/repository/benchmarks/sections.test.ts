import { expect } from 'chai';
import { keptOr, sectionsOf } from '../../../benchmarks/harness/sections';

const PAGE = '# Title\n\nWords.\n\n## One\n\nFirst.\n\n### Below\n\n## Two\n\nSecond ## no heading.\n';

describe('benchmarks: sections of a page', () => {
  it('a section goes from its heading to the next of the same level', () => {
    expect([...sectionsOf(PAGE)]).to.deep.equal([
      ['One', '## One\n\nFirst.\n\n### Below'],
      ['Two', '## Two\n\nSecond ## no heading.'],
    ]);
  });

  it('a section that is made takes the place of the old one; one that is not stays, or says that it was not run', () => {
    expect(keptOr('## Two\n\nNew.', 'Two', PAGE)).to.equal('## Two\n\nNew.');
    expect(keptOr(undefined, 'Two', PAGE)).to.equal('## Two\n\nSecond ## no heading.');
    expect(keptOr(undefined, 'Three', PAGE)).to.equal('## Three\n\nNot run.');
  });
});
