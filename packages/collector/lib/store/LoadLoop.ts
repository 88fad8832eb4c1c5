import { setTimeout as sleep } from 'node:timers/promises';
import { putAside } from '../journal/asideFiles';
import type { JournalEntry } from '../journal/entry';
import type { JournalPosition } from '../journal/format';
import { JournalReader } from '../journal/JournalReader';
import type { Engine } from './Engine';
import type { LoadReport, PutAside } from './protocol';
import { sift } from './sift';
import { StoreFailure } from './StoreFailure';

const ROWS_PER_LOAD = 10_000;
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 10_000;
/** So many failures in a row that waiting does not explain: what the store has open may be the reason. */
const RENEW_AFTER = 3;
/** Rows that are put aside since the start: more of them are no bad rows but a store that refuses good ones. */
const MAX_ASIDE = 1_000;
/** Loading takes half of the time at most, so that accepting keeps its processor; with more than this behind, all of it. */
const PATIENT_SEGMENTS = 16;
const MAX_PAUSE_MS = 300;

export interface LoadLoopOptions {
  readonly store: Engine;
  readonly journalFolder: string;
  readonly from: JournalPosition;
  readonly onLoaded: (report: LoadReport) => void;
  readonly onStuck: (error: unknown) => void;
  readonly onPutAside: (aside: PutAside) => void;
}

/**
 * Takes the journal into the store as it is committed. A failed load is tried again, for as long as it takes, after 1 to
 * 10 seconds: the journal keeps what it brings. Rows that alone stand in the way are put aside.
 */
export class LoadLoop {
  private readonly reader: JournalReader;
  private position: JournalPosition;
  private committed: JournalPosition;
  private running: Promise<void> | undefined;
  private failures = 0;
  private aside = 0;
  private readonly stopping = new AbortController();
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
    this.stopping.abort();
    await this.running;
    if (behind(this.position, this.committed)) await this.loadAll();
  }

  private async loadAll(): Promise<void> {
    while (behind(this.position, this.committed)) {
      try {
        const startMs = performance.now();
        if (!(await this.loadOne())) break;
        await this.pause(performance.now() - startMs);
      } catch (error) {
        await this.failed(error);
        if (this.stopping.signal.aborted) return;
        await this.wait(Math.min(RETRY_MS * 2 ** (this.failures - 1), MAX_RETRY_MS));
      }
    }
    // What failed had reached the store after all.
    if (this.failures > 0) this.succeeded({ accepted: 0, duplicate: 0, lagMs: 0, statements: [] });
  }

  private async failed(error: unknown): Promise<void> {
    const { store, onStuck } = this.options;
    this.failures += 1;
    onStuck(error);
    if (this.failures % RENEW_AFTER === 0 && !(error instanceof StoreFailure)) await store.renew().catch(onStuck);
    // A commit that failed may have reached the disk nevertheless.
    this.position = await store.position().catch(() => this.position);
  }

  private succeeded(report: Omit<LoadReport, 'position' | 'damaged'>): void {
    this.failures = 0;
    this.options.onLoaded({ position: this.position, damaged: this.reader.damaged, ...report });
  }

  /** Until `ms` have passed, or it is to stop. */
  private async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async pause(tookMs: number): Promise<void> {
    if (this.committed.segment - this.position.segment > PATIENT_SEGMENTS) return;
    await this.wait(Math.min(tookMs, MAX_PAUSE_MS));
  }

  /** Whether there was something. */
  private async loadOne(): Promise<boolean> {
    const isSifted = this.failures >= RENEW_AFTER;
    const { entries, next } = this.reader.read(this.position, this.committed, isSifted ? 1 : ROWS_PER_LOAD);
    if (entries.length === 0) {
      this.position = behind(next, this.committed) ? this.committed : next;
      return false;
    }
    const { accepted, duplicate, statements } = await this.options.store.load(
      isSifted ? await this.sifted(entries) : entries,
      next,
    );
    this.position = next;
    this.succeeded({
      accepted,
      duplicate,
      lagMs: Math.max(0, Date.now() - (entries[0]?.receivedMs ?? Date.now())),
      statements: this.watched ? statements() : [],
    });
    return true;
  }

  /** `entries` without the rows that the store refuses, which are in a file by then. */
  private async sifted(entries: readonly JournalEntry[]): Promise<JournalEntry[]> {
    const { store, journalFolder, onPutAside } = this.options;
    const rest: JournalEntry[] = [];
    for (const entry of entries) {
      const { entry: taken, refused, reason } = await sift(store, entry, MAX_ASIDE - this.aside);
      rest.push(taken);
      if (refused.length === 0) continue;
      const file = putAside(journalFolder, this.position, { ...entry, rows: refused });
      this.aside += refused.length;
      onPutAside({ rows: refused.length, file, reason });
    }
    return rest;
  }
}

function behind(a: JournalPosition, b: JournalPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}
