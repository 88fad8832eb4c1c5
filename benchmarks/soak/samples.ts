import { turns } from '../harness/measure';
import { table } from '../harness/report';

/** What must stay flat. */
export interface Sample {
  readonly statements: number;
  readonly heapBytes: number;
  readonly handles: number;
  readonly listeners: number;
}

export const SAMPLES = 12;
/** The first samples fill caches and what is bounded. */
const WARM_UP = 4;
const MAX_GROWTH_BYTES = 512 * 1024;

export async function sample(statements: number): Promise<Sample> {
  await turns(5);
  globalThis.gc?.();
  globalThis.gc?.();
  return {
    statements,
    heapBytes: process.memoryUsage().heapUsed,
    handles: process.getActiveResourcesInfo().length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

export const HEADINGS = ['statements', 'heap MiB', 'handles', 'listeners'];

export function cells({ statements, heapBytes, handles, listeners }: Sample): string[] {
  return [String(statements), (heapBytes / 2 ** 20).toFixed(2), String(handles), String(listeners)];
}

export function print(samples: readonly Sample[]): void {
  process.stdout.write(`${table([HEADINGS, ...samples.map(cells)])}\n`);
}

/** What is not flat, in words. */
export function growths(name: string, samples: readonly Sample[]): string[] {
  const later = samples.slice(WARM_UP);
  const half = later.length >> 1;
  const least = (part: readonly Sample[], read: (one: Sample) => number): number => Math.min(...part.map(read));
  const growthOf = (read: (one: Sample) => number): number =>
    least(later.slice(half), read) - least(later.slice(0, half), read);
  const found: string[] = [];
  const bytes = growthOf((one) => one.heapBytes);
  if (bytes > MAX_GROWTH_BYTES) found.push(`${name}: the heap grew by ${Math.round(bytes / 1024)} KiB`);
  if (growthOf((one) => one.handles) > 0) found.push(`${name}: handles grew`);
  if (growthOf((one) => one.listeners) > 0) found.push(`${name}: listeners grew`);
  return found;
}
