import { on } from 'node:events';
import { join } from 'node:path';
import { newThread } from '../newThread';
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
  const worker = newThread(join(__dirname, 'historyThreadMain'), {
    workerData: upload,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  try {
    const parts = on(worker, 'message', { signal: AbortSignal.timeout(READ_MS), close: ['exit'] });
    for await (const [part] of parts) yield part as ReadHistory;
  } finally {
    await worker.terminate();
  }
}
