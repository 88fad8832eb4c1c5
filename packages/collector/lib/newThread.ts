import { extname, join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

const EXTENSION = extname(__filename);
/** Run from its sources, a thread needs a loader as its parent does. */
const LOADER = EXTENSION === '.ts' ? ['-r', join(__dirname, '..', '..', '..', 'tools', 'typescript.cjs')] : [];

/** A thread that runs `module`: the path of a file of this package, without its extension. */
export function newThread(module: string, options: WorkerOptions): Worker {
  return new Worker(module + EXTENSION, { ...options, execArgv: LOADER });
}
