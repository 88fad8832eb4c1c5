import type { TelemetryConfiguration } from '../../model/options';
import type { TelemetryRecord } from '../../model/records';
import type { Slot, HostState } from './HostRegistry';

/** A configuration is described again after this time: its first description may be lost or expired. */
const STANDS_FOR_MS = 3_600_000;
const MAX_CONFIGURATIONS = 1000;

/** When each connection configuration of a host was last described to a receiver. Outlives the clients. */
class DescribedConnections {
  private readonly describedAtMs = new Map<string, number>();

  /** Whether the configuration is to be described now; from then on it is. */
  take(key: string, nowMs: number): boolean {
    const atMs = this.describedAtMs.get(key);
    if (atMs !== undefined && nowMs < atMs + STANDS_FOR_MS) return false;
    this.describedAtMs.delete(key);
    this.describedAtMs.set(key, nowMs);
    for (const oldest of this.describedAtMs.keys()) {
      if (this.describedAtMs.size <= MAX_CONFIGURATIONS) break;
      this.describedAtMs.delete(oldest);
    }
    return true;
  }
}

const DESCRIBED_SLOT: Slot<DescribedConnections> = { create: () => new DescribedConnections() };

/**
 * Which session records are sent where one is enough for each connection configuration (`telemetrySessionRecords`): the
 * first opening of it, and another one every hour; no closing.
 */
export function describesOnce(
  host: HostState,
  { endpoint = '' }: TelemetryConfiguration,
): (record: TelemetryRecord, nowMs: number) => boolean {
  const described = host.get(DESCRIBED_SLOT);
  return (record, nowMs) => {
    if (record.kind !== 'connection') return true;
    if (record.operation !== 'CREATE_SESSION') return false;
    const { driverConfig, workspaceId, origin } = record.connection ?? {};
    return described.take(JSON.stringify([endpoint, workspaceId, origin?.userAgent, driverConfig]), nowMs);
  };
}
