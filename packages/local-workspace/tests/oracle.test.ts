import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { harness, type Harness, type HarnessOptions } from './drivers';
import { replay, type Entry, type Verdict } from './oracle/replay';

const FOLDER = join(__dirname, '..', 'oracle');

function entriesOf(file: string): Entry[] {
  const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Entry);
}

const TABLE = entriesOf('table.jsonl');
const RANDOM = entriesOf('random.jsonl');
const SETUP = readFileSync(join(FOLDER, 'setup.sql'), 'utf8');

const KINDS: Readonly<Record<string, string>> = {
  c: 'constants',
  r: 'expressions over columns',
  a: 'aggregates',
  q: 'queries',
};

/** `ORACLE_ALL=1` replays everything in every format; without it a part is replayed, always the same. */
const ALL = process.env['ORACLE_ALL'] === '1';

/** Random expressions that are replayed. */
const SAMPLE = ALL ? RANDOM.length : 2000;

async function withTable(options: HarnessOptions = {}): Promise<Harness> {
  const it_ = await harness(options);
  await it_.rows(`CREATE TABLE t AS ${SETUP}`);
  return it_;
}

/** What differs, one line each. */
function differences(entries: readonly Entry[], verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap((verdict, i) => (verdict.kind === 'differs' ? [`${entries[i]?.[1]}: ${verdict.how}`] : []));
}

/** `every`: of how many expressions one is replayed. */
const FORMATS: readonly { name: string; every: number; options: HarnessOptions }[] = [
  { name: 'Arrow results', every: 1, options: { config: { useCloudFetch: false } } },
  { name: 'column-based results', every: ALL ? 1 : 3, options: { config: { arrowEnabled: false } } },
  {
    name: 'CloudFetch results',
    every: ALL ? 1 : 3,
    options: { config: { useCloudFetch: true }, cloudFetch: { thresholdBytes: 0 } },
  },
];

function sampled(entries: readonly Entry[], every: number): Entry[] {
  return entries.filter((_entry, i) => i % every === 0);
}

describe('agreement with Spark', function () {
  this.timeout(240_000);

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

  it('has a table of more than 6,000 expressions', async () => {
    expect(TABLE.length).to.be.greaterThan(6000);
  });
});
