import { CHANNELS, type HealthReport, type HealthRequest } from '../../model/messages';
import { guardedChannel } from './guardedChannel';

type Account = Omit<HealthReport, 'receiver'>;

/** Whoever keeps accounts of records. */
export interface HealthSource {
  getTelemetryStats():
    | (Account & { readonly host: string; readonly exporters: ReadonlyArray<Account & { readonly name: string }> })
    | undefined;
}

const answering = new WeakSet<HealthSource>();

/** Has `source` answer whoever asks on `databricks-sql:health`, for as long as somebody else holds it. Idempotent. */
export function answerHealth(source: HealthSource): void {
  if (answering.has(source)) return;
  answering.add(source);
  const { channel } = guardedChannel(CHANNELS.health);
  const reference = new WeakRef(source);
  const answer = (message: unknown): void => {
    const held = reference.deref();
    if (held === undefined) return void channel.unsubscribe(answer);
    const stats = held.getTelemetryStats();
    if (stats === undefined) return;
    const request = message as HealthRequest;
    const { host, exporters } = stats;
    if (stats.collected > 0 || exporters.length === 0) request.report(reportOf(host, stats));
    for (const exporter of exporters) request.report(reportOf(exporter.name, exporter));
  };
  channel.subscribe(answer);
}

function reportOf(
  receiver: string,
  { collected, delivered, rejected, dropped, sampled, pending }: Account,
): HealthReport {
  return { receiver, collected, delivered, rejected, dropped, sampled, pending };
}
