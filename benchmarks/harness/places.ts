import os from 'node:os';
import path from 'node:path';

/** Root of the repository, seen from the compiled file. */
export const ROOT = path.resolve(__dirname, '../../../..');

/** Folder of the benchmarks, and where they leave their reports. */
export const BENCHMARKS = path.join(ROOT, 'benchmarks');
export const REPORTS = path.join(BENCHMARKS, 'reports');

/** The library as it is published: one file. */
export const LIBRARY = path.join(ROOT, 'dist/index.js');

/** Its spans and metrics. */
export const OPENTELEMETRY = path.join(ROOT, 'dist/opentelemetry.js');

/** What a run took place on, and how busy that was when the program started. */
export const MACHINE = ((): string => {
  const cores = os.cpus();
  const load = (os.loadavg()[0] ?? NaN).toFixed(1);
  return `Node.js ${process.versions.node}, ${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), load average ${load} before it`;
})();
