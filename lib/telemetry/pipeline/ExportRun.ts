import type { BatchResult, IBatchExporter } from '../../contracts/IBatchExporter';
import type { ConnectionInfo } from '../../model/connection';
import type { TelemetryRecord } from '../../model/records';
import { detached, type Clock } from '../../util/clock';
import { unattended } from '../../util/unattended';
import type { RecordQueue } from './RecordQueue';

/** Somebody waits for the records of one connection that were queued by `untilMs`. */
interface Waiter {
  readonly connection: ConnectionInfo;
  readonly untilMs: number;
  readonly done: () => void;
}

/** What an exporter says of a batch. */
export type BatchOutcome = BatchResult<TelemetryRecord> | void;

/** Whose records they are. */
export interface RunOwner {
  /** Asked before each batch. */
  mayExport(): boolean;
  /** The exporter has answered for `batch`; returns the records to keep. */
  exported(batch: readonly TelemetryRecord[], result: BatchOutcome): ReadonlySet<TelemetryRecord>;
  /** The run is over. `pauseMs`: the exporter kept records, or wants no request for so long. */
  idle(pauseMs: number | undefined): void;
}

/**
 * Moves records from the queue to the exporter, one batch at a time. What the exporter keeps goes back to the queue when
 * the run is over, so that one tenant's trouble does not hold up the others. Never rejects.
 *
 * A run offers what waited when it was asked for. What comes meanwhile is taken along in full batches only: a process
 * that is never idle would otherwise make one small request after the other.
 */
export class ExportRun {
  private lastRun: Promise<void> = Promise.resolve();
  isRunning = false;
  private readonly waiters: Waiter[] = [];
  /** The run is not over before all that was queued by this monotonic time is offered. */
  private untilMs = 0;
  private controller: AbortController | undefined;
  private isAborting = false;
  private isStopped = false;
  private release: (() => void) | undefined;

  constructor(
    private readonly queue: RecordQueue,
    private readonly exporter: IBatchExporter<TelemetryRecord>,
    private readonly batchSize: number,
    private readonly clock: Clock,
    private readonly owner: RunOwner,
  ) {}

  /** Offers everything that waits to the exporter; joins a run that is under way. */
  flush(): Promise<void> {
    this.untilMs = this.clock.now();
    // It is kept, and belongs to no call of the application that may have asked for it.
    if (!this.isRunning) this.lastRun = detached(() => this.run());
    return this.lastRun;
  }

  /** Offers what waits of one connection before anything else; does not wait for the rest. */
  flushConnection(connection: ConnectionInfo): Promise<void> {
    const untilMs = this.clock.now();
    const flushed = new Promise<void>((done) => this.waiters.push({ connection, untilMs, done }));
    if (!this.isRunning) unattended(() => this.flush());
    return flushed;
  }

  /** Asks the exporter to stop at once, and ends the run with its answer. */
  abort(): void {
    this.isAborting = true;
    this.controller?.abort();
  }

  /** No more exports; the answer to one that is under way will be ignored, and nobody waits for it any longer. */
  stop(): void {
    this.isStopped = true;
    this.abort();
    this.release?.();
  }

  private async run(): Promise<void> {
    const kept: TelemetryRecord[] = [];
    let pauseMs: number | undefined;
    this.isRunning = true;
    this.isAborting = false;
    while (pauseMs === undefined && !this.isAborting && this.owner.mayExport()) {
      const waiter = this.waiters[0];
      const batch = this.nextBatch(waiter);
      if (batch.length > 0) {
        const result = await this.unlessStopped(this.offer(batch));
        // The owner has written off what was in the export.
        if (this.isStopped) break;
        for (const record of this.owner.exported(batch, result)) kept.push(record);
        pauseMs = result?.retryAfterMs;
      } else if (waiter !== undefined) {
        this.waiters.shift();
        waiter.done();
      } else break;
    }
    this.isRunning = false;
    for (const { done } of this.waiters.splice(0)) done();
    if (this.isStopped) return;
    this.queue.putBack(kept);
    this.owner.idle(kept.length > 0 ? (pauseMs ?? 0) : pauseMs);
  }

  /** The answer, or none once this is stopped: an exporter may ignore its signal. */
  private unlessStopped<T>(answer: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      this.release = () => resolve(undefined);
      void answer.then(resolve);
    });
  }

  private nextBatch(waiter: Waiter | undefined): TelemetryRecord[] {
    if (waiter !== undefined) return this.queue.takeOf(waiter.connection, waiter.untilMs, this.batchSize);
    const isDue = this.queue.hasOneOf(this.untilMs) || this.queue.waiting >= this.batchSize;
    return isDue ? this.queue.take(this.batchSize) : [];
  }

  private async offer(batch: readonly TelemetryRecord[]): Promise<BatchOutcome> {
    this.controller = new AbortController();
    try {
      return await this.exporter.export(batch, this.controller.signal);
    } catch {
      // An exporter that breaks its contract has sent nothing that anybody knows of.
      return { delivered: 0, rejected: 0, dropped: {}, retained: batch, retryAfterMs: 0 };
    } finally {
      this.controller = undefined;
    }
  }
}
