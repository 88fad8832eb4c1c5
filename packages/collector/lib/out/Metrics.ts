import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LiveHealth } from '../api/Endpoint';
import type { Batch } from '../receive/decodeBatch';
import { prometheusText, wantsPrometheusText } from './prometheusText';

const PREFIX = 'databricks_telemetry_collector';
/** Seconds; a query may well take minutes. */
const BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];
/** The names and values of an exemplar have 128 characters at most. */
const LONGEST_ID = 128 - 'statement_id'.length;
const STATEMENTS = ['EXECUTE_STATEMENT', 'EXECUTE_STATEMENT_ASYNC'];

/** What `/metrics` shows: in the OpenMetrics format, which alone carries exemplars, or in the older one of Prometheus. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly received: Counter;
  private readonly accepted: Counter;
  private readonly rejected: Counter<'rule'>;
  private readonly duplicate: Counter;
  private readonly storeFailures: Counter;
  private readonly putAside: Counter;
  /** `statement_id` stands in exemplars only. */
  private readonly latency: Histogram<'operation' | 'statement_id'>;
  /** The same by operation, without exemplars. */
  private readonly latencies: ReadonlyMap<unknown, { observe(seconds: number): void }>;
  private readonly gauges: Readonly<
    Record<'journal' | 'store' | 'lag' | 'senders' | 'storeFailing' | 'journalFailing', Gauge>
  >;

  constructor() {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    const registers = [this.registry];
    const counter = (name: string, help: string): Counter =>
      new Counter({ name: `${PREFIX}_${name}`, help, registers });
    const gauge = (name: string, help: string): Gauge => new Gauge({ name: `${PREFIX}_${name}`, help, registers });
    this.received = counter('logs_received', 'Logs that arrived.');
    this.accepted = counter('logs_accepted', 'Logs that were written to the journal.');
    this.duplicate = counter('logs_duplicate', 'Logs that had arrived before.');
    this.storeFailures = counter('store_failures', 'Times that the store failed to take in; it is tried again.');
    this.putAside = counter('rows_put_aside', 'Rows that the store refused and that are in a file of the journal.');
    this.rejected = new Counter({
      name: `${PREFIX}_logs_rejected`,
      help: 'Logs that were refused, by rule.',
      labelNames: ['rule'],
      registers,
    });
    this.latency = new Histogram({
      name: 'databricks_statement_latency_seconds',
      help: 'Latency of statements, as their senders tell it.',
      labelNames: ['operation'],
      buckets: BUCKETS,
      enableExemplars: true,
      registers,
    });
    this.latencies = new Map(STATEMENTS.map((operation) => [operation, this.latency.labels({ operation })]));
    this.gauges = {
      journal: gauge('journal_bytes', 'Bytes that wait for the store.'),
      store: gauge('store_bytes', 'Bytes on disk.'),
      lag: gauge('lag_seconds', 'From arrival to visible.'),
      storeFailing: gauge('store_failing', '1 while the store cannot load; the journal goes on accepting.'),
      journalFailing: gauge('journal_failing', '1 while the journal cannot be written: senders are refused.'),
      senders: gauge('senders', 'Processes that asked for their configuration within the hour.'),
    };
  }

  batch({ received, rows, rejected }: Batch): void {
    this.received.inc(received);
    this.accepted.inc(rows.length);
    for (const [rule, count] of Object.entries(rejected)) this.rejected.inc({ rule }, count);
    // An exemplar is remembered for each bucket: more of one batch would only replace each other.
    const told = new Set<number>();
    for (const { operationType, latencyMs, statementId } of rows) {
      const latency = this.latencies.get(operationType);
      if (latency === undefined || typeof latencyMs !== 'number') continue;
      const value = latencyMs / 1_000;
      const bucket = BUCKETS.findIndex((bound) => value <= bound);
      if (typeof statementId !== 'string' || statementId.length > LONGEST_ID || told.has(bucket)) {
        latency.observe(value);
        continue;
      }
      told.add(bucket);
      this.latency.observe({
        labels: { operation: String(operationType) },
        value,
        exemplarLabels: { statement_id: statementId },
      });
    }
  }

  duplicates(count: number): void {
    this.duplicate.inc(count);
  }

  /** In the format that fits the `accept` of the one who asks. */
  async text(health: LiveHealth, accept?: string): Promise<{ readonly type: string; readonly body: string }> {
    this.gauges.journal.set(health.journal.bytes);
    this.gauges.store.set(health.store.bytes);
    this.gauges.lag.set(health.lagMs / 1_000);
    this.storeFailures.reset();
    this.storeFailures.inc(health.store.failures);
    this.putAside.reset();
    this.putAside.inc(health.journal.putAside);
    this.gauges.storeFailing.set(health.store.failure === null ? 0 : 1);
    this.gauges.journalFailing.set(health.journal.failure === null ? 0 : 1);
    this.gauges.senders.set(health.senders);
    const body = await this.registry.metrics();
    return wantsPrometheusText(accept)
      ? { type: Registry.PROMETHEUS_CONTENT_TYPE, body: prometheusText(body) }
      : { type: this.registry.contentType, body };
  }
}
