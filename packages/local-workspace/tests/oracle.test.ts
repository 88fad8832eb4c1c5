import { expect } from 'chai';
import type { Harness } from './drivers';
import { replay } from './oracle/replay';
import { ALL, differences, entriesOf, FORMATS, sampled, withTable } from './oracle/table';

const TABLE = entriesOf('table.jsonl');
const RANDOM = entriesOf('random.jsonl.gz');

const KINDS: Readonly<Record<string, string>> = {
  c: 'constants',
  r: 'expressions over columns',
  a: 'aggregates',
  q: 'queries',
};

/** Random expressions that are replayed. */
const SAMPLE = ALL ? RANDOM.length : 2000;

describe('agreement with Spark', function () {
  this.timeout(ALL ? 3 * 3_600_000 : 240_000);

  for (const { name, every, options } of FORMATS) {
    describe(name, () => {
      const isFirst = name === FORMATS[0]?.name;
      let it_: Harness;
      before(async () => {
        it_ = await withTable(options);
      });
      after(() => it_.close());

      for (const [kind, title] of Object.entries(KINDS)) {
        const known = TABLE.filter((entry) => entry[0] === kind && entry[2] !== null);
        const answered = sampled(known, every);
        it(`agrees or refuses by name: ${answered.length} ${title}${isFirst ? ', value and type' : ''}`, async () => {
          expect(differences(answered, await replay(it_, answered, isFirst))).to.deep.equal([]);
        });
        if (!isFirst) continue;
        const failing = TABLE.filter((entry) => entry[0] === kind && entry[2] === null);
        it(`fails with Spark's SQLSTATE or refuses by name: ${failing.length} ${title}`, async () => {
          expect(differences(failing, await replay(it_, failing, false))).to.deep.equal([]);
        });
      }
    });
  }

  it(`agrees on ${SAMPLE} random expressions over columns`, async () => {
    const it_ = await withTable();
    try {
      const sample = sampled(RANDOM, RANDOM.length / SAMPLE);
      const verdicts = await replay(it_, sample, false);
      expect(differences(sample, verdicts)).to.deep.equal([]);
      const refused = verdicts.filter(({ kind }) => kind === 'refused').length;
      expect(refused / sample.length).to.be.below(0.02);
    } finally {
      await it_.close();
    }
  });

  it('has a table of more than 6,000 expressions, and 50,000 random ones', () => {
    expect(TABLE.length).to.be.greaterThan(6000);
    expect(RANDOM.length).to.be.greaterThan(50_000);
  });
});
