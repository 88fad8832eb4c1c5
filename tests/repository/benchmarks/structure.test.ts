import { expect } from 'chai';
import { figuresOf } from '../../../benchmarks/structure/figures';
import { circlesOf, closureOf, longestChainOf, type Graph } from '../../../benchmarks/structure/graph';
import { againstLayers, layerOf } from '../../../benchmarks/structure/layers';
import { brokenLimits } from '../../../benchmarks/structure/limits';
import { sourcesOf, type SourceFile } from '../../../benchmarks/structure/sources';

function sources(texts: Record<string, string>): SourceFile[] {
  return sourcesOf(new Map(Object.entries(texts)));
}

const graph = (imports: Record<string, string[]>): Graph => new Map(Object.entries(imports));

describe('benchmarks: lines and imports of a source', () => {
  it('a code line holds a token: blank lines and comments do not count, a line with both does', () => {
    const text = `/**
 * A contract.
 */
export const a = 1; // one

/* before */ export const b = {
  // inside
  c: 2,
};
`;
    const [file] = sources({ a: text });
    expect(file?.codeLines).to.equal(4);
    expect(file?.lines).to.equal(9);
  });

  it('all lines of a template string are code, whatever it looks like', () => {
    const [file] = sources({ a: 'export const a = `\n// no comment\n${1}\n`;\n' });
    expect(file?.codeLines).to.equal(4);
  });

  it('an assertion of a type counts, a constant does not; a catch counts with and without a name, and that of a promise', () => {
    const text =
      'const a = b as unknown as A;\nconst c = [1] as const;\ntry {} catch {}\ntry {} catch (e) {}\np.catch(f);\n';
    expect(sources({ a: text })[0]).to.include({ casts: 2, catches: 3 });
  });

  it('every way to name another file is an import, for a type as for a value, once', () => {
    const [file] = sources({
      'x/a': `import { b } from './b';
import type { B } from './b';
export * from '../c';
export type { D } from './d';
type E = import('./e').E;
const f = () => import('./f');
const g = require('./g') as unknown;
import h = require('./h');
import fs from 'node:fs';
import missing from './missing';
`,
      ...Object.fromEntries(['x/b', 'c', 'x/d', 'x/e', 'x/f', 'x/g', 'x/h'].map((name) => [name, ''])),
    });
    expect([...(file?.imports ?? [])].sort()).to.deep.equal(['c', 'x/b', 'x/d', 'x/e', 'x/f', 'x/g', 'x/h']);
  });

  it('a folder stands for its index', () => {
    const [file] = sources({ a: "import './b';\n", 'b/index': '' });
    expect(file?.imports).to.deep.equal(['b/index']);
  });
});

describe('benchmarks: graph of imports', () => {
  it('a closure is what a file pulls in, itself included, circles or not', () => {
    expect([...closureOf(graph({ a: ['b'], b: ['c', 'a'], c: [], d: ['a'] }), 'a')]).to.have.members(['a', 'b', 'c']);
  });

  it('a circle is a group of files each of which reaches each other', () => {
    const circles = circlesOf(graph({ a: ['b'], b: ['c'], c: ['a'], d: ['e', 'a'], e: ['d'], f: ['f'], g: ['a'] }));
    expect(circles.map((circle) => circle.sort())).to.have.deep.members([['a', 'b', 'c'], ['d', 'e'], ['f']]);
  });

  it('a diamond is no circle', () => {
    expect(circlesOf(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).to.deep.equal([]);
  });

  it('the longest chain is found where a shorter way leads to the same file', () => {
    expect(longestChainOf(graph({ a: ['d', 'b'], b: ['c'], c: ['d'], d: [], e: ['d'] }))).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it('the files of a circle are one floor', () => {
    expect(longestChainOf(graph({ a: ['b'], b: ['c'], c: ['b', 'd'], d: [] }))).to.have.length(3);
  });
});

describe('benchmarks: layers', () => {
  it('a file belongs to the layer of its folder', () => {
    const layers = ['index', 'DBSQLClient', 'observe/api/x', 'sinks/x', 'telemetry/CircuitBreaker', 'telemetry/wire/x'];
    expect(layers.map(layerOf)).to.deep.equal(['index', 'client', 'observe', 'receiver', 'component', 'behind']);
    expect(['contracts/x', 'model/x', 'util/x', 'new/x'].map(layerOf)).to.deep.equal([
      'contracts',
      'model',
      'util',
      'unknown',
    ]);
  });

  it('imports go down, or stay in their layer', () => {
    const down = graph({
      index: ['DBSQLClient', 'model/enums'],
      DBSQLClient: ['observe/api/hooks', 'sinks/file', 'telemetry/TelemetryClient'],
      'observe/api/hooks': ['observe/statement/Statement', 'telemetry/TelemetryClient', 'model/Statement'],
      'sinks/file': ['contracts/ITelemetryExporter', 'sinks/stream'],
      'telemetry/TelemetryClient': ['telemetry/CircuitBreaker', 'telemetry/pipeline/Pipeline'],
      'telemetry/pipeline/Pipeline': ['telemetry/wire/encode', 'util/clock'],
      'contracts/ITelemetryExporter': ['model/Statement'],
      'model/Statement': ['util/clock'],
    });
    expect(againstLayers(down)).to.deep.equal([]);
  });

  it('an import that runs back up is found, and so is one that runs sideways', () => {
    const wrong: [string, string][] = [
      ['DBSQLClient', 'index'],
      ['observe/api/hooks', 'DBSQLClient'],
      ['telemetry/FeatureFlagCache', 'observe/headers'],
      ['telemetry/hosts/HostRegistry', 'telemetry/TelemetryClient'],
      ['observe/api/hooks', 'sinks/file'],
      ['sinks/file', 'telemetry/TelemetryClient'],
      ['sinks/file', 'explain/doctor'],
      ['contracts/IClientContext', 'telemetry/types'],
      ['model/Statement', 'contracts/IClientContext'],
      ['util/clock', 'model/Statement'],
      ['new/thing', 'util/clock'],
    ];
    for (const [from, to] of wrong) {
      expect(againstLayers(graph({ [from]: [to] })), `${from} → ${to}`).to.deep.equal([{ from, to }]);
    }
  });
});

describe('benchmarks: figures of the structure', () => {
  const figures = figuresOf(
    sources({
      index: "export * from './DBSQLClient';\n",
      DBSQLClient: "import './telemetry/CircuitBreaker';\n",
      'telemetry/CircuitBreaker': "import '../model/enums';\nexport const a = 1;\n",
      'model/enums': "import type { A } from '../telemetry/CircuitBreaker';\n",
    }),
  );
  const valueOf = (id: string): number | undefined => figures.find((figure) => figure.id === id)?.value;

  it('count lines, files, floors, circles and imports that run back', () => {
    const ids = ['codeLines', 'files', 'medianLines', 'largestLines', 'floors', 'backwards', 'circles'];
    expect(ids.map(valueOf)).to.deep.equal([5, 4, 1, 2, 2, 1, 1]);
  });

  it('count the files that a component pulls in; a component that is not there has no number', () => {
    expect(valueOf('closure.CircuitBreaker')).to.equal(2);
    expect(valueOf('closure.MetricsAggregator')).to.be.NaN;
  });

  it('a name that one file exports means one thing in all others; what each keeps to itself may be alike', () => {
    const doubled = figuresOf(
      sources({
        a: 'export const one = 1;\nconst own = 1;\nexport function both(): void;\nexport function both(given?: 1): void {}\n',
        b: "import { one as other } from './a';\nconst own = other;\nconst one = 2;\n",
        c: "export { both } from './a';\n",
      }),
    ).find(({ id }) => id === 'doubledNames');
    expect(doubled).to.include({ value: 1 });
    expect(doubled?.details).to.deep.equal(['one: a, b']);
  });

  it('a figure above its limit, or one that is not there, breaks it', () => {
    expect(brokenLimits(figures, { circles: { max: 0 }, files: { max: 4 } })).to.deep.equal([
      'circles: 1, at most 0 allowed',
    ]);
    expect(brokenLimits(figures, { 'closure.MetricsAggregator': { max: 9 }, unheard: { max: 1 } })).to.have.length(2);
  });
});
