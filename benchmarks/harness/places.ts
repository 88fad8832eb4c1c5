import path from 'node:path';

/** Root of the repository, seen from the compiled file. */
export const ROOT = path.resolve(__dirname, '../../../..');

/** Folder of the benchmarks, and where they leave their reports. */
export const BENCHMARKS = path.join(ROOT, 'benchmarks');
export const REPORTS = path.join(BENCHMARKS, 'reports');

/** The library as it is published: one file. */
export const LIBRARY = path.join(ROOT, 'dist/index.js');
