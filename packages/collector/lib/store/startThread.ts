import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { JournalPosition } from '../journal/format';
import { newThread } from '../newThread';
import type { FromStore, StoreThreadData } from './protocol';

export interface StartedThread {
  readonly worker: Worker;
  /** Up to where the journal is in the store. */
  readonly position: JournalPosition;
}

/** Resolves when the database is open; rejects with the reason when it is not. The thread has ended then. */
export async function startThread(data: StoreThreadData): Promise<StartedThread> {
  const worker = newThread(join(__dirname, 'threadMain'), { workerData: data });
  try {
    const position = await new Promise<JournalPosition>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('The thread of the store did not start.')));
      worker.once('message', (message: FromStore) => {
        if (message.kind === 'ready') resolve(message.position);
        else reject(refusal(message));
      });
    });
    worker.removeAllListeners('error');
    worker.removeAllListeners('exit');
    return { worker, position };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

function refusal(message: FromStore): Error {
  if (message.kind !== 'refused') return new Error('The thread of the store did not start.');
  // DuckDB's errors have no code. A damaged block is no lock.
  const [isLocked, holder] = /could not set lock[^]*?(?:(\(PID \d+\))|$)/i.exec(message.message) ?? [];
  const inUse = `The data folder is in use by another process${holder === undefined ? '' : ` ${holder}`}.`;
  const error = new Error(isLocked === undefined ? message.message : inUse);
  error.name = message.name;
  return error;
}
