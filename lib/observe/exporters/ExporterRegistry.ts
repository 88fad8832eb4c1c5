import type { IClientContext } from '../../contracts/IClientContext';
import type { ITelemetryExporter } from '../../contracts/ITelemetryExporter';
import type { Receiver } from '../../contracts/Receiver';
import type { ConnectionInfo, EffectiveOption } from '../../model/connection';
import { resolveConfiguration } from '../../model/options';
import { MetricsAggregator, type AggregatorStats } from '../../telemetry/MetricsAggregator';
import type { Slot } from '../../telemetry/hosts/HostRegistry';
import { ACCOUNTS_SLOT, type AccountBook } from '../../telemetry/pipeline/AccountBook';
import { withTimeout, type Clock } from '../../util/clock';
import { ApplicationExporter, type ExporterError } from './ApplicationExporter';
import { fieldsOf, titleOf, type NamedExporter } from './exporterOptions';
import { RecordReceiver } from './RecordReceiver';

/** What became of what one exporter of the application's was to get, from all connections that use it. */
export type ExporterStats = AggregatorStats & {
  readonly name: string;
  /** Who named it for this connection; of several, the first. */
  readonly setBy: EffectiveOption['setBy'];
  /** What it failed with last; no text. */
  readonly lastError: ExporterError | undefined;
};

/** A connection's share in the pipeline of an exporter. */
export interface ExporterLease {
  readonly receiver: Receiver;
  /** Sends what `connection` produced. Never rejects; returns at the deadline. */
  flush(deadlineMs: number, connection: ConnectionInfo): Promise<void>;
  getStats(): ExporterStats;
  /**
   * Gives the share back: the last one ends the pipeline and closes the exporter, any other flushes what `connection`
   * produced. Never rejects; returns at the deadline.
   */
  release(deadlineMs: number, connection: ConnectionInfo): Promise<void>;
}

/** The pipeline of one exporter and how many connections use it. */
interface SharedExporter {
  readonly aggregator: MetricsAggregator;
  readonly exporter: ApplicationExporter;
  /** Its own among those that run. */
  readonly title: string;
  readonly closeAccount: () => void;
  leases: number;
}

/** Time beyond a deadline in which what it aborted comes to its end. */
const GRACE_MS = 150;

/**
 * The running pipelines of the application's exporters. Connections that use one exporter share its queue, so that it is
 * called once at a time; the first of them decides the options.
 */
export class ExporterRegistry {
  private readonly running = new WeakMap<ITelemetryExporter, SharedExporter>();
  /** Of those that run. */
  private readonly titles = new Set<string>();

  constructor(private readonly accounts: AccountBook) {}

  acquire(context: IClientContext, { exporter, setBy }: NamedExporter, clock: Clock): ExporterLease {
    const shared = this.running.get(exporter) ?? this.start(context, exporter, this.freeTitle(exporter), clock);
    this.running.set(exporter, shared);
    this.titles.add(shared.title);
    shared.leases += 1;
    const { aggregator, title: name } = shared;
    const leave = async (deadlineMs: number, connection: ConnectionInfo): Promise<void> => {
      shared.leases -= 1;
      aggregator.abandon(connection);
      if (shared.leases > 0) return aggregator.flush({ deadlineMs, connection });
      // No await between the count and the removal: whoever comes next must not get a pipeline that closes.
      this.running.delete(exporter);
      this.titles.delete(name);
      const endMs = clock.now() + deadlineMs;
      await aggregator.close({ deadlineMs });
      shared.closeAccount();
      const closed = shared.exporter.close();
      const end = await withTimeout(clock, closed, Math.max(endMs - clock.now(), 0) + GRACE_MS);
      if (end.kind === 'rejected') shared.exporter.noteFailure(end.reason);
      return undefined;
    };
    return {
      receiver: new RecordReceiver(aggregator, clock),
      flush: (deadlineMs, connection) => aggregator.flush({ deadlineMs, connection }),
      getStats: () => ({ name, setBy, ...aggregator.getStats(), lastError: shared.exporter.lastError }),
      release: leave,
    };
  }

  /** The exporter's title, with a number where another one of that title runs. */
  private freeTitle(exporter: ITelemetryExporter): string {
    const title = titleOf(exporter);
    let free = title;
    for (let number = 2; this.titles.has(free); number += 1) free = `${title} ${number}`;
    return free;
  }

  private start(context: IClientContext, exporter: ITelemetryExporter, title: string, clock: Clock): SharedExporter {
    const config = resolveConfiguration(context.getConfig());
    const adapter = new ApplicationExporter(exporter, title, fieldsOf(exporter), config, context, clock);
    // The log level is about what is sent to Databricks.
    const aggregator = new MetricsAggregator(
      context,
      adapter,
      {
        logLevel: 'TRACE',
        sampleRate: exporter.sampleRate ?? 1,
        onShared: (record, share) => adapter.noteShare(record, share),
      },
      clock,
    );
    const closeAccount = this.accounts.open(title, () => aggregator.getStats());
    return { aggregator, exporter: adapter, title, closeAccount, leases: 0 };
  }
}

export const EXPORTERS_SLOT: Slot<ExporterRegistry> = {
  create: (slots) => new ExporterRegistry(slots.get(ACCOUNTS_SLOT)),
};
