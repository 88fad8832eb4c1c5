import type { FunctionCalls } from './CallCounter';

/** Whose code a function is. */
export type Owner = 'library' | 'telemetry' | 'driver' | 'node' | 'packages' | 'harness';

/** Calls by owner; `telemetry`: the driver's own telemetry. What the benchmark itself does is left out. */
export type Counts = Readonly<Record<Exclude<Owner, 'harness'>, number>>;

/** Owner of the code in `file`; `library`: the file that the library is built to, `benchmarks`: the folder of this code. */
export function ownerOf(file: string, places: { readonly library: string; readonly benchmarks: string }): Owner {
  if (file === '' || file.startsWith('node:')) return 'node';
  if (file === places.library) return 'library';
  if (file.startsWith(`${places.benchmarks}/`)) return 'harness';
  const driver = /\/node_modules\/@databricks\/sql[^/]*\/dist\/(telemetry\/)?/.exec(file);
  if (driver !== null) return driver[1] === undefined ? 'driver' : 'telemetry';
  return 'packages';
}

/** Calls for each of `statements`, by owner. */
export function countsOf(
  functions: readonly FunctionCalls[],
  statements: number,
  ownerOfFile: (file: string) => Owner,
): Counts {
  const counts: Record<Owner, number> = { library: 0, telemetry: 0, driver: 0, node: 0, packages: 0, harness: 0 };
  for (const { file, calls } of functions) counts[ownerOfFile(file)] += calls / statements;
  const { harness: _harness, ...rest } = counts;
  return rest;
}

export function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, calls) => sum + calls, 0);
}

/** The one of `all` whose number is in the middle: what happens in one of them only does not count. */
export function middleOf<T>(all: readonly T[], numberOf: (one: T) => number): T {
  const middle = [...all].sort((a, b) => numberOf(a) - numberOf(b))[all.length >> 1];
  if (middle === undefined) throw new Error('nothing was counted');
  return middle;
}

/** One entry for each function, with all of its calls. */
export function summed(functions: readonly FunctionCalls[]): FunctionCalls[] {
  const byPlace = new Map<string, FunctionCalls>();
  for (const one of functions) {
    const place = `${one.file}:${one.offset}:${one.name}`;
    byPlace.set(place, { ...one, calls: (byPlace.get(place)?.calls ?? 0) + one.calls });
  }
  return [...byPlace.values()];
}

/** Calls for one more unit (a file, a page), where `few` and `many` units came to these calls. */
export function slopeOf(few: number, many: number, fewUnits: number, manyUnits: number): number {
  return (many - few) / (manyUnits - fewUnits);
}
