import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as WorkerThreads from 'node:worker_threads';
import type { Worker, WorkerOptions } from 'node:worker_threads';

const threads = createRequire(__filename)('node:worker_threads') as typeof WorkerThreads;
const RealWorker = threads.Worker;
const PRELOAD = join(__dirname, '.stubs', 'failingEngine.cjs');

/** Faults of the engine (see `failingEngine.cjs`) in the stores that are opened until `restore`, and as long as those are. */
export interface FailingStore {
  begin(fault: string): void;
  end(fault: string): void;
  /** The thread that was started last. */
  thread(): Worker | undefined;
  restore(): void;
  /** Takes the folder of the faults away; the stores are closed by then. */
  remove(): void;
}

export function failingStore(): FailingStore {
  const faults = mkdtempSync(join(tmpdir(), 'collector-faults-'));
  let last: Worker | undefined;
  threads.Worker = class extends RealWorker {
    constructor(file: string, options: WorkerOptions) {
      const env = { ...process.env, STORE_FAULTS: faults };
      super(file, { ...options, env, execArgv: [...(options.execArgv ?? []), '-r', PRELOAD] });
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- the thread that a test ends
      last = this;
    }
  } as typeof RealWorker;
  return {
    begin: (fault) => writeFileSync(join(faults, fault), ''),
    end: (fault) => rmSync(join(faults, fault)),
    thread: () => last,
    restore: () => void (threads.Worker = RealWorker),
    remove: () => rmSync(faults, { recursive: true, force: true }),
  };
}
