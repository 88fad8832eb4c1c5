import { HostRegistry } from '../../lib/telemetry/hosts/HostRegistry';
import { Ledger } from '../../lib/telemetry/queue/Ledger';
import { RecordQueue } from '../../lib/telemetry/queue/RecordQueue';
import { TelemetryClient } from '../../lib/telemetry/TelemetryClient';
import type { TelemetryOptions } from '../../lib/telemetry/options';
import { describeError } from '../../lib/telemetry/wire/describeError';
import { toErrorFacts } from '../../lib/telemetry/wire/errorFacts';
import { redact } from '../../lib/telemetry/wire/redact';
import { contextWith } from './ours';
import { CONNECTION, ourRecord } from './ourRecords';

/** What waits to be sent: a queue of `capacity` records that is full. */
export class FullQueue {
  private readonly ledger = new Ledger();
  private readonly queue: RecordQueue;

  constructor(capacity: number) {
    const limits = { maxRecords: capacity, maxBytes: Infinity, maxAgeMs: Infinity };
    this.queue = new RecordQueue(limits, (reason, count) => this.ledger.drop(reason, count));
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
    isTerminal: true,
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

  constructor(config: TelemetryOptions = {}, context = contextWith(config)) {
    this.client = new TelemetryClient(context, 'workspace.test', new HostRegistry());
    this.client.attach(CONNECTION.origin);
    this.aggregator = this.client.getAggregator();
  }

  /** A statement of this process has ended. */
  statement(index: number): void {
    this.aggregator.statementEnded(ourRecord(index), 'delivered');
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
