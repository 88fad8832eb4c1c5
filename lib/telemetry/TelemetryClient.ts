import type { IClientContext } from '../contracts/IClientContext';
import { toHostKey, type ConnectionInfo, type HostKey, type RecordOrigin } from '../model/connection';
import { resolveOptions, type TelemetryConfiguration } from '../model/options';
import { systemClock, withTimeout, type Clock } from '../util/clock';
import { unattended } from '../util/debugLog';
import type { CircuitBreaker, CircuitBreakerState } from './CircuitBreaker';
import { CircuitBreakerRegistry } from './CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from './DatabricksTelemetryExporter';
import { ExceptionClassifier } from './ExceptionClassifier';
import { FeatureFlagCache, type FlagState, type Product } from './FeatureFlagCache';
import { defaultHostRegistry, type HostRegistry } from './hosts/HostRegistry';
import { toLastError, type LastError } from './http/TransferLog';
import { MetricsAggregator, type AggregatorStats, type PipelineMode } from './MetricsAggregator';
import { spoolOpener } from './spool/openSpool';

/** What became of a host's telemetry: collected = delivered + rejected + dropped + pending. */
export type HostStats = AggregatorStats & {
  readonly host: string;
  readonly breakerState: CircuitBreakerState;
  /** `on` where no flag is asked, because nothing goes to the workspace. */
  readonly flagState: FlagState;
  /** The last request that failed, for the flag or with records: name, code and status, no text. */
  readonly lastError: LastError | undefined;
  /** Telemetry requests made, and the bytes of their bodies. */
  readonly requests: number;
  readonly bytesSent: number;
  /** Values that were left out of records because they broke the rule of their field. */
  readonly omittedFields: number;
};

export interface ClientFlush {
  /** Longest wait in milliseconds; default `telemetryCloseTimeoutMs`. */
  readonly deadlineMs?: number | undefined;
  /** Only what this connection produced. */
  readonly connection?: ConnectionInfo | undefined;
}

function modeOf(state: FlagState, isServersWord: boolean): PipelineMode {
  switch (state) {
    case 'unknown':
      return { kind: 'hold' };
    case 'on':
      return { kind: 'open' };
    case 'off':
      return { kind: 'off', reason: isServersWord ? 'flag_off' : 'flag_unknown' };
  }
}

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
  private readonly asksFlag: boolean;
  private readonly flags: FeatureFlagCache;
  private readonly exporter: DatabricksTelemetryExporter;
  private readonly aggregator: MetricsAggregator;
  private readonly breaker: CircuitBreaker;
  private flagState: FlagState = 'unknown';
  private closing: Promise<void> | undefined;

  constructor(
    private readonly context: IClientContext,
    host: string,
    hosts: HostRegistry = defaultHostRegistry,
    product?: Product,
    private readonly clock: Clock = systemClock,
  ) {
    this.host = toHostKey(host);
    const { configuration, isOff } = resolveOptions(context.getConfig());
    this.config = configuration;
    // Where nothing may leave, neither does the question.
    this.asksFlag = configuration.endpoint === undefined && configuration.dryRun === undefined && !isOff;
    this.flags = new FeatureFlagCache(context, hosts, product, clock);
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
        onModeExpired: () => unattended(() => this.followFlag(), context),
      },
      clock,
    );
    this.apply(this.asksFlag ? 'unknown' : 'on');
  }

  /** Where observations go. */
  getAggregator(): MetricsAggregator {
    return this.aggregator;
  }

  /** A connection that uses this client and that the flag may be asked with. Returns at once. */
  attach(origin: RecordOrigin | undefined): void {
    if (!this.asksFlag) return;
    this.flags.getOrCreateContext(this.host, origin);
    unattended(() => this.followFlag(), this.context);
  }

  /** Takes back one `attach` of `origin`. */
  detach(origin: RecordOrigin | undefined): void {
    if (this.asksFlag) this.flags.releaseContext(this.host, origin);
  }

  /** Sends what is pending. Waits for the flag and the requests, both within the deadline. */
  async flush({ deadlineMs = this.config.closeTimeoutMs, connection }: ClientFlush = {}): Promise<void> {
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

  getStats(): HostStats {
    const { requests, bytesSent, omitted, lastError } = this.exporter.transfers;
    const flagFailure = this.flags.peek(this.host).lastFailure;
    return {
      ...this.aggregator.getStats(),
      host: this.host,
      breakerState: this.breaker.getState(),
      flagState: this.flagState,
      lastError: lastError ?? (flagFailure === undefined ? undefined : toLastError(flagFailure)),
      requests,
      bytesSent,
      omittedFields: omitted,
    };
  }

  private async followFlag(): Promise<void> {
    if (this.closing !== undefined) return;
    const state = await this.flags.refresh(this.host);
    // `close()` may have been called meanwhile.
    if (this.closing === undefined) this.apply(state);
  }

  /** The flag is looked at again when its time is over: by the pipeline, at the next sign of life. */
  private apply(state: FlagState): void {
    this.flagState = state;
    const { dueInMs, isServersWord } = this.flags.peek(this.host);
    const mode = modeOf(state, isServersWord);
    if (!this.asksFlag) return this.aggregator.setMode(mode);
    const standsForMs = Math.max(MIN_FLAG_PAUSE_MS, dueInMs * (1 + FLAG_SPREAD * this.clock.random()));
    // While the first answer is under way, nothing is to be looked at.
    this.aggregator.setMode(mode, dueInMs === 0 && state === 'unknown' ? Infinity : standsForMs);
    return undefined;
  }

  private async awaitFlag(timeoutMs: number): Promise<void> {
    if (this.flagState !== 'unknown') return;
    const answer = await withTimeout(this.clock, this.flags.refresh(this.host), timeoutMs);
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
  }

  /**
   * Runs `work`, which is told how much of `ms` is left. All else here is unref'd: this timer alone keeps the process
   * alive while somebody waits.
   */
  private async within(ms: number, work: (remainingMs: () => number) => Promise<void>): Promise<void> {
    const { clock } = this;
    const limitMs = ms > 0 ? Math.min(ms, MAX_DEADLINE_MS) : 0;
    const endMs = clock.now() + limitMs;
    const timer = clock.setTimeout(() => undefined, limitMs + GRACE_MS, true);
    try {
      await work(() => Math.max(0, endMs - clock.now()));
    } finally {
      clock.clearTimeout(timer);
    }
  }
}
