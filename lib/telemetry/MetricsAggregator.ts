import type { IClientContext } from '../contracts/IClientContext';
import type { IStatementSink } from '../contracts/ITelemetryEventSink';
import type { ITelemetryExporter } from '../contracts/ITelemetryExporter';
import { connectionRecord } from './connectionRecord';
import type { ConnectionCloseEvent, ConnectionOpenEvent, TelemetryEvent } from './events';
import { ExportPump } from './ExportPump';
import { FlushScheduler, type WakeReason } from './FlushScheduler';
import { Ledger, type DropCounts } from './Ledger';
import { resolveConfiguration, type TelemetryConfiguration } from './options';
import { RecordQueue } from './RecordQueue';
import { settleWithin } from './settleWithin';
import type { StatementAggregate } from './StatementAggregate';
import { StatementAssembler } from './StatementAssembler';
import { isWithin, type TelemetryLogLevel } from './severity';
import type { ConnectionInfo, StatementOutcome, TelemetryLevel, TelemetryRecord } from './types';
import { TelemetryEventType } from './types';

/** `hold`: collect but do not export; `open`: export; `off`: nothing is collected and what was is dropped. */
export type AggregatorMode = 'hold' | 'open' | 'off';

/** Collected = delivered + rejected + dropped by all reasons + pending, at any time. */
export interface AggregatorStats {
  readonly collected: number;
  readonly delivered: number;
  readonly rejected: number;
  readonly dropped: DropCounts;
  /** Records that wait, are in an export, or are kept with a statement in flight. */
  readonly pending: number;
  readonly inFlightStatements: number;
  /** Statements given up: too old, too many, or still in flight at the end. */
  readonly abandonedStatements: number;
}

export interface FlushOptions {
  /** Longest time to wait; without it, as long as the exporter takes. */
  readonly deadlineMs?: number | undefined;
  /** Send the records of this connection first and wait for them alone. */
  readonly connection?: ConnectionInfo | undefined;
}

export interface AggregatorOptions {
  /** Numbers from 0 to 1; default `Math.random`. */
  readonly random?: () => number;
}

/** How long an aborted export may take to say what it had sent. */
const ABORT_GRACE_MS = 25;

/**
 * Turns events into records and gives them to the exporter: on batch size, interval, terminal error, `flush()` and
 * `close()`. Bounded in everything that it keeps. Holds a timer only while something is pending or in flight.
 */
export class MetricsAggregator implements IStatementSink {
  private readonly config: TelemetryConfiguration;
  private readonly ledger = new Ledger();
  private readonly queue: RecordQueue;
  private readonly statements: StatementAssembler;
  private readonly scheduler: FlushScheduler;
  private readonly pump: ExportPump;
  private readonly logLevel: TelemetryLogLevel;
  private mode: AggregatorMode = 'open';
  /** A terminal error came while no flush could start. */
  private isUrgent = false;
  private closing: Promise<void> | undefined;

  constructor(
    context: Pick<IClientContext, 'getConfig'>,
    exporter: ITelemetryExporter,
    options: AggregatorOptions = {},
  ) {
    const config = resolveConfiguration(context.getConfig());
    this.config = config;
    // Resolved against the table, it is one of the names.
    this.logLevel = config.logLevel as TelemetryLogLevel;
    this.queue = new RecordQueue(
      { maxRecords: config.maxPendingMetrics, maxBytes: config.maxPendingBytes, maxAgeMs: config.maxRecordAgeMs },
      (reason, count) => this.ledger.drop(reason, count),
    );
    this.statements = new StatementAssembler(
      {
        maxStatements: config.maxStatementMetrics,
        ttlMs: config.statementTtlMs,
        maxErrors: config.maxErrorsPerStatement,
        maxHeldErrors: config.maxPendingMetrics,
      },
      this.ledger,
      {
        admits: (level, connection) => this.admits(level, connection),
        enqueue: (record) => this.enqueue(record),
      },
    );
    this.scheduler = new FlushScheduler(config.flushIntervalMs, options.random ?? Math.random, (reason) =>
      this.wake(reason),
    );
    this.pump = new ExportPump(this.queue, exporter, this.ledger, config.batchSize, {
      mayExport: () => this.mode === 'open',
      onPause: (pauseMs) => this.scheduler.pause(Math.max(pauseMs ?? 0, config.flushIntervalMs)),
      onIdle: () => this.settle(),
    });
  }

  processEvent(event: TelemetryEvent): void {
    if (!this.isCollecting) return;
    switch (event.eventType) {
      case TelemetryEventType.CONNECTION_OPEN:
      case TelemetryEventType.CONNECTION_CLOSE:
        this.addConnection(event);
        return;
      case TelemetryEventType.STATEMENT_START:
        this.statements.started(event);
        break;
      case TelemetryEventType.STATEMENT_COMPLETE:
        this.statements.completed(event);
        return;
      case TelemetryEventType.CLOUDFETCH_CHUNK:
        this.statements.chunkDownloaded(event);
        break;
      case TelemetryEventType.ERROR:
        this.statements.failed(event);
        break;
    }
    this.scheduleExpiry();
  }

  statementStarted(statement: StatementAggregate): void {
    if (!this.isCollecting) return;
    this.statements.follow(statement);
    this.scheduleExpiry();
  }

  statementEnded(statement: StatementAggregate, outcome: StatementOutcome): void {
    if (this.isCollecting) this.statements.end(statement, outcome);
  }

  chunkDownloaded(statement: StatementAggregate, latencyMs: number, bytes: number): void {
    if (!this.isCollecting) return;
    this.statements.addChunk(statement, latencyMs, bytes);
    this.scheduleExpiry();
  }

  /** Ends a statement by its id, for one without a `statement.complete` event; otherwise does nothing. */
  completeStatement(statementId: string): void {
    if (this.isCollecting) this.statements.complete(statementId);
  }

  /** Sends what is pending, unless the mode forbids it. Resolves at the deadline at the latest; never rejects. */
  async flush({ deadlineMs, connection }: FlushOptions = {}): Promise<void> {
    if (this.closing !== undefined) return this.closing;
    if (this.mode !== 'open') return;
    this.statements.giveUpExpired();
    const flushed = connection === undefined ? this.pump.flush() : this.pump.flushConnection(connection);
    if (deadlineMs === undefined) await flushed;
    else await settleWithin(flushed, deadlineMs);
  }

  /**
   * Ends every statement in flight as abandoned, sends what is pending, and drops what is left at the deadline (default:
   * the close timeout). Never rejects; a second call gets the first one's promise.
   */
  close({ deadlineMs = this.config.closeTimeoutMs }: { readonly deadlineMs?: number | undefined } = {}): Promise<void> {
    this.closing ??= this.shutDown(deadlineMs);
    return this.closing;
  }

  setMode(mode: AggregatorMode): void {
    if (this.mode === mode || this.closing !== undefined) return;
    this.mode = mode;
    if (mode === 'off') this.pump.abort();
    this.settle();
  }

  getStats(): AggregatorStats {
    const { ledger, statements } = this;
    return {
      collected: ledger.collected,
      delivered: ledger.delivered,
      rejected: ledger.rejected,
      dropped: ledger.drops,
      pending: this.queue.pending + statements.heldErrors,
      inFlightStatements: statements.inFlight,
      abandonedStatements: statements.abandoned,
    };
  }

  private get isCollecting(): boolean {
    return this.mode !== 'off' && this.closing === undefined;
  }

  private addConnection(event: ConnectionOpenEvent | ConnectionCloseEvent): void {
    const record = connectionRecord(event);
    if (!this.admits(record.level, record.connection)) return;
    this.ledger.collected += 1;
    this.enqueue(record);
  }

  private admits(level: TelemetryLevel, connection: ConnectionInfo | undefined): boolean {
    return (
      isWithin(level, this.logLevel) && (connection?.logLevel === undefined || isWithin(level, connection.logLevel))
    );
  }

  private enqueue(record: TelemetryRecord): void {
    this.queue.add(record);
    const isUrgent = record.kind === 'error' && record.isTerminal;
    if (!this.mayFlush) this.isUrgent ||= isUrgent;
    else if (isUrgent || this.queue.waiting >= this.config.batchSize) this.scheduler.flushAtOnce();
    else this.scheduler.flushWithinInterval();
  }

  /** Whether to start a flush; one that is under way takes along what comes meanwhile. */
  private get mayFlush(): boolean {
    return this.mode === 'open' && this.closing === undefined && !this.pump.isRunning;
  }

  private scheduleExpiry(): void {
    const expiryMs = this.statements.nextExpiryMs;
    if (expiryMs !== undefined && this.mayFlush) this.scheduler.expireAt(expiryMs);
  }

  private wake(reason: WakeReason): void {
    this.statements.giveUpExpired();
    if (reason === 'flush') void this.pump.flush();
    else this.settle();
  }

  /** Brings queue and timers in line with the mode, after it or what is pending has changed. */
  private settle(): void {
    if (this.closing !== undefined) return;
    this.scheduler.clear();
    if (this.mode === 'off') this.ledger.drop('flag_off', this.queue.clear() + this.statements.forgetAll());
    if (!this.mayFlush) return;
    if (this.queue.waiting > 0) {
      if (this.isUrgent) this.scheduler.flushAtOnce();
      else this.scheduler.flushWithinInterval();
    }
    this.isUrgent = false;
    this.scheduleExpiry();
  }

  private async shutDown(deadlineMs: number): Promise<void> {
    this.statements.giveUpAll();
    this.scheduler.clear();
    if (this.mode === 'open' && deadlineMs > 0) {
      const flushed = this.pump.flush();
      const end = await settleWithin(flushed, deadlineMs);
      if (end.kind === 'timeout') {
        this.pump.abort();
        await settleWithin(flushed, ABORT_GRACE_MS);
      }
    }
    this.pump.stop();
    this.ledger.drop('close_timeout', this.queue.abandon());
  }
}
