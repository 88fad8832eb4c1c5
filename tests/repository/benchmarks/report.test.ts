import { expect } from 'chai';
import { shuffled } from '../../../benchmarks/harness/measure';
import {
  ADDED_HEADINGS,
  addedCells,
  addedResult,
  cells,
  HEADINGS,
  numberText,
  resultOf,
  table,
  tablesOf,
} from '../../../benchmarks/harness/report';

const ADDED = addedResult(
  'turns.cpu',
  'tiny query, CPU',
  'µs',
  [40, 40, 40].map((official) => [{ plain: 1000, again: 990, floor: 1005, official: 1000 + official, ours: 1100 }]),
  'ours',
);

describe('benchmarks: report', () => {
  it('numbers have about three digits', () => {
    expect([0.1234, 1.234, 12.34, 123.4, 1234567, NaN].map(numberText)).to.deep.equal([
      '0.123',
      '1.23',
      '12.3',
      '123',
      '1.23e+6',
      '-',
    ]);
  });

  it('a case shows medians with quartiles, and how often the other takes what ours takes', () => {
    const result = resultOf('case', 'a case', 'ns', { ours: [10, 10, 10], official: [20, 30, 40] });
    const row = Object.fromEntries(HEADINGS.map((heading, column) => [heading, cells(result)[column]]));
    expect(row).to.include({ case: 'a case', unit: 'ns', ours: '10.0 (10.0–10.0)', official: '30.0 (25.0–35.0)' });
    expect(row['ratio']).to.match(/^3\.00× \(/);
    expect(row['to']).to.equal('official');
  });

  it('a number around zero and numbers that were not measured side by side have no ratio', () => {
    expect(resultOf('a', 'a', 'ns', { ours: [-1, 0, 0], official: [1, 2, 3] }).ratio).to.equal(undefined);
    expect(resultOf('a', 'a', 'ns', { ours: [1, 1], official: [1, 2, 3] }).ratio).to.equal(undefined);
  });

  it('where subjects took turns, each shows what it adds, in its unit and in % of the plain driver', () => {
    const row = Object.fromEntries(ADDED_HEADINGS.map((heading, column) => [heading, addedCells(ADDED)[column]]));
    expect(row).to.deep.equal({
      case: 'tiny query, CPU',
      unit: 'µs',
      'plain driver': '1000',
      again: '−10.0: −1.0 (−1.0 to −1.0) %',
      'bare request': '+5.00: +0.5 (+0.5 to +0.5) %',
      official: '+40.0: +4.0 (+4.0 to +4.0) %',
      ours: '+100: +10.0 (+10.0 to +10.0) %',
      'ours ÷ official': '2.50 (2.50 to 2.50)×',
    });
  });

  it('a case of the library switched off shows no official telemetry beside it', () => {
    const processes = [0, 1].map(() => [{ plain: 10, again: 10, official: 12, disabled: 11 }]);
    const row = addedCells(addedResult('off', 'off', 'µs', processes, 'disabled'));
    expect(row[ADDED_HEADINGS.indexOf('official')]).to.equal('');
    expect(row[ADDED_HEADINGS.indexOf('ours')]).to.match(/^\+1\.00: \+10\.0 /);
  });

  it('cases of both kinds make two tables, those of one kind make one', () => {
    const other = resultOf('case', 'a case', 'ns', { ours: [1], official: [2] });
    expect(tablesOf([ADDED, other]).split('\n\n')).to.have.length(2);
    expect(tablesOf([other]).split('\n\n')).to.have.length(1);
    expect(tablesOf([ADDED])).to.match(/^case +unit +plain driver/);
  });

  it('the columns of a table are aligned', () => {
    expect(table([['a', 'bb'], ['ccc'], ['d', 'e']])).to.equal('a    bb\nccc\nd    e');
  });

  it('each order of the subjects is as likely as another', () => {
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i += 1) {
      const order = shuffled(['a', 'b', 'c']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).to.deep.equal(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    for (const count of orders.values()) expect(count).to.be.within(800, 1200);
  });
});
