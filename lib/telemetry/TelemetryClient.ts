import type { IClientContext } from '../contracts/IClientContext';
import type { Account } from '../model/account';
import { toHostKey, type HostKey, type RecordOrigin } from '../model/connection';
import { destinationOf, type HostDiagnosis } from '../model/diagnosis';
import { isBase } from '../model/endpoint';
import type { RequestFailure } from '../model/errorFacts';
import { resolveOptions, type TelemetryConfiguration } from '../model/options';
import { keptAlive, systemClock, withTimeout, type Clock } from '../util/clock';
import { unattended } from '../util/unattended';
import { type CircuitBreaker, CircuitBreakerState } from './CircuitBreaker';
import { CircuitBreakerRegistry } from './CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from './DatabricksTelemetryExporter';
import { ExceptionClassifier } from './ExceptionClassifier';
import { FeatureFlagCache, flagPath, UNNAMED, type FlagState, type Product } from './FeatureFlagCache';
import { CollectorConfiguration } from './hosts/CollectorConfiguration';
import { describesOnce } from './hosts/DescribedConnections';
import { defaultHostRegistry, type HostRegistry } from './hosts/HostRegistry';
import { GRANTED, modeOf, permissionByFlag, type Permission } from './hosts/Permission';
import { customDestination } from './http/destination';
import { contextOrigin, tokenHeaders } from './http/requestHeaders';
import { laterFailure, toQuestionFailure } from './http/TransferLog';
import { flushRequest, MetricsAggregator, type AggregatorStats, type FlushRequest } from './MetricsAggregator';
import { ACCOUNTS_SLOT } from './pipeline/AccountBook';
import { spoolOpener } from './spool/openSpool';

/** What became of a host's telemetry: collected = delivered + rejected + dropped + sampled + pending. */
export type HostStats = AggregatorStats & {
  readonly host: string;
  readonly breakerState: CircuitBreakerState;
  /** `on` where no flag is asked, because nothing goes to the workspace. */
  readonly flagState: FlagState;
  /** The last request that failed, for the flag or with records: name, code and status, no text. */
  readonly lastError: RequestFailure | undefined;
  /** Telemetry requests made, and the bytes of their bodies. */
  readonly requests: number;
  readonly bytesSent: number;
  /** Values that were left out of records because they broke the rule of their field. */
  readonly omittedFields: number;
};

/** Shortest pause between two looks at the flag. */
const MIN_FLAG_PAUSE_MS = 50;

/** A flag is asked for again up to this share of its time late: processes that started together would ask together. */
const FLAG_SPREAD = 0.05;

/** Time beyond a deadline in which what it aborted comes to its end. */
const GRACE_MS = 150;

/** A longer deadline is none. */
const MAX_DEADLINE_MS = 2 ** 30;

/**
 * What the connections to one host share: aggregator, exporter and feature flag. Collects from the start, sends once the
 * flag says so, and asks for the flag again when its time is over and something happens. No method rejects.
 */
export class TelemetryClient {
  private readonly host: HostKey;
  private readonly config: TelemetryConfiguration;
  private readonly permission: Permission;
  private readonly exporter: DatabricksTelemetryExporter;
  private readonly aggregator: MetricsAggregator;
  private readonly breaker: CircuitBreaker;
  private flagState: FlagState = 'unknown';
  private readonly closeAccount: () => void;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly context: IClientContext,
    host: string,
    hosts: HostRegistry = defaultHostRegistry,
    product?: Product,
    private readonly clock: Clock = systemClock,
    service?: string,
  ) {
    this.host = toHostKey(host);
    const { configuration, isOff } = resolveOptions(context.getConfig());
    this.config = configuration;
    // Where nothing may leave, neither does the question.
    this.permission =
      isOff || configuration.dryRun !== undefined ? GRANTED : this.permissionOf(configuration, service, hosts, product);
    const breakers = new CircuitBreakerRegistry(context, hosts, clock);
    this.exporter = new DatabricksTelemetryExporter(context, host, breakers, product?.userAgent, clock);
    this.breaker = this.exporter.breaker ?? breakers.get(host);
    this.aggregator = new MetricsAggregator(
      context,
      this.exporter,
      {
        openSpool: spoolOpener(
          context,
          this.host,
          this.config,
          product?.userAgent ?? '',
          (thrown) => ExceptionClassifier.isRetryable(thrown),
          clock,
        ),
        onShared: (record, share) => (record.sampleRate = share),
        describes: this.config.sessionRecords === 'once' ? describesOnce(hosts.get(this.host), this.config) : undefined,
        onModeExpired: () => unattended(() => this.followFlag(), context),
      },
      clock,
    );
    this.closeAccount = hosts.common.get(ACCOUNTS_SLOT).open(this.host, () => this.aggregator.getStats());
    this.apply(this.permission === GRANTED ? 'on' : 'unknown');
  }

  /** Where observations go. */
  getAggregator(): MetricsAggregator {
    return this.aggregator;
  }

  /** A connection that uses this client and that the flag may be asked with. Returns at once. */
  attach(origin: RecordOrigin | undefined): void {
    if (this.permission === GRANTED) return;
    this.permission.attach(origin);
    unattended(() => this.followFlag(), this.context);
  }

  /** Takes back one `attach` of `origin`. */
  detach(origin: RecordOrigin | undefined): void {
    this.permission.detach(origin);
  }

  /** Sends what is pending. Waits for the flag and the requests, both within the deadline. */
  async flush(request: FlushRequest = {}): Promise<void> {
    const { deadlineMs = this.config.closeTimeoutMs, connection } = flushRequest(request);
    await this.within(deadlineMs, async (remainingMs) => {
      await this.awaitFlag(remainingMs());
      await this.aggregator.flush({ deadlineMs: remainingMs(), connection });
    });
  }

  /** Sends what is pending within `telemetryCloseTimeoutMs`, then aborts. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  /** What became of this host's telemetry so far. */
  getStats(): HostStats {
    const { requests, bytesSent, omitted } = this.exporter.transfers;
    return {
      ...this.aggregator.getStats(),
      host: this.host,
      breakerState: this.breaker.getState(),
      flagState: this.flagState,
      lastError: laterFailure(this.exporter.transfers, this.permission.peek()),
      requests,
      bytesSent,
      omittedFields: omitted,
    };
  }

  /** Why records leave or do not. */
  diagnose(): HostDiagnosis {
    const { dueInMs, isServersWord, lastFailure } = this.permission.peek();
    const { isFailing, lastError } = this.exporter.transfers;
    return {
      destination: destinationOf(this.config, this.host),
      flag: { state: this.flagState, isServersWord, dueInMs, failure: lastFailure && toQuestionFailure(lastFailure) },
      isBreakerOpen: this.breaker.getState() === CircuitBreakerState.OPEN,
      nextAttemptInMs: this.breaker.retryAfterMs(),
      exportFailure: isFailing ? lastError : undefined,
    };
  }

  /** The workspace is asked for its flag; a collector of one's own, when the application names it without a path. */
  private permissionOf(
    { endpoint, endpointToken, featureFlagTimeoutMs: timeoutMs }: TelemetryConfiguration,
    service: string | undefined,
    hosts: HostRegistry,
    product: Product = UNNAMED,
  ): Permission {
    const { context, host, clock } = this;
    if (endpoint === undefined) return permissionByFlag(new FeatureFlagCache(context, hosts, product, clock), host);
    const destination = customDestination(endpoint);
    if (destination === undefined || !isBase(endpoint)) return GRANTED;
    const own = contextOrigin(context, host, product.userAgent);
    const account = (): Account => this.aggregator.getStats();
    const question = { destination, host, service, own, timeoutMs, account };
    const request = { path: flagPath(product.driverVersion), headers: tokenHeaders(endpointToken) };
    return new CollectorConfiguration(context, { ...question, ...request }, hosts, clock);
  }

  private async followFlag(): Promise<void> {
    if (this.closing !== undefined) return;
    const state = await this.permission.refresh();
    // `close()` may have been called meanwhile.
    if (this.closing === undefined) this.apply(state);
  }

  /** The flag is looked at again when its time is over: by the pipeline, at the next sign of life. */
  private apply(state: FlagState): void {
    this.flagState = state;
    const known = this.permission.peek();
    const { dueInMs, wishes } = known;
    this.exporter.readsLocal = wishes.readsLocal;
    const mode = modeOf({ ...known, state });
    const standsForMs = Math.max(MIN_FLAG_PAUSE_MS, dueInMs * (1 + FLAG_SPREAD * this.clock.random()));
    // While the first answer is under way, nothing is to be looked at.
    this.aggregator.setMode(mode, dueInMs === 0 && state === 'unknown' ? Infinity : standsForMs);
  }

  private async awaitFlag(timeoutMs: number): Promise<void> {
    if (this.flagState !== 'unknown') return;
    const answer = await withTimeout(this.clock, this.permission.refresh(), timeoutMs);
    if (answer.kind === 'fulfilled') this.apply(answer.value);
  }

  private async shutDown(): Promise<void> {
    await this.within(this.config.closeTimeoutMs, async (remainingMs) => {
      await this.awaitFlag(remainingMs());
      // Nobody is left to wait for an answer, unless what is on disk waits for the next process to get one.
      if (this.flagState === 'unknown' && this.config.spoolDirectory === '') {
        this.aggregator.setMode({ kind: 'off', reason: 'flag_unknown' });
      }
      const closed = this.aggregator.close({ deadlineMs: remainingMs() });
      await withTimeout(this.clock, closed, remainingMs() + GRACE_MS);
      await this.exporter.close();
    });
    this.closeAccount();
  }

  /** Runs `work`, which is told how much of `ms` is left, and keeps the process alive while somebody waits for it. */
  private async within(ms: number, work: (remainingMs: () => number) => Promise<void>): Promise<void> {
    const { clock } = this;
    const limitMs = ms > 0 ? Math.min(ms, MAX_DEADLINE_MS) : 0;
    const endMs = clock.now() + limitMs;
    await keptAlive(limitMs, [work(() => Math.max(0, endMs - clock.now()))]);
  }
}
