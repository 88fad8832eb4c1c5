import { channel } from 'node:diagnostics_channel';
import type { Counter, Histogram, Meter, ObservableResult } from '@opentelemetry/api';
import { CHANNELS, type HealthReport, type HealthRequest } from '../model/messages';
import type { RetryMessage, StatementMessage } from '../model/messages';
import { metricAttributes, serverAttributes } from './attributes';
import { ATTRIBUTES as A, METRICS as M } from './names';
import { listen, safely, type Stop } from './subscribe';

/** The conventions' boundaries for seconds, and beyond: a warehouse that starts takes minutes. */
const DURATION_BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300];
const ROW_BOUNDARIES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000];

/** Metrics of this process's statements, and of the library itself. */
export class StatementMetrics {
  private readonly duration: Histogram;
  private readonly rows: Histogram | undefined;
  private readonly statements: Counter;
  private readonly retries: Counter;
  private readonly cloudFetchBytes: Counter;

  constructor(
    private readonly meter: Meter,
    areRowsWanted: boolean,
  ) {
    this.duration = meter.createHistogram(M.duration, {
      description: 'From the call to the end of its consumption.',
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
    });
    if (areRowsWanted) {
      this.rows = meter.createHistogram(M.returnedRows, {
        description: 'Rows that the application was given.',
        unit: '{row}',
        advice: { explicitBucketBoundaries: ROW_BOUNDARIES },
      });
    }
    this.statements = meter.createCounter(M.statements, { description: 'Statements by outcome.', unit: '{statement}' });
    this.retries = meter.createCounter(M.retries, {
      description: 'Requests that the driver repeated, by cause.',
      unit: '{request}',
    });
    this.cloudFetchBytes = meter.createCounter(M.cloudFetchBytes, {
      description: 'Bytes of results that came as CloudFetch files.',
      unit: 'By',
    });
  }

  /** Measures until the returned function is called. */
  start(): Stop {
    const stops = [
      listen('statement', 'asyncEnd', this.ended),
      listen('retry', undefined, this.retried),
      this.observeHealth(),
    ];
    return () => stops.forEach((stop) => stop());
  }

  private readonly ended = (message: StatementMessage): void => {
    const { summary, durationMs = 0 } = message;
    const server = serverAttributes(message);
    const attributes = metricAttributes(message, server);
    this.duration.record(durationMs / 1000, attributes);
    if (summary === undefined) return;
    this.rows?.record(summary.rowCount, attributes);
    const { outcome, statementType, filesPresent, byteCount } = summary;
    const type = statementType === undefined ? {} : { [A.statementType]: statementType };
    this.statements.add(1, { ...server, ...type, [A.outcome]: outcome });
    if (filesPresent !== undefined) this.cloudFetchBytes.add(byteCount, server);
  };

  private readonly retried = (message: RetryMessage): void => {
    const { retryCount, causes } = message;
    for (let index = 0; index < retryCount; index += 1) {
      this.retries.add(1, { ...serverAttributes(message), [A.retryCause]: causes[index] ?? 'OTHER' });
    }
  };

  /** The library's accounts, read when metrics are collected. */
  private observeHealth(): Stop {
    const { meter } = this;
    const counters = (['collected', 'delivered', 'rejected'] as const).map((name) => ({
      name,
      counter: meter.createObservableCounter(M[name], { description: `Records ${name}.`, unit: '{record}' }),
    }));
    const dropped = meter.createObservableCounter(M.dropped, { description: 'Records lost.', unit: '{record}' });
    const pending = meter.createObservableUpDownCounter(M.pending, { description: 'Records kept.', unit: '{record}' });
    const stops = counters.map(({ name, counter }) =>
      observing(counter, (health, result) => result.observe(health[name], receiverOf(health))),
    );
    stops.push(observing(pending, (health, result) => result.observe(health.pending, receiverOf(health))));
    stops.push(
      observing(dropped, (health, result) => {
        for (const [reason, count] of Object.entries(health.dropped)) {
          result.observe(count, { ...receiverOf(health), [A.dropReason]: reason });
        }
      }),
    );
    return () => stops.forEach((stop) => stop());
  }
}

type Observable = ReturnType<Meter['createObservableCounter']>;

function observing(observable: Observable, observe: (health: HealthReport, result: ObservableResult) => void): Stop {
  const callback = (result: ObservableResult): void => {
    const request: HealthRequest = { report: (health) => void safely(() => observe(health, result)) };
    safely(() => channel(CHANNELS.health).publish(request));
  };
  observable.addCallback(callback);
  return () => observable.removeCallback(callback);
}

function receiverOf({ receiver }: HealthReport): Record<string, string> {
  return { [A.receiver]: receiver };
}
