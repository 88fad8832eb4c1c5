import { ThrownValue } from '../../lib/model/errorFacts';
import { toErrorFacts } from '../../lib/model/toErrorFacts';
import { TelemetryEventType } from '../../lib/model/events';
import { describeError } from '../../lib/model/fields/describeError';
import { redact } from '../../lib/model/fields/redact';
import type { TelemetryOptions } from '../../lib/model/options';
import { HostRegistry } from '../../lib/telemetry/hosts/HostRegistry';
import { Ledger } from '../../lib/telemetry/pipeline/Ledger';
import { RecordQueue } from '../../lib/telemetry/pipeline/RecordQueue';
import { TelemetryClient } from '../../lib/telemetry/TelemetryClient';
import { systemClock, type Clock } from '../../lib/util/clock';
import { contextWith } from './ours';
import { CONNECTION, ourRecord } from './ourRecords';

/** What waits to be sent: a queue of `capacity` records that is full. */
export class FullQueue {
  private readonly ledger = new Ledger();
  private readonly queue: RecordQueue;

  constructor(capacity: number) {
    const limits = { maxPendingMetrics: capacity, maxPendingBytes: Infinity, maxRecordAgeMs: Infinity };
    this.queue = new RecordQueue(limits, systemClock, (_record, reason) => this.ledger.giveUp(reason));
    for (let i = 0; i < capacity; i += 1) this.queue.add(ourRecord(i), 1);
  }

  /** A record that is worth more than those that wait. */
  add(record: ReturnType<typeof ourRecord>): void {
    this.queue.add(record, 2);
  }
}

/** What an export does to the text of an error; returns that as a function, for its time to be taken. */
export function describing(error: Error, sessionId: string): () => void {
  const facts = toErrorFacts(error);
  const record = {
    kind: 'error',
    level: 'ERROR',
    connection: CONNECTION,
    timestampMs: 0,
    sessionId,
    statementId: undefined,
    stage: 'execute',
    error: facts,
    thrown: new ThrownValue(error),
    isTerminal: true,
    eventId: undefined,
    queuedAtMs: 0,
  } as const;
  return () => {
    redact(error.message);
    describeError(record);
  };
}

/** Everything that runs in a process for one host, with its real schedule, backoff, breaker and flag. */
export class OurHost {
  private readonly client: TelemetryClient;
  readonly aggregator: ReturnType<TelemetryClient['getAggregator']>;

  constructor(
    config: TelemetryOptions = {},
    context = contextWith(config),
    private readonly clock: Clock = systemClock,
  ) {
    this.client = new TelemetryClient(context, 'workspace.test', new HostRegistry(), undefined, clock);
    this.client.attach(CONNECTION.origin);
    this.aggregator = this.client.getAggregator();
  }

  /** A statement of this process has ended. */
  statement(index: number): void {
    const statement = ourRecord(index);
    statement.endedAtMs = this.clock.now();
    const { statementId, timestampMs: timestamp } = statement;
    const eventType = TelemetryEventType.STATEMENT_COMPLETE;
    this.aggregator.processEvent({ eventType, timestamp, statementId, statement });
  }

  counts(): {
    readonly collected: number;
    readonly delivered: number;
    readonly lost: number;
    readonly pending: number;
  } {
    const { collected, delivered, rejected, dropped, pending } = this.client.getStats();
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, rejected);
    return { collected, delivered, lost, pending };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
