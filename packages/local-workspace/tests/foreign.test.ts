import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compare, table, type Seen } from '../foreign/compare';
import { DRIVERS } from '../foreign/drivers';
import { EXPECTED } from '../foreign/expected';
import { sentOtherwise } from '../foreign/formats';
import { normalize } from '../foreign/normalize';
import type { Observation } from '../foreign/observations';
import { STATEMENTS } from '../foreign/scenarios';
import { contradictions, toldTable } from '../foreign/told';

const run = (row: string, ...observations: readonly Observation[]): Seen => ({
  row,
  way: 'direct',
  mode: 'files',
  scenarios: ['types'],
  observations,
});
const int = (...values: readonly unknown[]): Observation => ({ scenario: 'types', case: 'int', values });
const marks = (...seen: readonly Seen[]): string => table(compare(seen, new Map(), {}).rows);
const problems = (row: string, ...seen: readonly Seen[]): readonly string[] | undefined =>
  compare(seen, new Map(), {}).rows.get(row)?.get('types')?.problems;

describe('the comparison of drivers', () => {
  it('passes drivers that read the same, in the spelling of their languages', () => {
    expect(problems('b', run('a', int('1', null)), run('b', int('1', null)))).to.deep.equal([]);
    expect(normalize('timestamp', '2024-02-29T12:34:56.500Z')).to.equal(
      normalize('timestamp', '2024-02-29 12:34:56.5'),
    );
    expect(normalize('float', '-0.10000000149011612')).to.equal(normalize('float', '-0.1'));
    expect(normalize('double', '-inf')).to.equal(normalize('double', '-Infinity'));
    expect(normalize('decimal', '0.00')).to.equal(normalize('decimal', '0'));
    expect(normalize('map', { b: null, a: '1.0' })).to.equal(normalize('map', '{"a":1,"b":null}'));
  });

  it('tells NULL from an empty text, and one value from another', () => {
    expect(normalize('string', null)).to.not.equal(normalize('string', ''));
    expect(normalize('double', '1.1')).to.not.equal(normalize('double', '1.2'));
  });

  it('fails the one that reads something else than the others', () => {
    const seen = [run('a', int('1')), run('b', int('2')), run('c', int('1'))];
    expect(problems('b', ...seen)).to.deep.equal(['types/int (files): 2 in place of 1']);
    expect(marks(...seen)).to.match(/^b +FAILED 1/m);
  });

  it('fails the one that gives no answer, or fails', () => {
    expect(problems('b', run('a', int('1')), run('b'))).to.deep.equal(['types/int (files): no answer']);
    const failed = run('b', { scenario: 'types', failed: 'refused' });
    expect(problems('b', run('a', int('1')), failed)).to.deep.equal(['types/ (files): refused']);
  });

  it('fails all of them when they agree on what is not expected', () => {
    const seen = [run('a', int('2')), run('b', int('2'))];
    const { rows } = compare(seen, new Map(), { 'types/int': ['1'], 'types/date': ['2024-02-29'], 'orm/rows': [] });
    const found = ['types/int (files): 2 in place of 1', 'types/date (files): no answer'];
    expect([...rows.values()].map((cells) => cells.get('types')?.problems)).to.deep.equal([found, found]);
  });

  it('knows what must be read in every case that is a statement', () => {
    const { types, parameters, errors } = STATEMENTS;
    const cases = Object.entries({ types, parameters, errors }).flatMap(([scenario, all]) =>
      all.map(({ name }) => `${scenario}/${name}`),
    );
    expect(Object.keys(EXPECTED)).to.include.members(cases);
  });

  it('keeps what came through the gateway in a row of its own', () => {
    const seen = [run('a', int('1')), { ...run('a', int('2')), way: 'gateway' as const }, run('b', int('1'))];
    expect(marks(...seen))
      .to.match(/^a by the gateway +FAILED 1/m)
      .and.to.match(/^a +ok/m);
  });

  it('fails a run whose results came in another way than its mode says', () => {
    const [first] = STATEMENTS.types;
    const sent = STATEMENTS.types.map(({ sql }) => ({ sql, protocol: 'thrift', resultFormat: 'cloudfetch' }) as never);
    expect(sentOtherwise('files', ['types'], sent)).to.deep.equal([]);
    expect(sentOtherwise('sea-files', ['types'], sent)).to.have.lengthOf(STATEMENTS.types.length);
    expect(sentOtherwise('arrow', ['types'], sent)[0]).to.deep.equal({
      scenario: 'types',
      case: `${first?.name}, format`,
      failed: 'came as cloudfetch by thrift',
    });
    expect(sentOtherwise('files', ['large'], sent)[0]?.failed).to.equal('was not asked for');
  });

  it('marks what a driver has no call for', () => {
    expect(marks(run('a', int('1')), run('b', { scenario: 'types', unsupported: 'no call' }))).to.match(/^b +-$/m);
  });
});

describe('the table of what each driver tells', () => {
  const seen = (percent: number): ReadonlyMap<string, ReadonlyMap<string, number>> =>
    new Map([['driver 1.0', new Map([['pollCount', percent]])]]);
  const polls = (percent: number, before?: string): string | undefined =>
    /^\| polls .*\| (\w+) +\|$/m.exec(toldTable(seen(percent), before))?.[1];

  it('says yes of what most statements have, some of what a part has, no of what none has', () => {
    expect([100, 65, 64, 1, 0].map((percent) => polls(percent))).to.deep.equal(['yes', 'yes', 'some', 'some', 'no']);
  });

  it('keeps its words from run to run while what was seen does not contradict them', () => {
    for (const [told, near, far] of [
      [100, 50, 49],
      [30, 89, 90],
      [0, 5, 6],
    ] as const) {
      const table = toldTable(seen(told));
      expect(contradictions(table, seen(near)), `${told} ${near}`).to.deep.equal([]);
      expect(polls(near, table)).to.equal(polls(told));
      expect(contradictions(table, seen(far))).to.deep.equal([
        `"polls" of driver 1.0 is ${polls(told)}, seen in ${far} %`,
      ]);
      expect(polls(far, table)).to.equal(polls(far));
    }
  });

  it('names drivers that only one of both has', () => {
    const table = toldTable(new Map([['gone 1.0', new Map()]]));
    expect(contradictions(table, seen(0))).to.include.members([
      'gone 1.0 sent nothing',
      '"polls" of driver 1.0 is missing, seen in 0 %',
    ]);
  });
});

describe('the drivers of other languages', () => {
  for (const [document, sends] of [
    ['packages/local-workspace/README.md', false],
    ['packages/collector/README.md', true],
  ] as const) {
    it(`${document} names the versions that are tried`, () => {
      const text = readFileSync(join(__dirname, '../../..', document), 'utf8');
      for (const { name, version, sendsTelemetry } of DRIVERS) {
        if (sends && (!sendsTelemetry || name === '@databricks/sql')) continue;
        expect(text, name).to.match(new RegExp(`\`${name}\`[ |]+${version.replaceAll('.', '\\.')}\\b`));
      }
    });
  }
});
