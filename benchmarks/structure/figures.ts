import { spreadOf } from '../harness/spread';
import { circlesOf, closureOf, longestChainOf, type Graph } from './graph';
import { againstLayers } from './layers';
import type { SourceFile } from './sources';

/** The components that a driver can take over, with what each pulls in. */
const COMPONENTS = [
  'types',
  'ExceptionClassifier',
  'CircuitBreaker',
  'CircuitBreakerRegistry',
  'FeatureFlagCache',
  'TelemetryEventEmitter',
  'MetricsAggregator',
  'DatabricksTelemetryExporter',
  'TelemetryClient',
  'TelemetryClientProvider',
] as const;

export interface Figure {
  /** Stable name, by which `budgets.json` refers to it. */
  readonly id: string;
  readonly label: string;
  readonly value: number;
  /** What the number is made of, for whoever wants it smaller. */
  readonly details: readonly string[];
}

/** Names that one file exports and another gives to something else, each with the files. */
function doubledNames(sources: readonly SourceFile[]): string[] {
  const files = new Map<string, string[]>();
  const exported = new Set<string>();
  for (const { name: file, declared } of sources) {
    for (const { name, isExported } of declared) {
      if (isExported) exported.add(name);
      const known = files.get(name) ?? [];
      // Overloads, and a value and a type of one name.
      if (!known.includes(file)) files.set(name, [...known, file]);
    }
  }
  return [...files].flatMap(([name, where]) =>
    exported.has(name) && where.length > 1 ? [`${name}: ${where.join(', ')}`] : [],
  );
}

export function figuresOf(sources: readonly SourceFile[]): Figure[] {
  const graph: Graph = new Map(sources.map(({ name, imports }) => [name, imports]));
  const bySize = [...sources].sort((a, b) => b.lines - a.lines);
  const circles = circlesOf(graph);
  const chain = longestChainOf(graph);
  const back = againstLayers(graph);
  const doubled = doubledNames(sources);
  const sumOf = (what: 'codeLines' | 'casts' | 'catches'): number =>
    sources.reduce((total, source) => total + source[what], 0);
  const most = (what: 'casts' | 'catches'): string[] =>
    [...sources]
      .sort((a, b) => b[what] - a[what])
      .slice(0, 10)
      .map((source) => `${source.name}: ${source[what]}`);
  const figure = (id: string, label: string, value: number, details: readonly string[] = []): Figure => ({
    id,
    label,
    value,
    details,
  });
  return [
    figure('codeLines', 'code lines', sumOf('codeLines')),
    figure('files', 'files', sources.length),
    figure('medianLines', 'median file, lines', spreadOf(sources.map(({ lines }) => lines)).median),
    figure(
      'largestLines',
      'largest file, lines',
      bySize[0]?.lines ?? NaN,
      bySize.slice(0, 5).map(({ name, lines }) => `${name}: ${lines}`),
    ),
    figure('floors', 'longest chain of imports (floors)', chain.length - 1, chain),
    figure(
      'backwards',
      'imports that run back up',
      back.length,
      back.map(({ from, to }) => `${from} → ${to}`),
    ),
    figure(
      'circles',
      'circles of imports',
      circles.length,
      circles.map((circle) => circle.join(', ')),
    ),
    figure('casts', 'assertions of a type (`as`)', sumOf('casts'), most('casts')),
    figure('catches', '`catch`, as a clause or of a promise', sumOf('catches'), most('catches')),
    figure('doubledNames', 'names that mean two things', doubled.length, doubled),
    ...COMPONENTS.map((name) => {
      const file = `telemetry/${name}`;
      const closure = graph.has(file) ? [...closureOf(graph, file)].sort() : [];
      return figure(`closure.${name}`, `files that ${name} pulls in`, closure.length || NaN, closure);
    }),
  ];
}
