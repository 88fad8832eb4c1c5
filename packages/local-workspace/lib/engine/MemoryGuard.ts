import { totalmem } from 'node:os';
import { SqlError } from '../sql/SqlError';

/** An open statement: one that runs, or whose rows wait to be read. */
export interface Consumer {
  readonly tenant: string;
  /** Ends the statement with this error and gives up its rows. */
  fail(error: SqlError): void;
}

interface Watched {
  readonly consumer: Consumer;
  readonly startedAt: number;
  /** Growth of the process that is laid to it; what was long ago counts less. */
  grownBytes: number;
  /** Its rows wait: what it holds does not get less with time. */
  holding: boolean;
  stopped: boolean;
}

const MIB = 1024 * 1024;
const PERIOD_MS = 25;
/** Half of what was a second ago. */
const FADING = 0.5 ** (PERIOD_MS / 1000);
/** A statement that grew less is not why memory ran out. */
const LEAST_BYTES = 32 * MIB;

/**
 * What the database does not count: lists and texts that it makes. While statements are open the memory of the process is
 * looked at, and where it is more than `memoryBytes` and half as much again, the statement that made it grow is ended.
 */
export class MemoryGuard {
  /** The most that one step of the engine, some thousand rows, may make of a single function. */
  readonly stepBytes: number;
  private readonly mostBytes: number;
  private readonly open = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;
  private lastBytes = 0;
  /** What the process keeps when no statement is open: the allocator gives memory back late, and uses it again. */
  private idleBytes = 0;

  constructor(memoryBytes: number | undefined) {
    const machine = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
    const allowed = memoryBytes ?? machine * 0.8;
    this.stepBytes = Math.max(8 * MIB, allowed / 16);
    this.mostBytes = Math.min(
      nativeBytes() + Math.max(allowed * 1.5, allowed + 128 * MIB),
      Math.max(allowed, machine * 0.9),
    );
  }

  /** Watches a statement until the function that it returns is called. */
  watch(consumer: Consumer): { hold: () => void; leave: () => void } {
    const watched: Watched = { consumer, startedAt: performance.now(), grownBytes: 0, holding: false, stopped: false };
    this.open.add(watched);
    if (!this.timer) {
      this.lastBytes = process.memoryUsage.rss();
      this.idleBytes = this.lastBytes > this.mostBytes ? nativeBytes() : 0;
      this.timer = setInterval(() => this.look(), PERIOD_MS).unref();
    }
    return {
      hold: () => {
        watched.holding = true;
      },
      leave: () => void this.open.delete(watched),
    };
  }

  /** Whether there is so much more. For what runs in one step, which nothing ends from outside. */
  fits(bytes: number): boolean {
    return (
      bytes <= this.stepBytes && nativeBytes() + bytes <= Math.max(this.mostBytes, this.idleBytes) + this.stepBytes
    );
  }

  private look(): void {
    if (this.open.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const bytes = process.memoryUsage.rss();
    this.share(Math.max(0, bytes - this.lastBytes));
    this.lastBytes = bytes;
    if (bytes > this.mostBytes && nativeBytes() > this.mostBytes) this.stopOne();
  }

  /** Lays growth to the statements that run. One that was stopped and has not ended yet is what still grows. */
  private share(grownBytes: number): void {
    const all = [...this.open];
    const busy = all.filter(({ holding }) => !holding);
    const running = busy.length > 0 ? busy : all;
    const stopped = running.filter((each) => each.stopped);
    const growing = stopped.length > 0 ? stopped : running;
    for (const watched of busy) watched.grownBytes *= FADING;
    for (const watched of growing) watched.grownBytes += grownBytes / growing.length;
  }

  /** No other while one is ending: its memory comes back first. */
  private stopOne(): void {
    const all = [...this.open];
    if (all.some(({ stopped, holding }) => stopped && !holding)) return;
    const worst = worstOf(all.filter(({ stopped }) => !stopped));
    if (!worst || worst.grownBytes < LEAST_BYTES) return;
    worst.stopped = true;
    for (const other of all) if (!other.holding) other.grownBytes = 0;
    worst.consumer.fail(outOfMemory());
  }
}

/** Of the tenant whose statements grew most, the one that grew most; among about equals, the one that came last. */
function worstOf(all: readonly Watched[]): Watched | undefined {
  const totals = new Map<string, number>();
  for (const { consumer, grownBytes } of all)
    totals.set(consumer.tenant, (totals.get(consumer.tenant) ?? 0) + grownBytes);
  const most = Math.max(...totals.values());
  const suspects = all.filter(({ consumer }) => (totals.get(consumer.tenant) ?? 0) > 0.8 * most);
  const largest = Math.max(...suspects.map(({ grownBytes }) => grownBytes));
  return suspects.filter(({ grownBytes }) => grownBytes >= 0.8 * largest).sort((a, b) => b.startedAt - a.startedAt)[0];
}

/** What is not JavaScript's: the application's own data is none of the guard's business. */
function nativeBytes(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return rss - heapTotal - external;
}

function outOfMemory(): SqlError {
  return new SqlError('OUT_OF_MEMORY', '53200', 'The statement needs more memory than the warehouse has.');
}
