import type { IClientContext } from '../contracts/IClientContext';
import { toHostKey, type RecordOrigin } from '../model/connection';
import type { OnPreview } from '../model/optionRow';
import { resolveConfiguration, type TelemetryConfiguration } from '../model/options';
import { systemClock, type Clock } from '../util/clock';
import type { Product } from './FeatureFlagCache';
import { defaultHostRegistry, type HostRegistry, type Slot } from './hosts/HostRegistry';
import type { FlushRequest } from './MetricsAggregator';
import { TelemetryClient } from './TelemetryClient';

/** A share in the client of a host. */
export interface TelemetryLease {
  readonly client: TelemetryClient;
  /**
   * Gives the share back, once: the last one closes the client, any other flushes what `connection` produced (all, when
   * not given). Bounded by `telemetryCloseTimeoutMs`; never rejects; a second call waits for the first.
   */
  release(options?: FlushRequest): Promise<void>;
}

/** A running client and how many leases keep it alive. */
interface SharedClient {
  readonly client: TelemetryClient;
  leases: number;
}

/** Where a host's telemetry goes: undefined is the host's own endpoint. */
type ReceiverKey = string | OnPreview | undefined;

const CLIENTS_SLOT: Slot<Map<ReceiverKey, SharedClient>> = { create: () => new Map() };

/**
 * The shared telemetry client of each host, alive until every lease on it is released. The connection that starts a
 * host's client decides its options; connections with another `telemetryEndpoint`, a token or
 * service of their own there, or another `telemetryDryRun` have a client of their own.
 */
export class TelemetryClientProvider {
  private readonly leases = new Map<string, TelemetryLease[]>();

  constructor(
    private readonly context: IClientContext,
    private readonly hosts: HostRegistry = defaultHostRegistry,
    private readonly product?: Product,
    private readonly clock: Clock = systemClock,
  ) {}

  /** A lease on the running client of `host`, which is started when there is none. Returns at once. */
  acquire(host: string, origin?: RecordOrigin): TelemetryLease {
    const state = this.hosts.get(toHostKey(host));
    const running = state.get(CLIENTS_SLOT);
    const service = origin?.sender?.service;
    const receiver = receiverOf(resolveConfiguration(this.context.getConfig()), service);
    const shared: SharedClient = running.get(receiver) ?? {
      client: new TelemetryClient(this.context, host, this.hosts, this.product, this.clock, service),
      leases: 0,
    };
    running.set(receiver, shared);
    shared.leases += 1;
    state.users += 1;
    shared.client.attach(origin);

    const giveBack = async (options?: FlushRequest): Promise<void> => {
      shared.leases -= 1;
      if (options?.connection !== undefined) shared.client.getAggregator().abandon(options.connection);
      // No await between the count and the removal: whoever comes next must not get a client that closes.
      if (shared.leases === 0) running.delete(receiver);
      await (shared.leases === 0 ? shared.client.close() : shared.client.flush(options));
      shared.client.detach(origin);
      state.users -= 1;
    };
    let released: Promise<void> | undefined;
    return { client: shared.client, release: (options) => (released ??= giveBack(options)) };
  }

  /** `acquire` for those who release by the host's name. */
  getOrCreateClient(host: string, origin?: RecordOrigin): TelemetryClient {
    const key = toHostKey(host);
    const lease = this.acquire(key, origin);
    this.leases.set(key, [...(this.leases.get(key) ?? []), lease]);
    return lease.client;
  }

  /** Gives back one `getOrCreateClient` of `host`; without one nothing happens. */
  async releaseClient(host: string): Promise<void> {
    const key = toHostKey(host);
    const [lease, ...others] = this.leases.get(key) ?? [];
    if (others.length > 0) this.leases.set(key, others);
    else this.leases.delete(key);
    await lease?.release();
  }
}

/** What tells the receivers of one host's telemetry apart. A collector may say something else to each service. */
function receiverOf(
  { endpoint, endpointToken, dryRun }: TelemetryConfiguration,
  service: string | undefined,
): ReceiverKey {
  if (typeof dryRun === 'string') return `file ${dryRun}`;
  if (dryRun !== undefined || endpoint === undefined) return dryRun;
  return JSON.stringify([endpoint, endpointToken, service]);
}
