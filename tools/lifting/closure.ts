import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const LIB = path.resolve(__dirname, '../../lib');

/** What a driver maintainer lifts, by name: the nine components and what holds two of them together. */
export const COMPONENTS = [
  'ExceptionClassifier',
  'CircuitBreaker',
  'CircuitBreakerRegistry',
  'types',
  'FeatureFlagCache',
  'TelemetryEventEmitter',
  'MetricsAggregator',
  'DatabricksTelemetryExporter',
  'TelemetryClient',
  'TelemetryClientProvider',
] as const;

export type ComponentName = (typeof COMPONENTS)[number];

/** A component with every file that it imports, directly or not, types included. */
export interface Closure {
  /** Relative to `lib/`, sorted. */
  readonly files: readonly string[];
  /** What they import from outside `lib/`, sorted. */
  readonly packages: readonly string[];
}

export function closureOf(component: ComponentName): Closure {
  return closureOfFile(`telemetry/${component}.ts`);
}

/** The same of any file, named relative to `lib/`. */
export function closureOfFile(name: string): Closure {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [path.join(LIB, name)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
      if (fileName.startsWith('.')) waiting.push(path.resolve(path.dirname(file), `${fileName}.ts`));
      else packages.add(fileName);
    }
  }
  return { files: [...files].map((file) => path.relative(LIB, file)).sort(), packages: [...packages].sort() };
}
