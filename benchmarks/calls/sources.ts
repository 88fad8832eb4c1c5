import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import type { FunctionCalls } from './CallCounter';

/** A function of the library's sources. */
export interface SourceFunction {
  readonly name: string;
  /** Its file, from the root of the repository; undefined for what the bundler adds. */
  readonly source: string | undefined;
  readonly calls: number;
}

/** Finds the source of each function of a bundle: `text` is what runs, `map` its source map. */
export function sourcesOf(
  functions: readonly FunctionCalls[],
  text: string,
  map: ConstructorParameters<typeof SourceMap>[0],
): SourceFunction[] {
  const sourceMap = new SourceMap(map);
  const starts = [...text.matchAll(/^/gm)].map(({ index }) => index);
  return functions.map(({ name, offset, calls }) => {
    const line = starts.findLastIndex((start) => start <= offset);
    const entry = sourceMap.findEntry(line, offset - (starts[line] ?? 0));
    const source = 'originalSource' in entry ? entry.originalSource.replace(/^.*?(?=lib\/)/, '') : undefined;
    return { name: name === '' ? `(${source ?? 'bundle'}, at ${offset})` : name, source, calls };
  });
}

/**
 * The same for the published file `published`, of which `copy` is a second build with a source map beside it. Throws when
 * the two differ.
 */
export function sourcesInBundle(
  functions: readonly FunctionCalls[],
  published: string,
  copy: string,
): SourceFunction[] {
  const text = readFileSync(published, 'utf8');
  if (text !== readFileSync(copy, 'utf8')) throw new Error(`${published} is not built from the present sources`);
  const map = JSON.parse(readFileSync(`${copy}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0];
  return sourcesOf(functions, text, map);
}

/**
 * Functions and files that a statement and its export enter: those that run at least once for every batch of
 * `batchSize` statements.
 */
export function entered(
  functions: readonly SourceFunction[],
  batchSize: number,
): { functions: number; files: readonly string[] } {
  const regular = functions.filter(({ calls, source }) => source !== undefined && calls * batchSize >= 0.9);
  const files = [...new Set(regular.map(({ source }) => source as string))].sort();
  return { functions: regular.length, files };
}
