import type { OptionProblem } from '../../model/options';
import { CircuitBreakerState } from '../../telemetry/CircuitBreaker';
import { Ledger } from '../../telemetry/pipeline/Ledger';
import type { ExporterStats } from '../exporters/ExporterRegistry';
import type { HostStats } from '../../telemetry/TelemetryClient';

/**
 * What became of a host's telemetry so far: collected = delivered + rejected + dropped + sampled + pending. The first six fields
 * are those of the driver's own statistics.
 */
export type TelemetryStats = HostStats & {
  readonly host: string;
  readonly pendingMetricsCount: number;
  readonly inFlightStatements: number;
  /** Sum of all drop reasons. */
  readonly droppedMetrics: number;
  /** Statements given up as abandoned. */
  readonly evictedStatements: number;
  readonly circuitBreakerState: string;
  /** The application's exporters, each with an account of its own. */
  readonly exporters: readonly ExporterStats[];
  /** Options with a value that they cannot have, and what was done about it. */
  readonly problems: readonly OptionProblem<string>[];
};

/** The host's statistics with the driver's names beside ours. */
export function toTelemetryStats(
  stats: HostStats | undefined,
  problems: readonly OptionProblem<string>[],
  exporters: readonly ExporterStats[] = [],
): TelemetryStats | undefined {
  if (stats === undefined) return undefined;
  const droppedMetrics = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  return {
    ...stats,
    pendingMetricsCount: stats.pending,
    droppedMetrics,
    evictedStatements: stats.abandonedStatements,
    circuitBreakerState: stats.breakerState,
    exporters,
    problems,
  };
}

/** Of a host of which nothing is collected, because an option has a value that it cannot have. */
export function closedHostStats(host: string): HostStats {
  const { collected, delivered, rejected, drops: dropped, sampled } = new Ledger();
  return {
    host,
    ...{ collected, delivered, rejected, dropped, sampled },
    ...{ pending: 0, inFlightStatements: 0, abandonedStatements: 0 },
    breakerState: CircuitBreakerState.CLOSED,
    flagState: 'unknown',
    lastError: undefined,
    ...{ requests: 0, bytesSent: 0, omittedFields: 0 },
  };
}
