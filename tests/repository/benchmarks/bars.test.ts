import { expect } from 'chai';
import { barsOf, type Bar, type Measurements } from '../../../benchmarks/bars/rows';
import { STOPS, stopsText } from '../../../benchmarks/bars/stops';
import { structure as limits } from '../../../benchmarks/budgets.json';
import { addedResult, resultOf, type Result } from '../../../benchmarks/harness/report';
import { figuresOf } from '../../../benchmarks/structure/figures';

const CALLS: Measurements['calls'] = {
  plain: 5000,
  official: 78.4,
  ours: 64,
  subscribed: 20,
  traced: 50,
  off: 7,
  file: 10,
  officialFile: 10.7,
  page: 3.5,
  officialPage: undefined,
  functions: 80,
  files: 26,
};

function turns(id: string, ours: readonly number[], official: readonly number[]): Result {
  const processes = ours.map((added, index) => [
    { plain: 1000, ours: 1000 + added, official: 1000 + (official[index] ?? NaN) },
  ]);
  return addedResult(id, id, 'µs', processes, 'ours');
}

function bars(given: Partial<Measurements> = {}): Map<string, Bar> {
  const all = barsOf({ calls: CALLS, structure: [], limits: {}, results: [], ...given });
  return new Map(all.map((bar) => [bar.measure, bar]));
}

describe('benchmarks: table of bars', () => {
  it('a count meets its goal when it is not above it', () => {
    const table = bars();
    expect(table.get('added calls, SELECT 1, export included')).to.deep.equal({
      measure: 'added calls, SELECT 1, export included',
      goal: '≤ 65',
      now: '64 (official 78.4)',
      met: 'yes',
    });
    const met = [...table].filter(([measure]) => measure.includes('calls')).map(([, bar]) => bar.met);
    expect(met).to.deep.equal(['yes', 'yes', 'no', 'no']);
    expect(table.get('files that one SELECT 1 and its export enter')?.met).to.equal('no');
  });

  it('a share of CPU stands beside the official one, and is unclear where the interval holds the goal', () => {
    const met = (ours: readonly number[], official: readonly number[]): Bar | undefined =>
      bars({ results: [turns('turns.cpu', ours, official)] }).get('CPU of tiny queries');
    expect(met([80, 80, 80], [40, 40, 40])?.now)
      .to.include('+8.0 %')
      .and.include('2.00× official');
    expect(met([80, 80, 80], [40, 40, 40])?.met).to.equal('no');
    expect(met([30, 30, 30], [40, 40, 40])?.met).to.equal('yes');
    expect(met([20, 40, 60], [40, 40, 40])?.met).to.equal('unclear');
  });

  it('a ratio meets its goal with its whole interval', () => {
    const met = (ratio: number): Bar['met'] | undefined => {
      const ours = Array.from({ length: 20 }, (_, round) => 100 + round);
      const official = ours.map((value) => value * ratio);
      const results = [resultOf('lifecycle.time', 'a', 'ns', { ours, official })];
      return bars({ results }).get('lifecycle, to official')?.met;
    };
    expect([met(3.9), met(4.1)]).to.deep.equal(['no', 'yes']);
  });

  it("the demo's wall time is a ratio", () => {
    const bar = bars({ results: [turns('demo.wall', [20, 20, 20], [])] }).get(
      "wall time of the demo's workload, telemetry on ÷ off",
    );
    expect(bar?.now).to.equal('1.020 (1.020 to 1.020)');
    expect(bar?.met).to.equal('no');
  });

  it('what was not measured says so', () => {
    const unknown = [...bars().values()].filter(({ met }) => met === 'unknown');
    expect(unknown).to.have.length(6);
    expect(unknown.every(({ now }) => now === 'not measured')).to.equal(true);
  });

  it('a figure of the structure has the goal of its budget, or the budget itself', () => {
    const figure = (id: string, value: number) => ({ id, label: id, value, details: [] });
    const table = bars({
      structure: [figure('floors', 12), figure('circles', 1), figure('median', 70), figure('free', 1)],
      limits: { floors: { max: 18, goal: 12 }, circles: { max: 3, goal: 0 }, median: { max: 80 } },
    });
    expect(table.get('floors')).to.deep.equal({ measure: 'floors', goal: '≤ 12', now: '12', met: 'yes' });
    expect(table.get('circles')?.met).to.equal('no');
    expect(table.get('median')?.met).to.equal('yes');
    expect(table.has('free')).to.equal(false);
  });

  it('each paragraph about what stops a goal is about a bar of the table, and follows the order of the bars', () => {
    const measures = [...bars({ structure: figuresOf([]), limits }).keys()];
    expect(measures).to.include.members(Object.keys(STOPS));
    const [first = '', second = ''] = Object.keys(STOPS);
    const lines = stopsText([second, 'a goal that is met', first]).split('\n');
    expect(lines.map((line) => line.split('**')[1])).to.deep.equal([second, first]);
  });
});
