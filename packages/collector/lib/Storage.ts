import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveHealth } from './api/Endpoint';
import { engineOf } from './engineOptions';
import { Journal } from './journal/Journal';
import type { Settings } from './options';
import { Progress } from './Progress';
import { failureText } from './store/failureText';
import type { LoadReport } from './store/protocol';
import { StoreThread, type StoreEvents } from './store/StoreThread';

const SEGMENT_BYTES = 8 * 2 ** 20;
const MAX_PENDING_BYTES = 64 * 2 ** 20;

/** The journal and the store behind it: what is committed in the one is loaded into the other, and leaves it then. */
export class Storage {
  private storeBytes = 0;

  private constructor(
    readonly journal: Journal,
    readonly store: StoreThread,
    private readonly progress: Progress,
    private readonly maxBytes: number,
  ) {}

  /**
   * Opens both; what an earlier process left in the journal is loaded. `onLoaded` is told after this has resolved.
   * Rejects with the reason when the store does not open, and with a NewerVersionError.
   */
  static async open(settings: Settings, onLoaded: (report: LoadReport) => void): Promise<Storage> {
    const { journalMaxBytes: maxBytes, questionTimeoutMs } = settings;
    const folder = join(settings.data, 'journal');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const progress = new Progress();
    let journal: Journal | undefined;
    const store = await StoreThread.start(
      { engine: engineOf(settings), journalFolder: folder, questionTimeoutMs },
      {
        ...troubleOf(progress, folder, settings.log),
        onLoaded(report) {
          progress.loaded(report, Date.now());
          journal?.release(report.position);
          onLoaded(report);
        },
      },
    );
    const onCommit = (position: LoadReport['position']): void => {
      progress.commit(position, Date.now());
      store.committed(position);
    };
    const limits = { maxBytes, maxPendingBytes: MAX_PENDING_BYTES, segmentBytes: SEGMENT_BYTES };
    try {
      journal = Journal.open({ folder, ...limits, onCommit }, store.position);
    } catch (error) {
      await store.close();
      throw error;
    }
    return new Storage(journal, store, progress, maxBytes);
  }

  async health(): Promise<Pick<LiveHealth, 'lagMs' | 'journal' | 'store'>> {
    const { journal, store, progress, maxBytes } = this;
    // Also of a store that is being opened again: health is asked for above all then.
    this.storeBytes = await store.size().catch(() => this.storeBytes);
    return {
      lagMs: progress.lagMs(Date.now()),
      journal: {
        bytes: journal.bytes,
        maxBytes,
        damaged: progress.damaged,
        putAside: progress.aside,
        failure: journal.failure ?? null,
      },
      store: { bytes: this.storeBytes, failure: progress.failure, failures: progress.failures },
    };
  }

  /** Commits and loads what was accepted, then closes both. */
  async close(): Promise<void> {
    await this.journal.close();
    await this.store.close();
  }
}

/** What the store cannot do is told to health and to the log. */
function troubleOf(progress: Progress, folder: string, log: Settings['log']): Omit<StoreEvents, 'onLoaded'> {
  const stuck = (event: string, message: string): void => {
    progress.stuck(message);
    log({ level: 'error', event, message });
  };
  return {
    onStuck: (message) => stuck('load_failed', message),
    onDied: (error) => stuck('store_died', failureText(error)),
    onPutAside({ rows, file, reason }) {
      progress.putAside(rows);
      log({ level: 'error', event: 'rows_put_aside', rows, file: join(folder, file), message: reason });
    },
    onReopened() {
      progress.reopened();
      log({ level: 'info', event: 'store_reopened' });
    },
  };
}
