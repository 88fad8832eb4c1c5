import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as WorkerThreads from 'node:worker_threads';
import type { Worker, WorkerOptions } from 'node:worker_threads';

const threads = createRequire(__filename)('node:worker_threads') as typeof WorkerThreads;
const RealWorker = threads.Worker;
const PRELOAD = join(__dirname, '.stubs', 'failingEngine.cjs');

/** Threads that start from now on fail as files in `faults` ask for. Returns what ends that. */
export function withFaults(faults: string, onStarted: (thread: Worker) => void = () => undefined): () => void {
  threads.Worker = class extends RealWorker {
    constructor(file: string, options: WorkerOptions) {
      const env = { ...process.env, STORE_FAULTS: faults };
      super(file, { ...options, env, execArgv: [...(options.execArgv ?? []), '-r', PRELOAD] });
      onStarted(this);
    }
  } as typeof RealWorker;
  return () => (threads.Worker = RealWorker);
}
