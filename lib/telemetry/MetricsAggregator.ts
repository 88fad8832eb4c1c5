import { performance } from 'node:perf_hooks';
import type { IClientContext } from '../contracts/IClientContext';
import type { IStatementSink } from '../contracts/ITelemetryEventSink';
import type { ITelemetryExporter } from '../contracts/ITelemetryExporter';
import { connectionRecord } from './pipeline/connectionRecord';
import type { ConnectionCloseEvent, ConnectionOpenEvent, TelemetryEvent } from '../model/events';
import { Ledger, type DropCounts } from './pipeline/Ledger';
import { resolveConfiguration, type TelemetryConfiguration } from '../model/options';
import { Outbox, type AggregatorMode, type FlushOptions } from './pipeline/Outbox';
import { recordsWithin, type TelemetryLogLevel } from '../model/severity';
import type { Spool } from './spool/Spool';
import type { SpoolOwner } from './spool/SpoolOwner';
import type { StatementAggregate } from '../model/StatementAggregate';
import { StatementAssembler } from './pipeline/StatementAssembler';
import type { StatementOutcome, TelemetryRecord } from './types';
import { TelemetryEventType } from './types';

export type { AggregatorMode, FlushOptions } from './pipeline/Outbox';

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

export interface AggregatorOptions {
  /** Numbers from 0 to 1; default `Math.random`. */
  readonly random?: () => number;
  /** Opens the spool in which pending records outlive the process; default none. */
  readonly openSpool?: ((owner: SpoolOwner) => Spool) | undefined;
}

/** Turns events into records and sees to it that they are sent. Bounded in everything that it keeps. */
export class MetricsAggregator implements IStatementSink {
  private readonly config: TelemetryConfiguration;
  /** Whether a record is severe enough to be collected. */
  private readonly admits: (record: TelemetryRecord) => boolean;
  private readonly ledger = new Ledger();
  private readonly statements: StatementAssembler;
  private readonly outbox: Outbox;

  constructor(
    context: Pick<IClientContext, 'getConfig'>,
    exporter: ITelemetryExporter,
    options: AggregatorOptions = {},
  ) {
    const config = resolveConfiguration(context.getConfig());
    this.config = config;
    // Resolved against the table, it is one of the names.
    this.admits = recordsWithin(config.logLevel as TelemetryLogLevel);
    this.statements = new StatementAssembler(
      {
        maxStatements: config.maxStatementMetrics,
        ttlMs: config.statementTtlMs,
        maxErrors: config.maxErrorsPerStatement,
        maxHeldErrors: config.maxPendingMetrics,
      },
      this.ledger,
      {
        admits: this.admits,
        enqueue: (record, nowMs) => this.outbox.add(record, nowMs),
      },
    );
    this.outbox = new Outbox(
      config,
      exporter,
      this.ledger,
      this.statements,
      options.random ?? Math.random,
      options.openSpool,
    );
  }

  processEvent(event: TelemetryEvent): void {
    if (!this.outbox.isCollecting) return;
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
    this.outbox.scheduleExpiry();
  }

  statementStarted(statement: StatementAggregate): void {
    if (!this.outbox.isCollecting) return;
    this.statements.follow(statement);
    this.outbox.scheduleExpiry();
  }

  statementEnded(statement: StatementAggregate, outcome: StatementOutcome, nowMs = performance.now()): void {
    if (this.outbox.isCollecting) this.statements.end(statement, outcome, nowMs);
  }

  chunkDownloaded(statement: StatementAggregate, latencyMs: number, bytes: number): void {
    if (!this.outbox.isCollecting) return;
    this.statements.addChunk(statement, latencyMs, bytes);
    this.outbox.scheduleExpiry();
  }

  /** Ends a statement by its id, for one without a `statement.complete` event; otherwise does nothing. */
  completeStatement(statementId: string): void {
    if (this.outbox.isCollecting) this.statements.complete(statementId);
  }

  /** Sends what is pending, unless the mode forbids it. Resolves at the deadline at the latest; never rejects. */
  flush(options: FlushOptions = {}): Promise<void> {
    return this.outbox.flush(options);
  }

  /**
   * Ends every statement in flight as abandoned, sends what is pending, and drops what is left at the deadline (default:
   * the close timeout). Never rejects; a second call gets the first one's promise.
   */
  close({ deadlineMs = this.config.closeTimeoutMs }: { readonly deadlineMs?: number | undefined } = {}): Promise<void> {
    return this.outbox.close(deadlineMs);
  }

  setMode(mode: AggregatorMode): void {
    this.outbox.setMode(mode);
  }

  getStats(): AggregatorStats {
    const { ledger, statements } = this;
    return {
      collected: ledger.collected,
      delivered: ledger.delivered,
      rejected: ledger.rejected,
      dropped: ledger.drops,
      pending: this.outbox.pending + statements.heldErrors,
      inFlightStatements: statements.inFlight,
      abandonedStatements: statements.abandoned,
    };
  }

  private addConnection(event: ConnectionOpenEvent | ConnectionCloseEvent): void {
    const record = connectionRecord(event);
    if (!this.admits(record)) return;
    this.ledger.collected += 1;
    this.outbox.add(record, performance.now());
  }
}
