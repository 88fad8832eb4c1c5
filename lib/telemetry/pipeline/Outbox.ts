import type { ITelemetryExporter } from '../../contracts/ITelemetryExporter';
import { ExportPump } from './ExportPump';
import { FlushScheduler, type WakeReason } from './FlushScheduler';
import type { Ledger } from './Ledger';
import type { TelemetryConfiguration } from '../../model/options';
import { RecordQueue } from './RecordQueue';
import { settleWithin } from '../../util/withTimeout';
import type { Spool } from '../spool/Spool';
import type { SpoolOwner } from '../spool/SpoolOwner';
import type { ConnectionInfo, TelemetryRecord } from '../types';
import { unattended } from '../../util/unattended';

/** `hold`: collect but do not export; `open`: export; `off`: nothing is collected and what was is dropped. */
export type AggregatorMode = 'hold' | 'open' | 'off';

export interface FlushOptions {
  /** Longest time to wait; without it, as long as the exporter takes. */
  readonly deadlineMs?: number | undefined;
  /** Send the records of this connection first and wait for them alone. */
  readonly connection?: ConnectionInfo | undefined;
}

/** What becomes a record only later: statements that have not ended. */
export interface Unfinished {
  /** Monotonic milliseconds at which `giveUpExpired` has something to do; undefined: never. */
  readonly nextExpiryMs: number | undefined;
  giveUpExpired(): void;
  giveUpAll(): void;
  /** Returns how many records are lost. */
  forgetAll(): number;
}

/** How long an aborted export may take to say what it had sent. */
const ABORT_GRACE_MS = 25;

/** How long the spool may take for its last step when the deadline has passed. */
const SPOOL_GRACE_MS = 100;

/**
 * Holds finished records and gives them to the exporter: on batch size, interval, terminal error, `flush()` and
 * `close()`. Holds a timer only while something is pending or unfinished, and the mode lets it out.
 */
export class Outbox {
  private readonly queue: RecordQueue;
  private readonly scheduler: FlushScheduler;
  private readonly pump: ExportPump;
  private readonly spool: Spool | undefined;
  /** Records that were left on disk at the end. */
  private left = 0;
  private mode: AggregatorMode = 'open';
  /** A terminal error came while no flush could start. */
  private isUrgent = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly config: TelemetryConfiguration,
    exporter: ITelemetryExporter,
    private readonly ledger: Ledger,
    private readonly unfinished: Unfinished,
    random: () => number,
    createSpool?: (owner: SpoolOwner) => Spool,
  ) {
    this.queue = new RecordQueue(
      { maxRecords: config.maxPendingMetrics, maxBytes: config.maxPendingBytes, maxAgeMs: config.maxRecordAgeMs },
      (reason, count) => ledger.drop(reason, count),
      (record) => this.spool?.settle([record]),
    );
    this.scheduler = new FlushScheduler(config.flushIntervalMs, random, (reason) => this.wake(reason));
    this.pump = new ExportPump(this.queue, exporter, ledger, config.batchSize, {
      mayExport: () => this.mode === 'open',
      onSettled: (records) => this.spool?.settle(records),
      onPause: (pauseMs) => this.scheduler.pause(Math.max(pauseMs ?? 0, config.flushIntervalMs)),
      onIdle: () => this.settle(),
    });
    this.spool = createSpool?.(this.spoolOwner());
  }

  /** Whether records are wanted: not while the mode is off, and not after `close()`. */
  get isCollecting(): boolean {
    return this.mode !== 'off' && this.closing === undefined;
  }

  /** Records that wait, are in an export, or were left on disk at the end. */
  get pending(): number {
    return this.queue.pending + this.left;
  }

  /** Takes a record at `nowMs` on the monotonic clock; the ledger has it as collected. */
  add(record: TelemetryRecord, nowMs: number): void {
    this.spool?.add(record);
    this.queue.add(record, nowMs);
    const isUrgent = record.kind === 'error' && record.isTerminal;
    if (!this.mayFlush) this.isUrgent ||= isUrgent;
    else if (isUrgent || this.queue.waiting >= this.config.batchSize) this.scheduler.flushAtOnce();
    else this.scheduler.flushWithinInterval();
  }

  /** Sees to it that what is unfinished is given up in time. */
  scheduleExpiry(): void {
    if (this.scheduler.isArmed || !this.mayFlush) return;
    const expiryMs = this.unfinished.nextExpiryMs;
    if (expiryMs !== undefined) this.scheduler.expireAt(expiryMs);
  }

  /** Sends what is pending, unless the mode forbids it. Resolves at the deadline at the latest; never rejects. */
  async flush({ deadlineMs, connection }: FlushOptions): Promise<void> {
    if (this.closing !== undefined) return this.closing;
    this.unfinished.giveUpExpired();
    const flushed = connection === undefined ? this.pump.flush() : this.pump.flushConnection(connection);
    if (deadlineMs === undefined) await flushed;
    else await settleWithin(flushed, deadlineMs);
    void this.spool?.flush();
  }

  /** Sends what is pending or unfinished, and drops what is left at the deadline. Never rejects; memoised. */
  close(deadlineMs: number): Promise<void> {
    this.closing ??= this.shutDown(deadlineMs);
    return this.closing;
  }

  setMode(mode: AggregatorMode): void {
    if (this.mode === mode || this.closing !== undefined) return;
    this.mode = mode;
    if (mode === 'off') this.pump.abort();
    this.settle();
  }

  /** Whether to start a flush; one that is under way takes along what comes meanwhile. */
  private get mayFlush(): boolean {
    return this.mode === 'open' && this.closing === undefined && !this.pump.isRunning;
  }

  private wake(reason: WakeReason): void {
    this.unfinished.giveUpExpired();
    if (reason === 'flush') unattended(() => this.pump.flush());
    else this.settle();
  }

  /** Brings queue and timers in line with the mode, after it or what is pending has changed. */
  private settle(): void {
    this.scheduler.clear();
    if (this.mode === 'off') {
      this.ledger.drop('flag_off', this.queue.clear() + this.unfinished.forgetAll());
      this.spool?.settleAll();
    }
    if (!this.mayFlush) return;
    if (this.queue.waiting > 0) {
      if (this.isUrgent) this.scheduler.flushAtOnce();
      else this.scheduler.flushWithinInterval();
    }
    this.isUrgent = false;
    this.scheduleExpiry();
  }

  private async shutDown(deadlineMs: number): Promise<void> {
    const endMs = performance.now() + deadlineMs;
    this.unfinished.giveUpAll();
    this.scheduler.clear();
    void this.spool?.flush();
    if (this.mode === 'open' && deadlineMs > 0) {
      const flushed = this.pump.flush();
      const end = await settleWithin(flushed, deadlineMs);
      if (end.kind === 'timeout') {
        this.pump.abort();
        await settleWithin(flushed, ABORT_GRACE_MS);
      }
    }
    this.pump.stop();
    if (this.spool !== undefined) {
      await settleWithin(this.spool.close(), Math.max(endMs - performance.now(), SPOOL_GRACE_MS));
    }
    const abandoned = this.queue.abandon();
    this.left = Math.min(this.spool?.kept ?? 0, abandoned);
    const crowdedOut = Math.min(this.spool?.crowdedOut ?? 0, abandoned - this.left);
    this.ledger.drop('queue_full', crowdedOut);
    this.ledger.drop('close_timeout', abandoned - this.left - crowdedOut);
  }

  private spoolOwner(): SpoolOwner {
    const { queue, ledger, config } = this;
    const isClosing = (): boolean => this.closing !== undefined;
    return {
      get room() {
        return isClosing() ? 0 : Math.max(0, Math.floor(config.maxPendingMetrics / 2) - queue.pending);
      },
      adopt: (records) => {
        ledger.collected += records.length;
        queue.insert(records);
        this.settle();
      },
      lose: (reason, count) => {
        ledger.collected += count;
        ledger.drop(reason, count);
      },
    };
  }
}
