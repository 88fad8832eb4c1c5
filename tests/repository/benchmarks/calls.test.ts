import { expect } from 'chai';
import { aboveBars, grown, updated, type Baseline } from '../../../benchmarks/calls/baseline';
import { CallCounter } from '../../../benchmarks/calls/CallCounter';
import { countsOf, middleOf, ownerOf, slopeOf, summed, totalOf } from '../../../benchmarks/calls/counts';
import type { Figures } from '../../../benchmarks/calls/measure';
import { entered, sourcesOf } from '../../../benchmarks/calls/sources';

const PLACES = { library: '/repo/dist/index.js', benchmarks: '/repo/benchmarks' };

function figures(changed: Partial<Figures> = {}): Figures {
  return {
    plain: 5000,
    official: 79,
    ours: 60,
    subscribed: 30,
    traced: 60,
    off: 4,
    file: 10,
    officialFile: 11,
    page: 3,
    officialPage: 12,
    functions: 80,
    files: 25,
    ...changed,
  };
}

const BASELINE: Baseline = updated({}, '2.1.0', '20', figures());

function called(): void {
  // Its calls are what is counted.
}

describe('benchmarks: calls', () => {
  it('counts each call of each function, and begins anew each time it is read', async () => {
    const counter = new CallCounter();
    await counter.start();
    for (let i = 0; i < 37; i += 1) called();
    const first = await counter.take();
    called();
    const second = await counter.take();
    const callsOf = (functions: typeof first): number | undefined =>
      functions.find(({ name, file }) => name === 'called' && file.includes('calls.test'))?.calls;
    expect(callsOf(first)).to.equal(37);
    expect(callsOf(second)).to.equal(1);
  });

  it('a function belongs to the library, the driver, its telemetry, Node.js, another package or the benchmark', () => {
    const owners = [
      '/repo/dist/index.js',
      '/repo/node_modules/@databricks/sql/dist/DBSQLClient.js',
      '/repo/node_modules/@databricks/sql-1.12.0/dist/DBSQLClient.js',
      '/repo/node_modules/@databricks/sql/dist/telemetry/MetricsAggregator.js',
      'node:internal/timers',
      '',
      '/repo/node_modules/thrift/lib/index.js',
      '/repo/benchmarks/dist/benchmarks/workload/clients.js',
    ].map((file) => ownerOf(file, PLACES));
    expect(owners).to.deep.equal(['library', 'driver', 'driver', 'telemetry', 'node', 'node', 'packages', 'harness']);
  });

  it('calls are those of one statement, without those of the benchmark itself', () => {
    const one = (file: string, calls: number) => ({ file, name: 'f', offset: 0, calls });
    const counts = countsOf(
      [one(PLACES.library, 600), one(PLACES.library, 400), one('node:net', 50), one('/repo/benchmarks/x.js', 999)],
      100,
      (file) => ownerOf(file, PLACES),
    );
    expect(counts).to.deep.equal({ library: 10, telemetry: 0, driver: 0, node: 0.5, packages: 0 });
    expect(totalOf(counts)).to.equal(10.5);
  });

  it('of several windows the one in the middle counts', () => {
    expect(middleOf([{ n: 9 }, { n: 1000 }, { n: 8 }], ({ n }) => n)).to.deep.equal({ n: 9 });
    expect(() => middleOf([], Number)).to.throw('nothing was counted');
  });

  it('the calls of a function in several windows are one number', () => {
    const one = (offset: number, calls: number) => ({ file: 'a.js', name: '', offset, calls });
    expect(summed([one(1, 2), one(5, 10), one(1, 3)])).to.deep.equal([one(1, 5), one(5, 10)]);
  });

  it('what one more file adds is the difference divided by the further files', () => {
    expect(slopeOf(100, 180, 2, 10)).to.equal(10);
  });

  it('measure who else is told of a statement against fixed bars', () => {
    expect(aboveBars('2.1.0', figures())).to.deep.equal([]);
    expect(aboveBars('2.1.0', figures({ subscribed: 31, traced: 60 }))).to.deep.equal([
      'driver 2.1.0: subscribed: 31, at most 30',
    ]);
    expect(aboveBars('2.1.0', figures({ traced: NaN }))).to.have.length(1);
  });

  it('a number may grow by 3 %, and no more', () => {
    expect(grown(BASELINE, '2.1.0', '20', figures({ ours: 62 }))).to.deep.equal([]);
    expect(grown(BASELINE, '2.1.0', '20', figures({ ours: 63 }))).to.deep.equal([
      'driver 2.1.0 on Node.js 20: calls added to SELECT 1: 63, were 60',
    ]);
    expect(grown(BASELINE, '2.1.0', '20', figures({ off: 5, functions: 90, files: 27 }))).to.have.length(3);
  });

  it('a number may shrink', () => {
    expect(grown(BASELINE, '2.1.0', '20', figures({ ours: 10, page: 0 }))).to.deep.equal([]);
  });

  it('a number that was not measured has grown', () => {
    expect(grown(BASELINE, '2.1.0', '20', figures({ ours: NaN }))).to.have.length(1);
  });

  it('a driver or a Node.js without a baseline is reported', () => {
    for (const [driver, node] of [
      ['3.0.0', '20'],
      ['2.1.0', '24'],
    ] as const) {
      const [line, ...more] = grown(BASELINE, driver, node, figures());
      expect(line).to.include('has no baseline');
      expect(more).to.deep.equal([]);
    }
  });

  it('an update leaves the baselines of other versions alone', () => {
    const both = updated(updated(BASELINE, '2.1.0', '24', figures({ ours: 50.04 })), '1.12.0', '20', figures());
    expect(both['2.1.0']?.['20']?.ours).to.equal(60);
    expect(both['2.1.0']?.['24']?.ours).to.equal(50);
    expect(both['1.12.0']?.['20']?.ours).to.equal(60);
  });
});

describe('benchmarks: sources of a bundle', () => {
  /** A function that the bundler has added, and two of two files. */
  const TEXT = 'function helper() {}\nfunction one() {}\n  function two() {}\n';
  const MAP = {
    file: 'index.js',
    version: 3,
    sources: ['../../../lib/a.ts', '../../../lib/telemetry/b.ts'],
    sourcesContent: [],
    names: [],
    mappings: ';AAAA;ECAA',
    sourceRoot: '',
  };
  const functions = ['one', 'two', 'helper'].map((name, index) => ({
    file: 'index.js',
    name,
    offset: TEXT.indexOf(`function ${name}`),
    calls: [1, 0.01, 5][index] ?? 0,
  }));

  it('a function is found in its source', () => {
    const [one, two, helper] = sourcesOf(functions, TEXT, MAP);
    expect(one?.source).to.equal('lib/a.ts');
    expect(two?.source).to.equal('lib/telemetry/b.ts');
    expect(helper?.source).to.equal(undefined);
  });

  it('a statement enters what runs for every batch at least, and the bundler adds nothing to it', () => {
    const sources = sourcesOf(functions, TEXT, MAP);
    expect(entered(sources, 100)).to.deep.equal({ functions: 2, files: ['lib/a.ts', 'lib/telemetry/b.ts'] });
    expect(entered(sources, 10)).to.deep.equal({ functions: 1, files: ['lib/a.ts'] });
  });
});
