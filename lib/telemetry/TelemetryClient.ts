import type { IClientContext } from '../contracts/IClientContext';
import { CircuitBreakerRegistry } from './CircuitBreaker';
import type { CircuitBreaker, CircuitBreakerState } from './CircuitBreaker';
import { DatabricksTelemetryExporter } from './DatabricksTelemetryExporter';
import { DryRunExporter } from './DryRunExporter';
import { FeatureFlagCache } from './FeatureFlagCache';
import type { FlagState } from './hosts/HostFlag';
import { toHostKey } from '../model/host';
import type { HostKey } from '../model/host';
import { defaultHostRegistry } from './hosts/HostRegistry';
import type { HostRegistry } from './hosts/HostRegistry';
import { MetricsAggregator } from './MetricsAggregator';
import { resolveConfiguration } from '../model/options';
import type { TelemetryConfiguration } from '../model/options';
import { settleWithin } from '../util/withTimeout';
import { spoolOpener } from './spool/openSpool';
import type { LastError } from './http/TransferLog';
import type { ConnectionInfo, RecordOrigin } from './types';
import { unattended } from '../util/unattended';

type AggregatorStats = ReturnType<MetricsAggregator['getStats']>;

/** What became of a host's telemetry: collected = delivered + rejected + dropped + pending. */
export type HostStats = AggregatorStats & {
  readonly host: string;
  readonly breakerState: CircuitBreakerState;
  /** `on` where no flag is asked, because nothing goes to the workspace. */
  readonly flagState: FlagState;
  /** The last request that failed: name, code and status, no text. */
  readonly lastError: LastError | undefined;
  /** Telemetry requests made, and the bytes of their bodies. */
  readonly requests: number;
  readonly bytesSent: number;
  /** Values that were left out of records because they broke the rule of their field. */
  readonly omittedFields: number;
};

export interface FlushOptions {
  /** Longest wait in milliseconds; default `telemetryCloseTimeoutMs`. */
  readonly deadlineMs?: number | undefined;
  /** Only what this connection produced. */
  readonly connection?: ConnectionInfo | undefined;
}

const MODES = { unknown: 'hold', on: 'open', off: 'off' } as const satisfies Record<FlagState, string>;

/** Shortest pause between two looks at the flag. */
const MIN_FLAG_PAUSE_MS = 50;

/** A flag is asked for again up to this share of its time late: processes that started together would ask together. */
const FLAG_SPREAD = 0.05;

/** Time beyond a deadline in which what it aborted comes to its end. */
const GRACE_MS = 150;

/** A timer takes no more: a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What the connections to one host share: aggregator, exporter and feature flag. Collects from the start, sends once the
 * flag says so, and follows the flag for as long as connections are attached. No method rejects.
 */
export class TelemetryClient {
  private readonly host: HostKey;
  private readonly config: TelemetryConfiguration;
  private readonly flags: FeatureFlagCache;
  private readonly exporter: DatabricksTelemetryExporter | DryRunExporter;
  private readonly aggregator: MetricsAggregator;
  private readonly breaker: CircuitBreaker;
  private flagState: FlagState = 'unknown';
  private flagTimer: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly context: IClientContext,
    host: string,
    hosts: HostRegistry = defaultHostRegistry,
  ) {
    this.host = toHostKey(host);
    this.config = resolveConfiguration(context.getConfig());
    this.flags = new FeatureFlagCache(context, hosts);
    const breakers = new CircuitBreakerRegistry(context, hosts);
    this.exporter =
      this.config.dryRun === ''
        ? new DatabricksTelemetryExporter(context, host, breakers)
        : new DryRunExporter(context, host, hosts);
    this.breaker = this.exporter.breaker ?? breakers.get(host);
    this.aggregator = new MetricsAggregator(context, this.exporter, {
      openSpool: spoolOpener(context, this.host, this.config),
    });
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
  async flush(options: FlushOptions = {}): Promise<void> {
    const { deadlineMs = this.config.closeTimeoutMs, connection } = options;
    await within(deadlineMs, async (remainingMs) => {
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
    return {
      ...this.aggregator.getStats(),
      host: this.host,
      breakerState: this.breaker.getState(),
      flagState: this.flagState,
      lastError,
      requests,
      bytesSent,
      omittedFields: omitted,
    };
  }

  private get asksFlag(): boolean {
    return this.config.endpoint === '' && this.config.dryRun === '';
  }

  private async followFlag(): Promise<void> {
    const state = await this.flags.refresh(this.host);
    if (this.closing !== undefined) return;
    this.apply(state);
    clearTimeout(this.flagTimer);
    const dueInMs = this.flags.peek(this.host).dueInMs * (1 + FLAG_SPREAD * Math.random());
    const pauseMs = Math.max(MIN_FLAG_PAUSE_MS, dueInMs);
    this.flagTimer = setTimeout(() => unattended(() => this.followFlag(), this.context), pauseMs).unref();
  }

  private apply(state: FlagState): void {
    this.flagState = state;
    this.aggregator.setMode(MODES[state]);
  }

  private async awaitFlag(timeoutMs: number): Promise<void> {
    if (this.flagState !== 'unknown') return;
    const answer = await settleWithin(this.flags.refresh(this.host), timeoutMs);
    if (answer.kind === 'fulfilled') this.apply(answer.value);
  }

  private async shutDown(): Promise<void> {
    clearTimeout(this.flagTimer);
    await within(this.config.closeTimeoutMs, async (remainingMs) => {
      await this.awaitFlag(remainingMs());
      // Nobody is left to wait for an answer, unless what is on disk waits for the next process to get one.
      if (this.flagState === 'unknown' && this.config.spoolDirectory === '') this.aggregator.setMode('off');
      await settleWithin(this.aggregator.close({ deadlineMs: remainingMs() }), remainingMs() + GRACE_MS);
      await this.exporter.close();
    });
  }
}

/**
 * Runs `work`, which is told how much of `ms` is left. All else here is unref'd: this timer alone keeps the process
 * alive while somebody waits.
 */
async function within(ms: number, work: (remainingMs: () => number) => Promise<void>): Promise<void> {
  const limitMs = ms > 0 ? Math.min(ms, MAX_TIMER_MS - GRACE_MS) : 0;
  const endMs = performance.now() + limitMs;
  const timer = setTimeout(() => undefined, limitMs + GRACE_MS);
  try {
    await work(() => Math.max(0, endMs - performance.now()));
  } finally {
    clearTimeout(timer);
  }
}
