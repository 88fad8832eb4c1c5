import { expect } from 'chai';
import { harness, type Harness } from './drivers';

const numbers = (from: number, to: number): string => `sequence(${from}, ${to})`;
const mapOf = (size: number): string => `map_from_arrays(${numbers(1, size)}, ${numbers(1, size)})`;

/** What takes minutes, or all memory, where each element is looked for among all others or makes the lists anew. */
const LONG: readonly [expression: string, value: unknown][] = [
  [`size(array_distinct(transform(${numbers(1, 200_000)}, x -> x % 70000)))`, 70_000],
  [`size(array_union(${numbers(1, 100_000)}, ${numbers(50_001, 150_000)}))`, 150_000],
  [`size(array_except(${numbers(1, 100_000)}, ${numbers(1, 50_000)}))`, 50_000],
  [`size(array_intersect(${numbers(1, 100_000)}, ${numbers(1, 50_000)}))`, 50_000],
  [`arrays_overlap(${numbers(1, 200_000)}, ${numbers(200_001, 400_000)})`, false],
  [`element_at(zip_with(${numbers(1, 50_000)}, ${numbers(1, 50_000)}, (a, b) -> a + b), -1)`, 100_000],
  [`size(arrays_zip(${numbers(1, 200_000)}, ${numbers(1, 200_000)}))`, 200_000],
  [`size(map_zip_with(${mapOf(5000)}, ${mapOf(5000)}, (k, a, b) -> a + b))`, 5000],
];

describe('lists of many elements', function () {
  this.timeout(120_000);
  let it_: Harness;
  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  it('are refused by name where a comparator would hold the engine for minutes', async () => {
    const sorted = (length: number): string => `array_sort(${numbers(1, length)}, (a, b) -> b - a)[0]`;
    expect(await it_.rows(`SELECT ${sorted(300)} AS x`)).to.deep.equal([{ x: 300 }]);
    const { sqlState, message } = await it_.failure(`SELECT ${sorted(100_000)} AS x`);
    expect(sqlState).to.equal('0A000');
    expect(message).to.contain('more than 10,000 elements');
  });

  for (const [expression, value] of LONG) {
    it(`are no work that grows with the square of their length in ${expression}`, async () => {
      expect(await it_.rows(`SELECT ${expression} AS x`)).to.deep.equal([{ x: value }]);
    });
  }
});
