import { expect } from 'chai';
import { harness, type Harness } from './drivers';
import { programs, replayProgram } from './oracle/programs';

const PROGRAMS = programs();

/** By the first word of their last statement. */
const KINDS = new Map<string, typeof PROGRAMS>();
for (const program of PROGRAMS) {
  const [word = ''] = (program[0].at(-1) ?? '').split(' ');
  const kind = /^[A-Z]+$/.test(word) ? word : 'other';
  KINDS.set(kind, [...(KINDS.get(kind) ?? []), program]);
}

describe('programs of statements', function () {
  this.timeout(120_000);
  let it_: Harness;
  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  for (const [kind, own] of KINDS) {
    it(`agree with Spark and Delta Lake or are refused by name: ${own.length} that end in ${kind}`, async () => {
      const different: string[] = [];
      for (const program of own) {
        const verdict = await replayProgram(it_, program);
        if (verdict.kind === 'differs') different.push(`${program[0].join('; ')}: ${verdict.how}`);
      }
      expect(different).to.deep.equal([]);
    });
  }

  it('are more than 350', () => {
    expect(PROGRAMS.length).to.be.greaterThan(350);
  });
});
