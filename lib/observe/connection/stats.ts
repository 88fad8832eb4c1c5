import type { OptionProblem } from '../../model/options';
import { CircuitBreakerState } from '../../telemetry/CircuitBreaker';
import { Ledger } from '../../telemetry/pipeline/Ledger';
import type { ExporterStats } from '../exporters/ExporterRegistry';
import type { HostStats } from '../../telemetry/TelemetryClient';

/**
 * The names that the driver's own statistics have for some of ours, for code that reads those. They are not enumerable:
 * statistics that are printed, copied or serialised have each figure once, under our name.
 */
interface DriverStats {
  /** `pending`. */
  readonly pendingMetricsCount: number;
  /** Sum of `dropped`. */
  readonly droppedMetrics: number;
  /** `abandonedStatements`. */
  readonly evictedStatements: number;
  /** `breakerState`. */
  readonly circuitBreakerState: string;
}

/** What became of a host's telemetry so far: collected = delivered + rejected + dropped + sampled + pending. */
export type TelemetryStats = HostStats &
  DriverStats & {
    /** The application's exporters, each with an account of its own. */
    readonly exporters: readonly ExporterStats[];
    /** Options with a value that they cannot have, and what was done about it. */
    readonly problems: readonly OptionProblem<string>[];
  };

/** The host's statistics, with those of the application's exporters and what is wrong with options. */
export function toTelemetryStats(
  stats: HostStats | undefined,
  problems: readonly OptionProblem<string>[],
  exporters: readonly ExporterStats[] = [],
): TelemetryStats | undefined {
  if (stats === undefined) return undefined;
  const ofDriver: DriverStats = {
    pendingMetricsCount: stats.pending,
    droppedMetrics: Object.values(stats.dropped).reduce((sum, count) => sum + count, 0),
    evictedStatements: stats.abandonedStatements,
    circuitBreakerState: stats.breakerState,
  };
  const all: TelemetryStats = { ...stats, ...ofDriver, exporters, problems };
  for (const name of Object.keys(ofDriver)) Object.defineProperty(all, name, { enumerable: false });
  return all;
}

/** Of a host of which nothing is collected, because an option has a value that it cannot have. */
export function closedHostStats(host: string): HostStats {
  const { collected, delivered, rejected, drops: dropped, sampled } = new Ledger();
  return {
    host,
    collected,
    delivered,
    rejected,
    dropped,
    sampled,
    pending: 0,
    inFlightStatements: 0,
    abandonedStatements: 0,
    breakerState: CircuitBreakerState.CLOSED,
    flagState: 'unknown',
    lastError: undefined,
    requests: 0,
    bytesSent: 0,
    omittedFields: 0,
  };
}
