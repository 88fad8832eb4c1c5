import { channel } from 'node:diagnostics_channel';
import type { BatchObservableCallback, Counter, Histogram, Meter, Observable } from '@opentelemetry/api';
import { sumOf, type Account } from '../model/account';
import { CHANNELS, type HealthReport, type HealthRequest } from '../model/messages';
import type { RetryMessage, StatementMessage } from '../model/messages';
import { failureAttributes, knownOnly, serverAttributes, statementAttributes } from './attributes';
import { ATTRIBUTES as A, METRICS as M } from './names';
import { listen, safely, type Stop } from './subscribe';

/** The conventions' boundaries for seconds, and beyond: a warehouse that starts takes minutes. */
const DURATION_BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300];
const ROW_BOUNDARIES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000];

/** Metrics of this process's statements, and of the library itself. */
export class StatementInstruments {
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
      safely(() => this.observeHealth()),
    ];
    return () => stops.forEach((stop) => stop?.());
  }

  private readonly ended = (message: StatementMessage): void => {
    const { summary, error, durationMs = 0 } = message;
    // Of few values each: metrics are told apart by them.
    const attributes = statementAttributes(message);
    if (error !== undefined) Object.assign(attributes, knownOnly(failureAttributes(error)));
    // Of one that was given up it is the time until then.
    if (summary?.outcome !== 'abandoned') this.duration.record(durationMs / 1000, attributes);
    if (summary === undefined) return;
    this.rows?.record(summary.rowCount, attributes);
    const { outcome, statementType, filesPresent, byteCount } = summary;
    const server = serverAttributes(message);
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
    const counterOf = (
      name: 'collected' | 'delivered' | 'rejected' | 'sampled' | 'dropped',
      what: string = name,
    ): Observable => meter.createObservableCounter(M[name], { description: `Records ${what}.`, unit: '{record}' });
    const collected = counterOf('collected');
    const delivered = counterOf('delivered');
    const rejected = counterOf('rejected');
    const dropped = counterOf('dropped');
    const sampled = counterOf('sampled', 'left out by the sample');
    const pending = meter.createObservableUpDownCounter(M.pending, { description: 'Records kept.', unit: '{record}' });
    const observe: BatchObservableCallback = (result) => {
      for (const [receiver, account] of accounts()) {
        const by = { [A.receiver]: receiver };
        result.observe(collected, account.collected, by);
        result.observe(delivered, account.delivered, by);
        result.observe(rejected, account.rejected, by);
        result.observe(sampled, account.sampled, by);
        result.observe(pending, account.pending, by);
        for (const [reason, count] of Object.entries(account.dropped)) {
          result.observe(dropped, count, { ...by, [A.dropReason]: reason });
        }
      }
    };
    const callback: BatchObservableCallback = (result) => void safely(() => observe(result));
    const observables = [collected, delivered, rejected, sampled, dropped, pending];
    meter.addBatchObservableCallback(callback, observables);
    return () => meter.removeBatchObservableCallback(callback, observables);
  }
}

/** By receiver. Where the process has several copies of this library, each reports what went through it. */
function accounts(): ReadonlyMap<string, Account> {
  const sums = new Map<string, Account>();
  const report = ({ receiver, ...account }: HealthReport): void => {
    const before = sums.get(receiver);
    sums.set(receiver, before === undefined ? account : sumOf(before, account));
  };
  channel(CHANNELS.health).publish({ report } satisfies HealthRequest);
  return sums;
}
