/* telemetry/pipeline/: what is pending: statements in flight, the bounded queue, when a batch leaves, and the account of it. */
import type { IBatchExporter } from '../../contracts/IBatchExporter';
import type { ConnectionInfo } from '../../model/connection';
import type { TelemetryConfiguration } from '../../model/options';
import { NO_WISHES } from '../../model/receiverWishes';
import type { ErrorRecord, TelemetryRecord } from '../../model/records';
import { abandon, type Statement } from '../../model/Statement';
import { withTimeout, type Clock } from '../../util/clock';
import { Admission } from './Admission';
import { ExportRun, type BatchOutcome } from './ExportRun';
import { FlushSchedule } from './FlushSchedule';
import { Gate, type PipelineMode } from './Gate';
import { Ledger } from './Ledger';
import type { PipelineParts } from './PipelineParts';
import { RecordQueue } from './RecordQueue';
import { NO_SPOOL, spoolOwner, type RecordSpool } from './RecordSpool';
import { StatementsInFlight } from './StatementsInFlight';

/** How long an aborted export may take, after the deadline, to say what it had sent; and the spool for its last step. */
const ABORT_GRACE_MS = 25;
const SPOOL_GRACE_MS = 100;

/**
 * The way of a record to one receiver: statements in flight, what waits, when it leaves, and what became of it. Bounded in
 * everything that it keeps; holds a timer only while something waits. No promise rejects.
 */
export class Pipeline {
  readonly ledger = new Ledger();
  private readonly inFlight: StatementsInFlight;
  private readonly queue: RecordQueue;
  private readonly schedule: FlushSchedule;
  private readonly run: ExportRun;
  private readonly spool: RecordSpool;
  private readonly gate: Gate;
  private readonly admission: Admission;
  /** Statements given up: too old, too many, or still in flight at the end. */
  abandonedStatements = 0;
  /** Records that were left on disk at the end. */
  private left = 0;
  /** A terminal error came while no flush could start. */
  private isUrgent = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly config: TelemetryConfiguration,
    exporter: IBatchExporter<TelemetryRecord>,
    parts: PipelineParts,
    private readonly clock: Clock,
  ) {
    this.admission = new Admission(config, parts);
    this.inFlight = new StatementsInFlight(config);
    this.queue = new RecordQueue(config, clock, (record, reason) => {
      this.spool.settle([record]);
      this.ledger.giveUp(reason);
    });
    this.schedule = new FlushSchedule(config.flushIntervalMs, clock, () => this.wake());
    this.run = new ExportRun(this.queue, exporter, config.batchSize, clock, this);
    this.gate = new Gate(clock, parts.onModeExpired);
    const isClosing = (): boolean => this.closing !== undefined;
    const owner = spoolOwner(this.queue, this.ledger, config.maxPendingMetrics / 2, isClosing, () => this.adjust());
    this.spool = parts.openSpool?.(owner) ?? NO_SPOOL;
  }

  /** Whether records are wanted at `nowMs`: not while the mode is off, and not after `close()`. */
  isCollecting(nowMs: number): boolean {
    return this.gate.look(nowMs).kind !== 'off' && this.closing === undefined;
  }

  get statementsInFlight(): number {
    return this.inFlight.size;
  }

  /** Records that wait, are in an export, are kept with a statement in flight, or were left on disk at the end. */
  get pending(): number {
    return this.queue.pending + this.inFlight.heldErrors + this.left;
  }

  /** Follows a statement that has started. */
  started(statement: Statement): void {
    const nowMs = statement.startedAtMs;
    if (this.gate.look(nowMs).kind === 'off' || this.closing !== undefined) return;
    if (this.inFlight.add(statement)) this.giveUp(() => this.inFlight.overdue(nowMs), nowMs);
  }

  /** The one place where a statement becomes a record: it has its outcome. */
  ended(statement: Statement): void {
    const nowMs = statement.endedAtMs;
    const errors = this.inFlight.remove(statement);
    if (this.gate.look(nowMs).kind === 'off' || this.closing !== undefined) return;
    if (errors !== undefined) {
      // The id may have come after the error.
      const { statementId } = statement;
      for (const error of errors) this.enqueue({ ...error, statementId: error.statementId ?? statementId }, nowMs);
    }
    this.add(statement, nowMs);
  }

  /** Something failed. A retryable error waits for the end of its `statement`. */
  failed(record: ErrorRecord, statement: Statement | undefined): void {
    const isLate = statement === undefined || statement.outcome !== undefined;
    if (record.isTerminal || isLate || this.inFlight.isFull) return this.add(record, this.clock.now());
    if (!this.admission.isSevereEnough(record)) return;
    this.ledger.collected += 1;
    this.inFlight.add(statement);
    if (!this.inFlight.hold(statement, record)) this.ledger.drop('queue_full', 1);
  }

  /** Takes a record that is ready to be sent, if it is wanted. */
  add(record: TelemetryRecord, nowMs: number): void {
    const { admission, ledger } = this;
    if (!admission.isSevereEnough(record)) return;
    if (record.kind === 'connection' && !admission.isWorthARecord(record, nowMs)) return;
    ledger.collected += 1;
    if (admission.sampler.rate < 1) {
      if (!admission.sampler.keeps(record)) return ledger.giveUp('sampled');
      const opening = admission.sampler.openingFor(record);
      if (opening !== undefined) {
        ledger.sampled -= 1;
        this.enqueue(opening, nowMs);
      }
    }
    this.enqueue(record, nowMs);
  }

  /** Sends what is pending, or of it what `connection` produced. Resolves at the deadline at the latest. */
  async flush(deadlineMs?: number, connection?: ConnectionInfo): Promise<void> {
    if (this.closing !== undefined) return this.closing;
    const nowMs = this.clock.now();
    this.giveUp(() => this.inFlight.overdue(nowMs), nowMs);
    const flushed = connection === undefined ? this.run.flush() : this.run.flushConnection(connection);
    await withTimeout(this.clock, flushed, deadlineMs);
    void this.spool.flush();
  }

  /** Ends the statements in flight of `connection`, of which nobody will say how they end, as abandoned. */
  abandon(connection: ConnectionInfo): void {
    this.giveUp(() => this.inFlight.oldest(connection), this.clock.now());
  }

  /** Sends what is pending or unfinished, and drops what is left at the deadline. Memoised. */
  close(deadlineMs: number): Promise<void> {
    if (this.closing === undefined) {
      this.giveUp(() => this.inFlight.oldest(), this.clock.now());
      this.closing = this.shutDown(deadlineMs);
    }
    return this.closing;
  }

  /** `standsForMs`: the time after which `onModeExpired` is called, when something happens then or is waiting. */
  setMode(mode: PipelineMode, standsForMs = Infinity): void {
    if (this.closing !== undefined) return;
    const before = this.gate.mode.kind;
    this.gate.set(mode, standsForMs);
    if (mode.kind === 'open' && this.admission.follow(mode.wishes ?? NO_WISHES)) {
      this.queue.drop((record) => !this.admission.isSevereEnough(record), 'flag_off');
      this.queue.drop((record) => !this.admission.sampler.keeps(record), 'sampled');
    }
    if (before === mode.kind && mode.kind !== 'hold') return;
    if (mode.kind === 'off') this.run.abort();
    this.adjust();
  }

  mayExport(): boolean {
    return this.gate.look(this.clock.now()).kind === 'open';
  }

  /** The exporter has answered for `batch`; returns the records to keep. */
  exported(batch: readonly TelemetryRecord[], result: BatchOutcome): ReadonlySet<TelemetryRecord> {
    const retained = this.ledger.settle(batch, result);
    const settled = retained.size === 0 ? batch : batch.filter((record) => !retained.has(record));
    this.queue.release(settled);
    this.spool.settle(settled);
    return retained;
  }

  /** The run is over. `pauseMs`: the exporter kept records, or wants no request for so long. */
  idle(pauseMs: number | undefined): void {
    if (pauseMs !== undefined) this.schedule.pause(Math.max(pauseMs, this.config.flushIntervalMs));
    this.adjust();
  }

  private enqueue(record: TelemetryRecord, nowMs: number): void {
    this.spool.add(record);
    this.queue.add(record, nowMs);
    const isUrgent = record.kind === 'error' && record.isTerminal;
    if (!this.mayFlush()) {
      this.isUrgent ||= isUrgent;
      this.awaitMode();
    } else if (isUrgent || this.queue.waiting >= this.config.batchSize) this.schedule.flushAtOnce();
    else this.schedule.flushWithinInterval();
  }

  /** Whether to start a flush; one that is under way takes along what comes meanwhile. */
  private mayFlush(): boolean {
    return this.gate.mode.kind === 'open' && this.closing === undefined && !this.run.isRunning;
  }

  /** Ends, as abandoned, each statement that `next` finds. */
  private giveUp(next: () => Statement | undefined, nowMs: number): void {
    for (let statement = next(); statement !== undefined; statement = next()) {
      this.abandonedStatements += 1;
      abandon(statement, nowMs);
      this.ended(statement);
    }
  }

  private wake(): Promise<void> | undefined {
    const nowMs = this.clock.now();
    this.giveUp(() => this.inFlight.overdue(nowMs), nowMs);
    this.gate.look(nowMs);
    return this.mayFlush() ? this.run.flush() : undefined;
  }

  /** What is held waits until the mode is looked at again, also when nothing else happens. */
  private awaitMode(): void {
    if (this.gate.mode.kind !== 'hold' || this.closing !== undefined || this.schedule.isArmed) return;
    const ms = this.gate.expiresInMs();
    if (Number.isFinite(ms)) this.schedule.wakeAfter(ms);
  }

  /** Brings queue and timers in line with the mode, after it or what is pending has changed. */
  private adjust(): void {
    this.schedule.clear();
    const { mode } = this.gate;
    if (mode.kind === 'off') {
      this.ledger.drop(mode.reason, this.queue.clear() + this.inFlight.clear());
      this.spool.settleAll();
    } else if (this.queue.waiting > 0) this.awaitMode();
    if (!this.mayFlush()) return;
    if (this.queue.waiting > 0 && this.isUrgent) this.schedule.flushAtOnce();
    else if (this.queue.waiting > 0) this.schedule.flushWithinInterval();
    this.isUrgent = false;
  }

  private async shutDown(deadlineMs: number): Promise<void> {
    const endMs = this.clock.now() + deadlineMs;
    this.schedule.clear();
    void this.spool.flush();
    if (this.gate.mode.kind === 'open' && deadlineMs > 0) {
      const flushed = this.run.flush();
      if ((await withTimeout(this.clock, flushed, deadlineMs)).kind === 'timeout') {
        this.run.abort();
        await withTimeout(this.clock, flushed, ABORT_GRACE_MS);
      }
    }
    this.run.stop();
    await withTimeout(this.clock, this.spool.close(), Math.max(endMs - this.clock.now(), SPOOL_GRACE_MS));
    this.left = this.ledger.writeOff(this.queue.abandon(), this.spool);
  }
}
