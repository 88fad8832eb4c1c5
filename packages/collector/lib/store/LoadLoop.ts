import type { JournalPosition } from '../journal/format';
import { JournalReader } from '../journal/JournalReader';
import type { Engine } from './Engine';
import type { LoadReport } from './protocol';

const ROWS_PER_LOAD = 10_000;
const RETRY_MS = 1_000;
/** Loading takes half of the time at most, so that accepting keeps its processor; with more than this behind, all of it. */
const PATIENT_SEGMENTS = 16;
const MAX_PAUSE_MS = 300;

export interface LoadLoopOptions {
  readonly store: Engine;
  readonly journalFolder: string;
  readonly from: JournalPosition;
  readonly onLoaded: (report: LoadReport) => void;
  readonly onStuck: (error: unknown) => void;
}

/** Takes the journal into the store as it is committed. A failed load is tried again: the journal keeps what it brings. */
export class LoadLoop {
  private readonly reader: JournalReader;
  private position: JournalPosition;
  private committed: JournalPosition;
  private running: Promise<void> | undefined;
  private stopped = false;
  watched = false;

  constructor(private readonly options: LoadLoopOptions) {
    this.reader = new JournalReader(options.journalFolder);
    this.position = options.from;
    this.committed = options.from;
  }

  advance(committed: JournalPosition): void {
    this.committed = committed;
    this.running ??= this.loadAll().finally(() => (this.running = undefined));
  }

  /** Loads what is committed, then ends. Gives up on a load that fails. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    if (behind(this.position, this.committed)) await this.loadAll();
  }

  private async loadAll(): Promise<void> {
    while (behind(this.position, this.committed)) {
      try {
        const startMs = performance.now();
        if (!(await this.loadOne())) return;
        await this.pause(performance.now() - startMs);
      } catch (error) {
        this.options.onStuck(error);
        // A commit that failed may have reached the disk nevertheless.
        this.position = await this.options.store.position().catch(() => this.position);
        if (this.stopped) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  private async pause(tookMs: number): Promise<void> {
    if (this.stopped || this.committed.segment - this.position.segment > PATIENT_SEGMENTS) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(tookMs, MAX_PAUSE_MS)));
  }

  /** Whether there was something. */
  private async loadOne(): Promise<boolean> {
    const { entries, next } = this.reader.read(this.position, this.committed, ROWS_PER_LOAD);
    if (entries.length === 0) {
      this.position = behind(next, this.committed) ? this.committed : next;
      return false;
    }
    const { accepted, duplicate, statements } = await this.options.store.load(entries, next);
    this.position = next;
    this.options.onLoaded({
      position: next,
      accepted,
      duplicate,
      damaged: this.reader.damaged,
      lagMs: Math.max(0, Date.now() - (entries[0]?.receivedMs ?? Date.now())),
      statements: this.watched ? statements() : [],
    });
    return true;
  }
}

function behind(a: JournalPosition, b: JournalPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}
