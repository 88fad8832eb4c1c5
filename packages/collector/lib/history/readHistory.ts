import { on } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ReadHistory } from './historyRows';

export const HISTORY_TYPES = [
  'application/json',
  'application/x-ndjson',
  'text/csv',
  'application/vnd.apache.parquet',
] as const;

export interface HistoryUpload {
  readonly bytes: Uint8Array;
  readonly type: string;
}

const READ_MS = 120_000;
const MAX_HEAP_MB = 1_024;

/** The parts of an uploaded history as they are read, in a thread of its own. Throws when it is not of its type. */
export async function* readHistory(upload: HistoryUpload): AsyncGenerator<ReadHistory> {
  const extension = extname(__filename);
  const worker = new Worker(join(__dirname, `historyThreadMain${extension}`), {
    workerData: upload,
    // Run from its sources, the thread needs the same loader as its parent.
    execArgv: extension === '.ts' ? ['-r', '@swc-node/register'] : [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  try {
    const parts = on(worker, 'message', { signal: AbortSignal.timeout(READ_MS), close: ['exit'] });
    for await (const [part] of parts) yield part as ReadHistory;
  } finally {
    await worker.terminate();
  }
}
